import { boardBlock } from '../machine/virt-board.js';
import { MAX_HARTS, PGSIZE, WATCHED_BITS } from '../memory/map.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import { array, struct, u32, u64 } from '../memory/struct.js';
import { AddressSpaces, spacesBlock } from './address-spaces.js';

/** Words that an idle hart may watch. */
export const MOST_WATCHED = 256;
/** Values of watched words that lead an idle hart nowhere, as far as they are kept. */
export const MOST_DULL = 16;
/** Pages of the disk that a run may write before all of it is put back. */
const MOST_DISK_PAGES = 1024;

/** What an explored guest keeps outside RAM, in the region `devices` of the map. Only the hart that has the turn touches it. */
export const guestBlock = struct('guest', {
  /** First, where the board looks for it. */
  board: boardBlock,
  /** The machine's clock, in ticks of `time`. */
  now: u64,
  /** Raised whenever the watched words change. */
  watchVersion: u32,
  /** By hart, how many words it watches while it is idle, and their physical addresses. */
  watchCounts: array(u32, MAX_HARTS),
  watched: array(u32, MAX_HARTS * MOST_WATCHED),
  /** The bits of all watched words, by the low bits of their numbers. */
  watchedBits: array(u32, WATCHED_BITS / 32),
  /** By hart, how many values are dull to it, and which. */
  dullCounts: array(u32, MAX_HARTS),
  dull: array(u32, MAX_HARTS * MOST_DULL),
  /** What the program of a scenario has said in this run: 1, that it is done; and of what was wrong first, its number + 1. */
  isDone: u32,
  wrong: u32,
  /** Allocations that the schedule let fail in this run. */
  failedAllocations: u32,
  /** The page tables that harts have loaded. */
  spaces: spacesBlock,
  /** How many pages of the disk have been written, one as often as it was, and which. */
  diskPageCount: u32,
  diskPages: array(u32, MOST_DISK_PAGES),
});

const { diskPageCount, diskPages } = guestBlock.fields;

/** Notes that these bytes of the disk were written. */
export function noteDiskWrite({ host, map }: SharedMemory, offset: number, bytes: number): void {
  for (let page = Math.floor(offset / PGSIZE); page * PGSIZE < offset + bytes; page++) {
    const count = diskPageCount.load(host, map.devices);
    if (count < MOST_DISK_PAGES) host.store32(diskPages.at(map.devices, count), page);
    diskPageCount.store(host, map.devices, count + 1);
  }
}

/** Numbers of the pages of the disk that were written; 'all': more than could be noted. */
export function diskPagesWritten({ host, map }: SharedMemory): ReadonlySet<number> | 'all' {
  const count = diskPageCount.load(host, map.devices);
  if (count > MOST_DISK_PAGES) return 'all';
  return new Set(Array.from({ length: count }, (_, i) => host.load32(diskPages.at(map.devices, i))));
}

/** The page tables that harts of an explored guest have loaded. */
export function spacesOf(memory: SharedMemory): AddressSpaces {
  return new AddressSpaces(memory, memory.map.devices + guestBlock.fields.spaces.offset);
}
