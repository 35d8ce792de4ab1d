import { PAGE_SIZE, PTES_PER_TABLE, pageRoundUp } from '../src/isa/sv39.js';
import { KERNBASE } from '../src/memory/map.js';
import {
  alignUp,
  array,
  atomic32,
  bytes,
  type FieldType,
  i32,
  type Struct,
  struct,
  u32,
  u64,
} from '../src/memory/struct.js';
import { SymbolTable } from '../src/memory/symbols.js';
import { cons } from './files/console-struct.js';
import { file } from './files/file-struct.js';
import { fileSystem, inodeTable } from './fs/fs-struct.js';
import { BootError } from './kernel-panic.js';
import { nodesPerHart, QueueNodes, queueNode } from './locks/queue-nodes.js';
import { spinlock } from './locks/spinlock.js';
import { BSIZE, CACHE_LINE, NFILE, NPROC } from './params.js';
import { cpu } from './process/cpu.js';
import { proc } from './process/proc-struct.js';

/** The type, at the beginning of a cache line. */
function beginsLine<F>(type: FieldType<F>): FieldType<F> {
  return { ...type, align: CACHE_LINE };
}

/** The free list is threaded through the free frames: see memory/free-links. */
export const run = struct('run', { next: u32 });

/** A frame that holds page table entries. */
const pageTable = array(u64, PTES_PER_TABLE);

/** A list of free frames. */
export const kmem = struct('kmem', {
  /** Guards the list: what follows, and the links in its frames. */
  lock: spinlock,
  /** First free frame, or 0. */
  freelist: u32,
  /** Frames on the list. */
  free: u32,
  /** Frames that were ever put on it since boot; wraps. Where there are several lists only. */
  puts: u32,
  /** The highest frame of the list's share that was never handed out: see memory/free-links. */
  untouched: u32,
});

export const clock = struct('clock', {
  tickslock: spinlock,
  /** Ticks since boot; also the channel of those who sleep. tickslock must be held to change it. */
  ticks: atomic32,
  /** The machine's clock at boot, in milliseconds. */
  bootTime: u64,
});

/** What belongs to no process. Each lock with what it guards on cache lines of its own, apart from what is only read. */
export const system = struct('system', {
  /** The first process; the machine halts when it exits. Written once, before other harts run. */
  initproc: u32,
  /** Whom orphans are given to, as xv6 gives them to init; 0: nobody, and the kernel buries them. Written once, with initproc. */
  adopter: u32,
  /** 1: hart 0 has booted the kernel. Its store publishes all that boot wrote. */
  started: atomic32,
  /** 1: the first process has exited. Its store publishes exitStatus. */
  halted: atomic32,
  exitStatus: i32,

  /** Guards every `parent`, and that a parent that waits misses no child; to be taken before any p->lock. */
  waitLock: beginsLine(spinlock),
  /** 1: a fork waits for somebody to reap a zombie. waitLock must be held. */
  forkWaits: u32,

  pidLock: beginsLine(spinlock),
  /** pidLock must be held. */
  nextpid: u32,
  /** 1: pids have been used up once, so that the next may still be somebody's. */
  pidsWrapped: u32,
});

/** Where a design takes the space for its counts. */
export interface KernelArea {
  /** Address of a new `type` called `name` in reports. */
  place(name: string, type: Placeable): number;
  /** Address of `count` new frames for page tables, called `name` in reports. */
  frames(name: string, count: number): number;
  /** Enters a lock inside something placed into the table of locks; locks of one name are summed up there. */
  lock(name: string, address: number): void;
}
export type Placeable = Pick<Struct<unknown>, 'size' | 'align' | 'describe'>;

export interface NamedLock {
  readonly name: string;
  readonly address: number;
}

export interface LayoutConfig {
  readonly harts: number;
  readonly processes: number;
  /** Lists of free frames. */
  readonly freeLists: number;
  /** Blocks of the disk; 0 when there is none. */
  readonly diskBlocks: number;
  /** First address after RAM. */
  readonly physTop: number;
}

/** Where the kernel's state lies in guest RAM: physical addresses. Equal configurations give equal layouts. */
export interface KernelLayout {
  readonly config: LayoutConfig;
  /** The lists of free frames: one, or one for each hart. */
  readonly kmems: readonly number[];
  readonly clock: number;
  readonly console: number;
  readonly system: number;
  readonly cpus: readonly number[];
  /** For locks that have a queue. */
  readonly queueNodes: QueueNodes;
  readonly procs: readonly number[];
  /** Open files. */
  readonly files: readonly number[];
  /** The disk's blocks, one after the other; the disk is a part of RAM. */
  readonly disk: number;
  /** The file system's own state, and its table of inodes. */
  readonly fs: number;
  readonly inodes: number;
  /** The page-sharing design's own state; meaningful to the design alone. */
  readonly sharing: number;
  /** What a bug keeps beside it; 0 where none does. */
  readonly extra: number;
  /** First frame that kalloc may hand out. From here to physTop. */
  readonly firstFrame: number;
  readonly frames: number;
  readonly locks: readonly NamedLock[];
  readonly symbols: SymbolTable;
}

/**
 * Draws the kernel's data area from KERNBASE upward.
 *
 * @param reserve takes the space of the page-sharing design and returns its address
 * @param reserveExtra the same for a bug
 * @throws BootError when there is no room for the kernel, or the number of processes is outside its limits
 */
export function kernelLayout(
  config: LayoutConfig,
  reserve: (area: KernelArea, config: LayoutConfig) => number,
  reserveExtra: (area: KernelArea, config: LayoutConfig) => number = () => 0,
): KernelLayout {
  const { processes, physTop } = config;
  if (!Number.isInteger(processes) || processes < NPROC.min || processes > NPROC.max)
    throw new BootError(`processes must be a whole number from ${NPROC.min} to ${NPROC.max}, not ${processes}`);

  const symbols = new SymbolTable();
  const locks: NamedLock[] = [];
  let end = KERNBASE;
  const placeAt = (address: number, name: string, type: Placeable) => {
    end = address + type.size;
    symbols.add(name, address, type);
    return address;
  };
  const area: KernelArea = {
    place: (name, type) => placeAt(alignUp(end, CACHE_LINE), name, type),
    frames: (name, count) => placeAt(pageRoundUp(end), name, array(pageTable, count)),
    lock: (name, address) => locks.push({ name, address }),
  };
  const places = (name: string, type: Placeable, count: number) => {
    const line = onLines(type);
    const first = area.place(name, array(line, count));
    return Array.from({ length: count }, (_, i) => first + i * line.size);
  };

  // One alone is no array: its words are named as in xv6.
  const kmems = config.freeLists === 1 ? [area.place('kmem', kmem)] : places('kmem', kmem, config.freeLists);
  const clockAt = area.place('clock', clock);
  const consoleAt = area.place('cons', cons);
  const systemAt = area.place('system', system);
  const cpus = places('cpu', cpu, config.harts);
  const nodes = nodesPerHart(processes);
  const firstNode = area.place('queueNode', array(array(onLines(queueNode), nodes), config.harts));
  const procs = places('proc', proc, processes);
  const files = places('file', file, NFILE(processes));
  for (const list of kmems) area.lock('kmem', kmem.fields.lock.at(list));
  area.lock('time', clock.fields.tickslock.at(clockAt));
  area.lock('cons', cons.fields.lock.at(consoleAt));
  area.lock('wait_lock', system.fields.waitLock.at(systemAt));
  area.lock('nextpid', system.fields.pidLock.at(systemAt));
  for (const p of procs) area.lock('proc', proc.fields.lock.at(p));
  const disk = area.place('disk', bytes(config.diskBlocks * BSIZE));
  const fs = area.place('fs', fileSystem);
  area.lock('fs', fileSystem.fields.lock.at(fs));
  const inodes = area.place('inode', inodeTable(config.diskBlocks));
  const sharing = reserve(area, config);
  const extra = reserveExtra(area, config);

  const firstFrame = pageRoundUp(end);
  const diskText = config.diskBlocks === 0 ? '' : ` and a disk of ${config.diskBlocks} blocks`;
  if (firstFrame >= physTop)
    throw new BootError(
      `${mib(physTop - KERNBASE)} MiB of memory hold no kernel for ${processes} processes${diskText}, which takes ${mib(firstFrame - KERNBASE)} MiB: give it more memory`,
    );
  return {
    config,
    kmems,
    clock: clockAt,
    console: consoleAt,
    system: systemAt,
    cpus,
    queueNodes: new QueueNodes(firstNode, config.harts, nodes),
    procs,
    files,
    disk,
    fs,
    inodes,
    sharing,
    extra,
    firstFrame,
    frames: (physTop - firstFrame) / PAGE_SIZE,
    locks,
    symbols,
  };
}

/** The type as an array of it has it whose elements begin on cache lines. */
export function onLines({ size, describe }: Placeable): FieldType<undefined> {
  return { align: CACHE_LINE, size: alignUp(size, CACHE_LINE), at: () => undefined, describe };
}

function mib(bytes: number): number {
  return Math.ceil(bytes / 2 ** 20);
}
