import { pageOf, pictureOf } from '../app/bench/bench-pictures.js';
import type { BenchResult } from '../app/bench/result.js';
import { FileOut, type FilePurpose } from '../app/file-out.js';

/** Where pictures of a bench go. */
export interface PictureFiles {
  readonly html?: string;
  readonly svg?: string;
}

type Drawing = (result: BenchResult, command: string) => Promise<string | undefined>;

/** The files with pictures that a bench is asked for. */
export class BenchPictures {
  private readonly files: readonly (readonly [FileOut, Drawing])[];

  /** Throws UsageError when a file could not be written. */
  constructor({ html, svg }: PictureFiles) {
    this.files = [
      ...this.file(html, { option: '--html', content: 'the page' }, pageOf),
      ...this.file(svg, { option: '--svg', content: 'the picture' }, pictureOf),
    ];
  }

  get areAskedFor(): boolean {
    return this.files.length > 0;
  }

  /**
   * What is in the way, a line each.
   * @param command as one would type it again
   */
  async save(result: BenchResult, command: string): Promise<string[]> {
    const complaints = [];
    for (const [file, draw] of this.files) {
      const drawing = await draw(result, command);
      complaints.push(drawing === undefined ? file.unsaved('there are no figures for it') : file.save(drawing));
    }
    return complaints.filter((complaint) => complaint !== undefined);
  }

  private file(path: string | undefined, purpose: FilePurpose, draw: Drawing): (readonly [FileOut, Drawing])[] {
    return path === undefined ? [] : [[new FileOut(path, purpose), draw]];
  }
}
