import type { SharedAccess } from '../../../src/memory/access.js';
import type { KernelLayout } from '../../layout.js';
import type { Guard } from './guard.js';
import { Pool } from './pool.js';
import { Backing, coreMapState, FrameFlag, frameRecord, placesOf, recordOf, segmentNode } from './records.js';

const { flags, list } = frameRecord.fields;
const { next, start, end, backing, writable } = segmentNode.fields;

/** What a segment says of its pages. */
export interface Segment {
  /** Numbers of pages: from `start` up to but not including `end`. */
  readonly start: number;
  readonly end: number;
  readonly backing: Backing;
  readonly writable: boolean;
}

/**
 * The segments of address spaces, by rising address. The list hangs off the record of the root page table; only the hart
 * that runs, makes or reaps the process walks it, so nothing but the pool of nodes has to be guarded.
 *
 * sbrk fills with zeros at once, as in xv6, whose programs count on it to fail when memory is gone; or, where it is lazy,
 * the fault does, page by page. The guard page lies inside the stack's segment; its page table entry keeps the user out.
 */
export class Segments {
  private readonly pool: Pool;
  private readonly frames: number;

  constructor(
    private readonly mem: SharedAccess,
    layout: KernelLayout,
    private readonly guard: Guard,
  ) {
    const { state, frames, segments } = placesOf(layout.sharing, layout.config);
    this.frames = frames;
    this.pool = new Pool(mem, coreMapState.fields.segments.at(state), segments, segmentNode.size);
  }

  /** The segment that holds the page, if any. */
  find(root: number, page: number): Segment | undefined {
    for (let at = this.first(root); at !== 0; at = next.load(this.mem, at)) {
      if (page < start.load(this.mem, at)) return undefined;
      if (page < end.load(this.mem, at)) return readSegment(this.mem, at);
    }
    return undefined;
  }

  /** New zeroed pages at the end of the space, there already or promised. false: no nodes are left. */
  grow(root: number, from: number, to: number, write: boolean): boolean {
    const grown: Segment = { start: from, end: to, backing: Backing.ZeroFill, writable: write };
    return this.extend(root, this.last(root), grown) !== 0;
  }

  /** The pages from `to` on are gone. */
  shrink(root: number, to: number): void {
    const { mem } = this;
    let link = this.linkAt(root);
    for (let at = mem.load32(link); at !== 0; at = mem.load32(link)) {
      if (start.load(mem, at) >= to) {
        this.dropFrom(link);
        return;
      }
      if (end.load(mem, at) > to) end.store(mem, at, to);
      link = at + next.offset;
    }
  }

  /** The child's segments: its parent's, shared. false: no nodes are left, and the child has none. */
  copy(parent: number, child: number): boolean {
    let last = 0;
    for (let at = this.first(parent); at !== 0; at = next.load(this.mem, at)) {
      last = this.extend(child, last, { ...readSegment(this.mem, at), backing: Backing.CopyOnWrite });
      if (last !== 0) continue;
      this.shrink(child, 0);
      return false;
    }
    return true;
  }

  /** All that the space has is shared by now; neighbours that no longer differ become one. */
  markShared(root: number): void {
    const { mem } = this;
    let last = 0;
    for (let at = this.first(root); at !== 0; ) {
      const following = next.load(mem, at);
      backing.store(mem, at, Backing.CopyOnWrite);
      if (last !== 0 && this.continues(last, readSegment(mem, at))) {
        end.store(mem, last, end.load(mem, at));
        next.store(mem, last, following);
        this.give(at);
      } else last = at;
      at = following;
    }
  }

  /** Has the space end with the segment: the last node, which is made longer where it can be; 0 when there is no node. */
  private extend(root: number, last: number, segment: Segment): number {
    const { mem, guard } = this;
    if (last !== 0 && this.continues(last, segment)) {
      end.store(mem, last, segment.end);
      return last;
    }
    guard.enter();
    const node = this.pool.take();
    guard.leave();
    if (node === 0) return 0;
    next.store(mem, node, 0);
    start.store(mem, node, segment.start);
    end.store(mem, node, segment.end);
    backing.store(mem, node, segment.backing);
    writable.store(mem, node, segment.writable ? 1 : 0);
    if (last === 0) flags.store(mem, this.recordAt(root), FrameFlag.Root);
    mem.store32(last === 0 ? this.linkAt(root) : last + next.offset, node);
    return node;
  }

  /** Whether the segment only prolongs the one in the node. */
  private continues(node: number, segment: Segment): boolean {
    const before = readSegment(this.mem, node);
    return before.end === segment.start && before.backing === segment.backing && before.writable === segment.writable;
  }

  /** Gives back the node that the word at `link` leads to, and all after it. */
  private dropFrom(link: number): void {
    const { mem } = this;
    let at = mem.load32(link);
    mem.store32(link, 0);
    while (at !== 0) {
      const following = next.load(mem, at);
      this.give(at);
      at = following;
    }
  }

  private give(node: number): void {
    this.guard.enter();
    this.pool.give(node);
    this.guard.leave();
  }

  private last(root: number): number {
    let last = 0;
    for (let at = this.first(root); at !== 0; at = next.load(this.mem, at)) last = at;
    return last;
  }
  private first(root: number): number {
    return this.mem.load32(this.linkAt(root));
  }
  /** Address of the word that leads to the first. */
  private linkAt(root: number): number {
    return this.recordAt(root) + list.offset;
  }
  private recordAt(root: number): number {
    return recordOf(this.frames, root);
  }
}

function readSegment(mem: SharedAccess, at: number): Segment {
  return {
    start: start.load(mem, at),
    end: end.load(mem, at),
    backing: backing.load(mem, at) as Backing,
    writable: writable.load(mem, at) !== 0,
  };
}

/** The segments of the address space of a root page table: for reports and audits. Ends even when the list does not. */
export function segmentsOf(mem: SharedAccess, layout: KernelLayout, root: number): Segment[] {
  const { frames, segments } = placesOf(layout.sharing, layout.config);
  const limit = segments.at + segments.count * segmentNode.size;
  const found: Segment[] = [];
  let at = list.load(mem, recordOf(frames, root));
  for (; at >= segments.at && at < limit && found.length < segments.count; at = next.load(mem, at))
    found.push(readSegment(mem, at));
  return found;
}
