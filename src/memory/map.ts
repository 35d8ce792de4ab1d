/**
 * The map of the one shared memory. This file defines every offset; nobody else writes a number.
 *
 *     0          control block          machine-wide words: stop, idle harts
 *                console input          what is typed at the host's terminal, on its way to the guest
 *                hart blocks            one per hart: registers, CSRs, doorbell, statistics
 *                TLBs                   one set per hart: read, write, fetch
 *                hotness                counters per hart of how often code is jumped to
 *                decoded code           one cache per hart: 16-byte entries per 2-byte parcel, and the bytes they stand for
 *                granules               versions of 64-byte granules that LR/SC reserve
 *                frame tags             one word per frame of RAM: what the engine must know before a fast store
 *                devices                their registers; what the console wrote
 *                disk                   what is on it
 *                lock statistics        what harts did with the supervisor's locks
 *                schedule               turn, choice stream, trace (controlled runs only)
 *     ramOffset  RAM                    guest physical memory from KERNBASE
 */
import { alignUp, array, atomic32, bytes, struct, u32, u64 } from './struct.js';

/** Guest physical address of RAM, as on QEMU's `virt` board. */
export const KERNBASE = 0x8000_0000;
export const PGSHIFT = 12;
export const PGSIZE = 1 << PGSHIFT;
export const MAX_HARTS = 64;
/** RAM in MiB. */
export const MEMORY_LIMITS = { min: 2, max: 2048, default: 128 } as const;

const WASM_PAGE = 65536;

/** Words that all harts and the main thread share. */
export const controlBlock = struct('control', {
  /** A `StopRequest`. */
  stop: atomic32,
  /** Bit h: hart h has nothing to run and is about to park, or parked. Pairs with the scan of the process table before parking. */
  idleLow: atomic32,
  idleHigh: atomic32,
  /** 0 until hart 0 has booted the supervisor; the other harts park on it. */
  booted: atomic32,
  /** Harts that have come up. None runs guest code before it is their number; the main thread waits for that too. */
  up: atomic32,
  /** Harts that stand still because of `StopRequest.Pause`; the main thread waits for it to reach their number. */
  paused: atomic32,
  /** Bit h: hart h stands still as long as others only run. Written while all of them stand. */
  heldLow: atomic32,
  heldHigh: atomic32,
  /** A `Debugging`. The main thread waits on it for a hart that has come to a breakpoint. */
  debugging: atomic32,
  /** By how many `CLOCK_STEP_MS` the machine's clock is ahead of the host's; only ever raised. */
  clockAhead: atomic32,
});

/** The machine's clock skips time in whole steps, so that one word holds 13 years of it. */
export const CLOCK_STEP_MS = 100;

/** Bytes that wait between the host's terminal and the guest's console. A power of two, so that the counts may wrap. */
export const INPUT_RING = 4096;

/**
 * One producer, the main thread; one consumer at a time, by a lock of the supervisor's. Each writes its own count only
 * after the bytes are there, or have been read: whoever loads the other's count sees what it did before.
 */
export const inputRing = struct('console input', {
  /** Bytes put in since boot, modulo 2^32. */
  written: atomic32,
  /** Bytes taken out since boot, modulo 2^32. The main thread waits on it for room. */
  taken: atomic32,
  /** An `InputEnd`. */
  end: atomic32,
  /** 1: somebody in the guest has asked for input. The main thread waits on it before it touches the terminal. */
  wanted: atomic32,
  bytes: bytes(INPUT_RING),
});

/** Whether more input may come. */
export const InputEnd = {
  Open: 0,
  /** The last byte has been put in. */
  Ended: 1,
  /** And the supervisor has been told. */
  Told: 2,
} as const;

/** What the main thread asks of every hart; looked at between guest slices, never inside the supervisor. */
export const StopRequest = { Run: 0, Pause: 1, Stop: 2, Abort: 3 } as const;
export type StopRequest = (typeof StopRequest)[keyof typeof StopRequest];

/** Whether a debugger is there: then `ebreak` is its breakpoint, and no exception. */
export const Debugging = {
  Off: 0,
  On: 1,
  /** A hart has come to one, and waits until the machine is asked to stand still. */
  AtBreakpoint: 2,
} as const;
export type Debugging = (typeof Debugging)[keyof typeof Debugging];

/** Registers are eight bytes each; x0 stays zero, and writes to x0 are decoded to the sink. */
export const REGISTER_SINK = 32;

/** Decoded code: slots per hart (a slot holds one page), and bytes of the entry that stands for one 2-byte parcel. */
export const CODE_SLOTS = 64;
export const CODE_ENTRY_SIZE = 16;

/** Entries that a hart's ring of marks holds. A power of two. */
export const MARKED_ENTRIES = 64;

/** Places of code that a watched hart stops at share bits, by the low bits of their parcel's number. A power of two. */
export const PROBE_BITS = 8192;
/** Jumps without an announced access after which a watched hart stops all the same. */
export const MOST_JUMPS = 64;
/** Words of RAM that idle harts watch share bits, by the low bits of their number. A power of two. */
export const WATCHED_BITS = 16384;

/** Everything that belongs to one hart. Only that hart touches it, but for the fields marked atomic. */
export const hartBlock = struct('hart', {
  x: array(u64, 33),
  pc: u64,
  /** Privilege mode: 0 user, 1 supervisor, 3 machine. */
  privilege: u32,
  /** Set by the engine on exit: an `Exit`. */
  exit: u32,
  /** Trap cause (xcause; bit 63 never set here) and value (xtval). */
  cause: u64,
  value: u64,
  /** Instructions that may still run before the engine exits with `Exit.Budget`; may end below zero. */
  budget: u64,
  /** Instructions retired since the hart started. */
  instret: u64,
  /** Stored CSRs, indexed by their row number in the CSR table. */
  csr: array(u64, 64),
  /** Physical granule that LR reserved (0: none), its version then, and the reserved address. */
  reservedGranule: u32,
  reservedVersion: u32,
  reservedAddress: u32,
  /** Next slot of decoded code to be replaced, and the physical address of the frame that each slot holds (0: none). */
  nextSlot: u32,
  slotFrame: array(u32, CODE_SLOTS),
  /** 1 when the TLBs may hold pieces of a superpage: one page's address then does not tell which entries to forget. */
  superpagesCached: u32,
  /** What the cached translations were made for: the modes (`hart/translation-context.ts`), and satp as two words. */
  cachedModes: u32,
  cachedSatp: array(u32, 2),
  /** A `Watch`; and when an access has been announced, its `AccessKind`, its bytes, and what it orders. */
  watch: u32,
  accessKind: u32,
  accessSize: u32,
  /** aq (2) and rl (1) of an atomic access; of a fence its immediate (`isa/ordering.ts`); of any other access 0. */
  accessOrder: u32,
  /**
   * Loads and stores that are nobody else's and that a watched hart makes without announcing them, in the supervisor's modes:
   * aligned ones between its stack pointer and its frame pointer, where those are at most `mostFrame` bytes apart (0: none),
   * and those from `ownStart` to `ownEnd`; the former only below `ownBelow`. What they store is told by `FrameTag.Own`, and how often it was something new.
   */
  mostFrame: u32,
  ownChanges: u32,
  ownBelow: u64,
  ownStart: u64,
  ownEnd: u64,
  /**
   * Loads and stores that a watched hart makes and puts into the trace without stopping: how many more it may; where in the
   * shared memory its next event goes, and the number of that; what its events have in common; the bits of words that harts
   * contend for, and of those that idle harts watch, none of which it accesses so; and the code whose accesses are announced all.
   */
  quietLeft: u32,
  quietEvents: u32,
  quietStep: u32,
  quietHead: u32,
  contendedBits: u32,
  watchedBits: u32,
  loudStart: u64,
  loudEnd: u64,
  /** Jumps that a watched hart may make without the end of its slice; and, by hash (`probeBit`), where none may lead. */
  jumpsLeft: u32,
  probes: array(u32, PROBE_BITS / 32),
  /** A decoded instruction that no slot can hold, because it crosses a page. */
  scratchEntry: bytes(CODE_ENTRY_SIZE, CODE_ENTRY_SIZE),
  /**
   * How often the page walk has set A or D for this hart, and the physical addresses of the last of those entries, as a
   * ring: what a run changes in memory without an access of guest code.
   */
  marks: u32,
  markedEntries: array(u32, MARKED_ENTRIES),

  /** 1: mip.SEIP was written. */
  externalByWrite: u32,
  /**
   * 1: the resolve that failed last came to `busAddress`, a physical address outside RAM where a device may be. What is
   * stored there, or was loaded from there, zero-extended; and 1 when the hart has carried the access out, so that its
   * instruction need only be finished.
   */
  busFound: u32,
  busAddress: u32,
  busAnswered: u32,
  busValue: u64,

  /** Interrupts pending, as bits of mip. Or-ed in by others, who then ring the doorbell. */
  pending: atomic32,
  /** Futex word: the hart parks on its value; a ringer adds one and notifies. */
  doorbell: atomic32,
  /** 1 while guest code runs. Pairs with `request`: each side writes its own word, then reads the other's. */
  inGuest: atomic32,
  /**
   * How often other harts have asked this one to drop its write-TLB entries of reserved frames, and the count up to
   * which it has done so. Whoever asks waits until `answered` has reached its own request, or the hart is not in guest
   * code: it answers before it stores anything there.
   */
  request: atomic32,
  answered: atomic32,

  /** Statistics. Written by the hart alone, plain; read by the main thread for the progress line. */
  traps: u32,
  tlbReadMisses: u32,
  tlbWriteMisses: u32,
  fetchMisses: u32,
  /** Of the translator: regions made, hot code whose regions had been made before, and microseconds that it took. */
  regions: u32,
  regionHits: u32,
  translationTime: u32,
  parks: u32,
  threadId: u32,
});

/** What the engine does about the loads, stores and fences of guest code. Fetches and page walks are not among them. */
export const Watch = {
  /** Carries them out. */
  Off: 0,
  /** Stops before each of them, and says which it is. */
  Announce: 1,
  /** Carries them out, but so that none goes unnoticed as soon as they are announced again. */
  CarryOut: 2,
} as const;
export type Watch = (typeof Watch)[keyof typeof Watch];

/** What an announced access is. All but the loads need the right to write, and a fence, which has no address and no bytes, needs none. */
export const AccessKind = { Load: 0, LoadReserved: 1, Store: 2, Update: 3, StoreConditional: 4, Fence: 5 } as const;
export type AccessKind = (typeof AccessKind)[keyof typeof AccessKind];

/** TLBs are direct-mapped. An entry is valid when its tag is a page address; the host address is the virtual one plus the addend. */
export const TLB_ENTRIES = 256;
export const tlbEntry = struct('tlb entry', {
  /** Virtual address of the page; all ones when the entry is empty. */
  tag: u64,
  /** Modulo 2^32. In the fetch TLB: offset of the slot that holds the page. */
  addend: u32,
});
const TLB_SIZE = TLB_ENTRIES * tlbEntry.size;
/**
 * In the tag of an entry that only the slow path may use: the frame is reserved, and stores must be told to the
 * reservation, or the hart is watched, and its accesses are announced. No access compares equal to a tag with this bit.
 */
export const SLOW_TAG = 8;

/** One page of code: an entry per parcel and one that ends the page, then the page's bytes as they were when decoded. */
export const PARCELS = PGSIZE / 2;
export const codeSlot = struct('code slot', {
  entries: bytes((PARCELS + 1) * CODE_ENTRY_SIZE, CODE_ENTRY_SIZE),
  bytes: bytes(PGSIZE, CODE_ENTRY_SIZE),
});

/** Counters of how often code was jumped to; places share them by their low bits. A power of two. */
export const HOTNESS_COUNTERS = 4096;

/** What a hart owns, at the same distances from its block for every hart, so that an engine needs one base address. */
export const hartArea = struct('hart area', {
  block: hartBlock,
  readTlb: bytes(TLB_SIZE, 64),
  writeTlb: bytes(TLB_SIZE, 64),
  fetchTlb: bytes(TLB_SIZE, 64),
  hotness: bytes(HOTNESS_COUNTERS * 4, 64),
  code: bytes(CODE_SLOTS * codeSlot.size, 64),
  /** Rounds the stride up, so that two harts never share a cache line. */
  end: bytes(0, 256),
});

/** LR/SC: granules of 64 bytes hash to a table of version words (odd while a store is under way). */
export const GRANULE_SIZE = 64;
export const GRANULES = 4096;

/**
 * Frame tag bits. A hart reserves by `Reserved` first, then has every other hart drop its write-TLB entries, then sets
 * `Settled`: from then on every store to the frame bumps its granule's version.
 */
export const FrameTag = {
  /** No hart may enter the frame into its write TLB. */
  Reserved: 1,
  /** No hart has it there any more. */
  Settled: 2,
  /** A hart has stored there what is its own alone, without announcing it. */
  Own: 4,
} as const;

export interface MapConfig {
  readonly harts: number;
  /** RAM in MiB. */
  readonly memory: number;
  /** Bytes for the state of devices, and for what is on the disk; 0: there are none, and what is outside RAM is nowhere. */
  readonly devices?: number;
  readonly disk?: number;
  /** Bytes for statistics of the supervisor's locks; 0: it keeps none. */
  readonly lockstat?: number;
  /** Bytes for the schedule's own blocks; 0 in free running. */
  readonly schedule?: number;
  /** Cache lines that the schedule has room for in virtual time; 0: it keeps none. */
  readonly lines?: number;
}

export interface HartMap {
  /** Offset of the hart's `hartBlock`. */
  readonly block: number;
  readonly readTlb: number;
  readonly writeTlb: number;
  readonly fetchTlb: number;
  readonly code: number;
}

/** Where everything lies: byte offsets into the shared memory. Equal configurations give equal maps. */
export interface MemoryMap {
  readonly config: MapConfig;
  readonly control: number;
  readonly input: number;
  readonly harts: readonly HartMap[];
  readonly granules: number;
  readonly frameTags: number;
  readonly devices: number;
  readonly disk: number;
  readonly lockstat: number;
  readonly schedule: number;
  readonly ramOffset: number;
  readonly ramSize: number;
  /** First guest physical address after RAM. */
  readonly physTop: number;
  readonly totalSize: number;
}

/** Throws RangeError when the configuration is outside the limits. */
export function memoryMap(config: MapConfig): MemoryMap {
  if (!Number.isInteger(config.harts) || config.harts < 1 || config.harts > MAX_HARTS)
    throw new RangeError(`harts must be a whole number from 1 to ${MAX_HARTS}, not ${config.harts}`);
  if (!Number.isInteger(config.memory) || config.memory < MEMORY_LIMITS.min || config.memory > MEMORY_LIMITS.max)
    throw new RangeError(
      `memory must be a whole number of MiB from ${MEMORY_LIMITS.min} to ${MEMORY_LIMITS.max}, not ${config.memory}`,
    );
  let next = 0;
  const take = (size: number, align = 64) => {
    const offset = alignUp(next, align);
    next = offset + size;
    return offset;
  };
  const ramSize = config.memory * 1024 * 1024;
  const control = take(controlBlock.size);
  const input = take(inputRing.size);
  const harts = Array.from({ length: config.harts }, () => {
    const base = take(hartArea.size, hartArea.align);
    const { block, readTlb, writeTlb, fetchTlb, code } = hartArea.fields;
    return {
      block: block.at(base),
      readTlb: readTlb.at(base),
      writeTlb: writeTlb.at(base),
      fetchTlb: fetchTlb.at(base),
      code: code.at(base),
    };
  });
  const granules = take(GRANULES * 4);
  const frameTags = take((ramSize / PGSIZE) * 4);
  const devices = take(config.devices ?? 0);
  const disk = take(config.disk ?? 0);
  const lockstat = take(config.lockstat ?? 0);
  const schedule = take(config.schedule ?? 0, PGSIZE);
  const ramOffset = take(ramSize, WASM_PAGE);
  return {
    config,
    control,
    input,
    harts,
    granules,
    frameTags,
    devices,
    disk,
    lockstat,
    schedule,
    ramOffset,
    ramSize,
    physTop: KERNBASE + ramSize,
    totalSize: alignUp(next, WASM_PAGE),
  };
}
