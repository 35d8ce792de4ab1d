import { rmSync } from 'node:fs';
import { type FailureFile, refuseFolder, saveFailure } from './failure-file.js';
import { UsageError } from './usage-error.js';

/**
 * Where a command saves what fails: as it is found, so that it is there whatever happens afterwards, and again when it has
 * been made small and explained. A file that cannot be written does not end the work: `complaint` says why.
 */
export class FailureFolder {
  /** Of the files of this command, by signature. */
  private readonly paths = new Map<string, string>();
  private refusal: string | undefined;

  /** Throws UsageError when nothing could be saved there, as far as that can be told without making the folder. */
  constructor(private readonly folder: string) {
    refuseFolder(folder);
  }

  /** Why something is not saved, in one line. */
  get complaint(): string | undefined {
    return this.refusal;
  }

  /** The failure's file, in the place of an earlier one of the same signature; undefined when it could not be written. */
  save(file: FailureFile): string | undefined {
    const before = this.paths.get(file.signature);
    let path: string;
    try {
      path = saveFailure(this.folder, file);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      this.refusal ??= error.message;
      // What was saved when it was found brings it back too.
      return before;
    }
    if (before !== undefined && before !== path) rmSync(before, { force: true });
    this.paths.set(file.signature, path);
    return path;
  }

  /** Takes away what was saved on the way and is none of the results: it was found beyond the schedule that ends them. */
  keepOnly(signatures: Iterable<string>): void {
    const kept = new Set(signatures);
    for (const [signature, path] of this.paths)
      if (!kept.has(signature)) {
        rmSync(path, { force: true });
        this.paths.delete(signature);
      }
  }
}
