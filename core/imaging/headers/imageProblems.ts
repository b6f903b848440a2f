import { ProblemError } from '../../problem.ts';

const COPY_AGAIN = 'Copy or download it again from its source';

export function truncatedImage(subject: string, format: string, fileBytes: number): ProblemError {
  return new ProblemError({
    code: 'image.truncated',
    title: `truncated ${format}: the file ends after ${fileBytes} bytes, before its picture does`,
    subject,
    hint: COPY_AGAIN,
  });
}

export function corruptImage(
  subject: string,
  format: string,
  what: string,
  options?: ErrorOptions,
): ProblemError {
  return new ProblemError(
    { code: 'image.corrupt', title: `damaged ${format}: ${what}`, subject, hint: COPY_AGAIN },
    options,
  );
}

export function unsupportedImage(subject: string, what: string): ProblemError {
  return new ProblemError({
    code: 'image.unsupported',
    title: `${what} is not read`,
    subject,
    hint: 'Save it as an ordinary 8-bit PNG or JPEG',
  });
}

/** The part of the file that was given does not hold the size. */
export function headerTooLong(subject: string, format: string, readBytes: number): ProblemError {
  return new ProblemError({
    code: 'image.headerTooLong',
    title: `${format} with more than ${readBytes} bytes before its size`,
    subject,
    hint: 'Save it again without its metadata',
  });
}
