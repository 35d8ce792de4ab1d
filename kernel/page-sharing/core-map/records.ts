import type { SharedAccess } from '../../../src/memory/access.js';
import { KERNBASE } from '../../../src/memory/map.js';
import { alignUp, array, atomic32, type Struct, struct, u8, u32 } from '../../../src/memory/struct.js';
import type { KernelArea, KernelLayout, LayoutConfig } from '../../layout.js';
import { spinlock } from '../../locks/spinlock.js';
import { CACHE_LINE } from '../../params.js';
import { frameNumber, framesBelow } from '../entries.js';
import { pool } from './pool.js';

/** What a frame is used for. `Device` is what an address outside RAM is, which has no record. */
export const FrameKind = { Free: 0, Kernel: 1, User: 2, PageTable: 3, Device: 4 } as const;
export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind];

export const FrameFlag = {
  /** A page table that is the root of an address space: `list` leads to its segments. */
  Root: 1,
} as const;

/** The core map's record of a frame. Its user changes `kind` and `flags`; the design's lock guards who maps it. */
export const frameRecord = struct('frame', {
  /** A `FrameKind`. */
  kind: u8,
  /** `FrameFlag` bits. */
  flags: u8,
  /** Address spaces that map the frame. */
  count: atomic32,
  /** Of a free frame: the next on the free list, or 0. kmem.lock guards it. */
  next: u32,
  /** Of a user's frame: the root of an address space that maps it, and the number of the page there. */
  space: u32,
  page: u32,
  /** Of a user's frame: first of the other mappings. Of a root page table: first segment. Or 0. */
  list: u32,
});

/** A mapping of a shared frame beside the one that stands in its record. */
export const mappingNode = struct('mapping', { next: u32, space: u32, page: u32 });

/** What a segment's pages come from. */
export const Backing = {
  /** Zeroed when the segment grew, or when it was touched; nobody else has ever had them. */
  ZeroFill: 0,
  /** Of a parent or shared with a child: to be copied when written, as long as others map them. */
  CopyOnWrite: 1,
} as const;
export type Backing = (typeof Backing)[keyof typeof Backing];

/** A range of an address space: pages `start` up to but not including `end`. Only its own process looks at it. */
export const segmentNode = struct('segment', {
  next: u32,
  start: u32,
  end: u32,
  /** A `Backing`. */
  backing: u8,
  /** 1: the process may write there. */
  writable: u8,
});

/** What belongs to no frame. */
export const coreMapState = struct('core_map', {
  /** Guards every record's mappings, and both pools. In the published form nobody takes it. */
  lock: spinlock,
  mappings: pool,
  segments: pool,
});

/** Mappings beside the first that all frames together can have, per frame of RAM: three sharers of everything. */
const MAPPINGS_PER_FRAME = 2;
/** Program, data, stack, heap, what was there at a fork and what came after, and as many for an exec under way. */
const SEGMENTS_PER_PROCESS = 16;

/** Where the parts of the core map lie. */
export interface CoreMapPlaces {
  readonly state: number;
  readonly frames: number;
  readonly mappings: { readonly at: number; readonly count: number };
  readonly segments: { readonly at: number; readonly count: number };
}

/** @param state where it begins: `layout.sharing` */
export function placesOf(state: number, { physTop, processes }: LayoutConfig): CoreMapPlaces {
  const count = framesBelow(physTop);
  let end = state + coreMapState.size;
  const next = (bytes: number) => {
    const at = alignUp(end, CACHE_LINE);
    end = at + bytes;
    return at;
  };
  const frames = next(count * frameRecord.size);
  const mappings = { at: next(count * MAPPINGS_PER_FRAME * mappingNode.size), count: count * MAPPINGS_PER_FRAME };
  const segmentCount = processes * SEGMENTS_PER_PROCESS;
  return { state, frames, mappings, segments: { at: next(segmentCount * segmentNode.size), count: segmentCount } };
}

/** Takes the space, in the order of `placesOf`, and returns its beginning. */
export function placeCoreMap(area: KernelArea, config: LayoutConfig): number {
  const state = area.place('core_map', coreMapState);
  const { mappings, segments } = placesOf(state, config);
  const many = <D>(name: string, type: Struct<D>, count: number) => area.place(name, array(type, count));
  many('coreMap', frameRecord, framesBelow(config.physTop));
  many('core_map_mapping', mappingNode, mappings.count);
  many('core_map_segment', segmentNode, segments.count);
  area.lock('core_map', coreMapState.fields.lock.at(state));
  return state;
}

/** Address of the record of the frame at `pa`, given that of the first. */
export function recordOf(frames: number, pa: number): number {
  return frames + frameNumber(pa) * frameRecord.size;
}

/** The same from a layout, for those who look from outside. */
export function recordIn(layout: KernelLayout, pa: number): number {
  return recordOf(placesOf(layout.sharing, layout.config).frames, pa);
}

/** What the core map says of the page at `pa`: of any address, RAM or not. */
export function kindAt(mem: SharedAccess, layout: KernelLayout, pa: number): FrameKind {
  if (pa < KERNBASE || pa >= layout.config.physTop) return FrameKind.Device;
  return frameRecord.fields.kind.load(mem, recordIn(layout, pa)) as FrameKind;
}
