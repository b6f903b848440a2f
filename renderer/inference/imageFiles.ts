import type { ImageEntry } from '#core/ipc/schemas.ts';
import { ProblemError } from '#core/problem.ts';
import type { JobImage } from './protocol.ts';

/** Files that are held for the jobs to come; what they hold is read again where it is needed again. */
const HELD = 6;

/** Fetches image files and knows them by their content: the same file in another folder is the same image. */
export class ImageFiles {
  private readonly held = new Map<string, Promise<JobImage>>();

  constructor(private readonly load: (url: string) => Promise<Response> = (url) => fetch(url)) {}

  /** Forgets what addresses stood for: files may have changed since. */
  clear(): void {
    this.held.clear();
  }

  /** Throws ProblemError `image.unreadable`. */
  read(image: Pick<ImageEntry, 'url' | 'name'>): Promise<JobImage> {
    const { url } = image;
    const known = this.held.get(url);
    this.held.delete(url);
    const reading = known ?? this.fetch(image);
    this.held.set(url, reading);
    for (const oldest of this.held.keys()) {
      if (this.held.size <= HELD) break;
      this.held.delete(oldest);
    }
    reading.catch(() => this.held.delete(url));
    return reading;
  }

  private async fetch({ url, name }: Pick<ImageEntry, 'url' | 'name'>): Promise<JobImage> {
    const response = await this.load(url);
    if (!response.ok) {
      throw new ProblemError({
        code: 'image.unreadable',
        title: 'the file cannot be read any more',
        subject: name,
        detail: await response.text(),
        hint: 'Open the folder again',
      });
    }
    const file = await response.blob();
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
    const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return { name, sha256, file };
  }
}
