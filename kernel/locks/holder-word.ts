import type { SharedAccess } from '../../src/memory/access.js';
import { spinlock } from './spinlock.js';

const { locked } = spinlock.fields;

/** Families that have the holder in the word `locked`. */
export const FREE = 0;
/** Beside the holder, for adaptive locks: somebody may be parked on the word. */
export const PARKED = 0x8000_0000;
export const HOLDER = 0x7fff_ffff;

/** The hart that the word `locked` names. */
export function holderInLocked(mem: SharedAccess, lock: number): number | undefined {
  const holder = locked.load(mem, lock) & HOLDER;
  return holder === FREE ? undefined : holder - 1;
}
