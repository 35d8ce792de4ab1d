import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError } from './usage-error.js';

const HOW_TO_MEND = 'give --disk-out a file that can be written';
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'there is no such folder',
  EACCES: 'permission denied',
  EROFS: 'nothing can be written there',
};
/** Less what the user's umask takes away. */
const MODE_OF_NEW = 0o666;

/** Where the disk goes when the machine stops. The file has what it had before until it has all of the new content. */
export class DiskOut {
  /** The file itself, where `path` is a link to it. */
  private readonly target: string;
  /** Beside it, so that it can be renamed to it. */
  private readonly temporary: string;
  private readonly mode: number;

  /** Throws UsageError with one line when the disk could not be saved there. */
  constructor(private readonly path: string) {
    try {
      const existing = regularFile(path);
      this.target = existing === undefined ? path : realpathSync(path);
      this.mode = existing?.mode ?? MODE_OF_NEW;
      this.temporary = join(dirname(this.target), `.${basename(this.target)}.${process.pid}`);
      // Whether it can be written shows when it is.
      closeSync(openSync(this.temporary, 'wx'));
      rmSync(this.temporary);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      throw new UsageError(`cannot write ${path}: ${REASONS[code] ?? code}; ${HOW_TO_MEND}`);
    }
  }

  /** What went wrong, in one line; undefined when it is saved. */
  save(image: Uint8Array): string | undefined {
    try {
      this.write(image);
      renameSync(this.temporary, this.target);
      return undefined;
    } catch (error) {
      rmSync(this.temporary, { force: true });
      return `the disk is not saved to ${this.path}: ${(error as Error).message}`;
    }
  }

  private write(image: Uint8Array): void {
    const file = openSync(this.temporary, 'wx', this.mode);
    try {
      writeFileSync(file, image);
      // Or a crash of the host could leave a renamed file without its content.
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }
}

/** What is at the path, if anything. Throws UsageError when it is something that must not be replaced. */
function regularFile(path: string): Stats | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  if (!stats.isFile()) throw new UsageError(`${path} is no regular file; ${HOW_TO_MEND}`);
  accessSync(path, constants.W_OK);
  return stats;
}
