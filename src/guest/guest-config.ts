import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { VirtioVersion } from '../devices/virtio-block.js';
import { SubjectError } from '../explore/subject.js';
import { MAX_HARTS, MEMORY_LIMITS } from '../memory/map.js';

/** A file that a subject is made from, and how it is known again. */
export interface GuestFile {
  readonly path: string;
  /** In hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
}

/** A kernel image in which a line is typed: what failure files and tasks for threads hold of it. */
export interface GuestConfig {
  readonly kernel: GuestFile;
  readonly disk: GuestFile | null;
  /** Which version of the disk's transport the board has. */
  readonly virtio: VirtioVersion;
  /** Typed at the shell's prompt. */
  readonly exec: string;
  /** The kernel scenario whose program takes the place of the one that the line starts; null: none does. */
  readonly scenario: string | null;
  /** The text of a profile file; null: xv6's. */
  readonly profile: string | null;
  readonly harts: number;
  /** RAM in MiB. */
  readonly memory: number;
}

/** What the file is now. Throws SubjectError when it cannot be read. */
export function guestFile(path: string): GuestFile {
  const content = read(path);
  return { path, sha256: hashOf(content), bytes: content.length };
}

/** @param what `kernel`. Throws SubjectError when it cannot be read, or is not what it was. */
export function readGuestFile(what: string, { path, sha256 }: GuestFile): Uint8Array {
  const content = read(path);
  const now = hashOf(content);
  if (now !== sha256)
    throw new SubjectError(
      `the ${what} ${path} has changed since (SHA-256 ${short(now)}, it was ${short(sha256)}); put the old one back, or explore the new one`,
    );
  return content;
}

/** Throws SubjectError for anything that is no configuration. */
export function parseGuestConfig(value: unknown): GuestConfig {
  const config = record(value, 'config');
  const { virtio, exec, scenario = null, profile = null, harts, memory } = config;
  if (virtio !== 1 && virtio !== 2) throw wrong('virtio');
  if (typeof exec !== 'string') throw wrong('exec');
  if (scenario !== null && typeof scenario !== 'string') throw wrong('scenario');
  if (profile !== null && typeof profile !== 'string') throw wrong('profile');
  if (!isWithin(harts, { min: 1, max: MAX_HARTS })) throw wrong('harts');
  if (!isWithin(memory, MEMORY_LIMITS)) throw wrong('memory');
  const disk = config.disk === null ? null : file(config.disk, 'disk');
  return { kernel: file(config.kernel, 'kernel'), disk, virtio, exec, scenario, profile, harts, memory };
}

function file(value: unknown, key: string): GuestFile {
  const { path, sha256, bytes } = record(value, key);
  if (typeof path !== 'string' || typeof sha256 !== 'string') throw wrong(key);
  if (!isWithin(bytes, { min: 0, max: 2 ** 31 })) throw wrong(key);
  return { path, sha256, bytes };
}

function read(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new SubjectError(`cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
}

function hashOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

const short = (hash: string): string => hash.slice(0, 12);

function wrong(key: string): SubjectError {
  return new SubjectError(`its '${key}' is missing or wrong`);
}

function record(value: unknown, key: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(key);
  return value as Readonly<Record<string, unknown>>;
}

function isWithin(value: unknown, { min, max }: { readonly min: number; readonly max: number }): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max;
}
