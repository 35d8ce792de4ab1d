import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  lstatSync,
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

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'there is no such folder',
  EACCES: 'permission denied',
  EROFS: 'nothing can be written there',
  EISDIR: 'that is the name of a folder',
};
const PERMISSIONS = 0o7777;

/** What a file is for, as messages have it. */
export interface FilePurpose {
  /** The option that names it: `--disk-out`. */
  readonly option: string;
  /** `the disk` */
  readonly content: string;
}

/** Where something goes when a command ends. The file has what it had before until it has all of the new content. */
export class FileOut {
  /** The file itself, where `path` is a link to it. */
  private readonly target: string;
  /** Beside it, so that it can be renamed to it. */
  private readonly temporary: string;
  /** Of the file that is there; a new one gets what the user's umask leaves. */
  private readonly mode: number | undefined;

  /** Throws UsageError with one line when nothing could be saved there. */
  constructor(
    private readonly path: string,
    private readonly purpose: FilePurpose,
  ) {
    const howToMend = `give ${purpose.option} a file that can be written`;
    try {
      const existing = regularFile(path, howToMend);
      this.target = existing === undefined ? path : realpathSync(path);
      this.mode = existing === undefined ? undefined : existing.mode & PERMISSIONS;
      this.temporary = join(dirname(this.target), `.${basename(this.target)}.${process.pid}`);
      tryToMake(this.temporary);
      if (existing === undefined) tryToMake(this.target);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      throw new UsageError(`cannot write ${path}: ${REASONS[code] ?? code}; ${howToMend}`);
    }
  }

  /** What went wrong, in one line; undefined when it is saved. */
  save(content: Uint8Array | string): string | undefined {
    try {
      this.write(content);
      renameSync(this.temporary, this.target);
      return undefined;
    } catch (error) {
      rmSync(this.temporary, { force: true });
      return this.unsaved((error as Error).message);
    }
  }

  /** The line that says so. */
  unsaved(why: string): string {
    return `${this.purpose.content} is not saved to ${this.path}: ${why}`;
  }

  private write(content: Uint8Array | string): void {
    const file = openSync(this.temporary, 'wx', this.mode);
    try {
      if (this.mode !== undefined) fchmodSync(file, this.mode);
      writeFileSync(file, content);
      // Or a crash of the host could leave a renamed file without its content.
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }
}

/** Whether a file can be made shows when it is. */
function tryToMake(path: string): void {
  closeSync(openSync(path, 'wx'));
  rmSync(path);
}

/** What is at the path, if anything. Throws UsageError when it is something that must not be replaced. */
function regularFile(path: string, howToMend: string): Stats | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) {
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
    throw new UsageError(`${path} is a link that leads nowhere; ${howToMend}`);
  }
  if (!stats.isFile()) throw new UsageError(`${path} is no regular file; ${howToMend}`);
  accessSync(path, constants.W_OK);
  return stats;
}
