import { expect, it } from 'vitest';
import { checkIntegrity } from './fallbackElectron.ts';

it('refuses bytes that are not the pinned ones', () => {
  const bytes = new TextEncoder().encode('abc');
  const integrity =
    'sha512-3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw==';
  expect(() => checkIntegrity(bytes, integrity, 'package')).not.toThrow();
  expect(() => checkIntegrity(new TextEncoder().encode('abd'), integrity, 'package')).toThrow(
    /^package: its integrity is sha512-.*, not sha512-3a81/,
  );
});
