import { KernelEvent } from '../memory/access.js';
import { KERNBASE, PGSHIFT, PGSIZE } from '../memory/map.js';
import { isAccess, isWrite, type TraceEvent } from '../memory/trace-event.js';
import type { Finding, FindingKind } from './finding.js';
import type { Observer, ObserverContext } from './observer.js';

interface Frame {
  free: boolean;
  /** Trace index of the event that made it so; null: it was so when the run began. */
  since: number | null;
  /** PTEs that map it, by physical address of the PTE; undefined: none does, and none has. */
  mappedBy: Set<number> | undefined;
}

/** Of the part of a free frame that leads to the next one: a word of the hosted kernel's, an address of a guest's. */
const LINK_BYTES = 8;

/** Use after free, double free, double allocation: frames followed through the notes of the allocator and the VM code. */
export class FrameLifetime implements Observer {
  readonly name = 'frame-lifetime';
  /** By number, from the start of RAM: those that the run has shown. */
  private readonly frames = new Map<number, Frame>();
  private found: Finding[] = [];
  /** Allocator's locks that each hart holds. */
  private allocating: Set<number>[] = [];

  /** 1: the frame of that number is free now. The same as in `frames`, for the look at every access. */
  private readonly isFree: Uint8Array;

  constructor(private readonly context: ObserverContext) {
    this.isFree = new Uint8Array(context.ramSize / PGSIZE);
    for (const address of context.atStart.free) this.isFree[(address - KERNBASE) >>> PGSHIFT] = 1;
  }

  begin(): void {
    // Only what the last run has shown may differ from the start.
    for (const number of this.frames.keys())
      this.isFree[number] = this.context.atStart.free.has(KERNBASE + number * PGSIZE) ? 1 : 0;
    this.frames.clear();
    this.found = [];
    this.allocating = Array.from({ length: this.context.harts }, () => new Set());
  }

  observe(event: TraceEvent, index: number): void {
    switch (event.note) {
      case KernelEvent.FrameAllocated:
        this.allocated(event, index);
        break;
      case KernelEvent.FrameFreed:
        this.freed(event, index);
        break;
      case KernelEvent.FrameMapped:
        this.mapped(event, index);
        break;
      case KernelEvent.FrameUnmapped:
        this.frame(event.value).mappedBy?.delete(event.address);
        break;
      case KernelEvent.LockAcquired:
        if (this.context.allocatorLocks.includes(event.address)) this.allocating[event.hart]!.add(event.address);
        break;
      case KernelEvent.LockReleased:
        this.allocating[event.hart]!.delete(event.address);
        break;
      case 0:
        if (isAccess(event.op)) this.accessed(event, index);
        break;
    }
  }

  findings(): readonly Finding[] {
    return this.found;
  }

  private allocated(event: TraceEvent, index: number): void {
    const frame = this.frame(event.address);
    if (!frame.free) this.report('double-allocation', event, `is allocated while it is in use`, frame, index);
    this.set(event.address, false, index);
  }

  private freed(event: TraceEvent, index: number): void {
    const frame = this.frame(event.address);
    const [pte] = frame.mappedBy ?? [];
    if (frame.free) this.report('double-free', event, `is freed twice`, frame, index);
    else if (pte !== undefined) {
      const what = `is freed while PTE ${this.context.describe(pte)} maps it`;
      this.report('use-after-free', event, what, frame, index, 'is freed while it is mapped');
    }
    this.set(event.address, true, index);
  }

  private mapped(event: TraceEvent, index: number): void {
    const frame = this.frame(event.value);
    if (frame.free)
      this.report('use-after-free', { ...event, address: event.value }, `is mapped after it was freed`, frame, index);
    frame.mappedBy ??= new Set();
    frame.mappedBy.add(event.address);
  }

  /** A freed frame belongs to the allocator, which touches its link word, the first, under its lock. */
  private accessed(event: TraceEvent, index: number): void {
    if (!this.isFree[(event.address - KERNBASE) >>> PGSHIFT]) return;
    const offset = event.address & (PGSIZE - 1);
    const isLink = offset === 0 && event.size <= LINK_BYTES;
    if (isLink && this.allocating[event.hart]!.size > 0) return;
    const address = event.address - offset;
    const frame = this.frame(address);
    const what = isWrite(event.op) ? 'written' : 'read';
    this.report('use-after-free', { ...event, address }, `is ${what} after it was freed`, frame, index);
  }

  /** As far as the run has shown it, and before that as it was at the start. */
  private frame(address: number): Frame {
    const number = (address - KERNBASE) >>> PGSHIFT;
    const known = this.frames.get(number);
    if (known !== undefined) return known;
    const { mappedBy, free } = this.context.atStart;
    const mappers = mappedBy.get(address);
    const frame = { free: free.has(address), since: null, mappedBy: mappers && new Set(mappers) };
    this.frames.set(number, frame);
    return frame;
  }

  private set(address: number, free: boolean, since: number): void {
    const frame = this.frame(address);
    frame.free = free;
    this.isFree[(address - KERNBASE) >>> PGSHIFT] = free ? 1 : 0;
    frame.since = since;
    if (free) frame.mappedBy?.clear();
  }

  private report(
    kind: FindingKind,
    event: TraceEvent,
    what: string,
    { since }: Frame,
    index: number,
    place = what,
  ): void {
    const events = since === null ? [index] : [since, index];
    const name = `frame 0x${event.address.toString(16)}`;
    this.found.push({ kind, place, summary: `${name} ${what} (hart ${event.hart})`, events, advisory: false });
  }
}
