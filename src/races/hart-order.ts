import { FenceSet, predecessorSet, successorSet } from '../isa/ordering.js';
import { hear, join, Kind, newClock, type VectorClock } from './vector-clock.js';

/**
 * What comes before the next accesses of one hart (Unprivileged ISA, "RVWMO", preserved program order: fences and the
 * acquire and release annotations; address, data and control dependencies, which also order, are not seen). Fences tell
 * reads from writes, so there is one clock for the hart's next read and one for its next write. In a hart's own clocks
 * its own entry says which of its accesses come before what it stores next, for others to see.
 */
export class HartOrder {
  /** Goes on whenever what the hart did so far may be handed on without what it does next. */
  time = 1;
  private readonly reads: VectorClock;
  private readonly writes: VectorClock;
  /** What loads that acquire nothing have read from: a fence after them may acquire it. */
  private readonly seen: VectorClock;

  constructor(
    harts: number,
    private readonly hart: number,
  ) {
    this.reads = newClock(harts);
    this.writes = newClock(harts);
    this.seen = newClock(harts);
  }

  /** What comes before the next access of that kind. */
  before(kind: Kind): VectorClock {
    return kind === Kind.Write ? this.writes : this.reads;
  }

  /** A load that acquires has read from this release. */
  acquire(released: VectorClock): void {
    join(this.reads, released);
    join(this.writes, released);
  }

  /** A load that does not has. */
  see(released: VectorClock): void {
    join(this.seen, released);
  }

  fence(immediate: number): void {
    const before = predecessorSet(immediate);
    const after = successorSet(immediate);
    if ((before & FenceSet.Reads) !== 0) {
      if ((after & FenceSet.Reads) !== 0) join(this.reads, this.seen);
      if ((after & FenceSet.Writes) !== 0) join(this.writes, this.seen);
    }
    if ((after & FenceSet.Writes) === 0) return;
    if ((before & FenceSet.Reads) !== 0) hear(this.writes, this.hart, Kind.Read, this.time);
    if ((before & FenceSet.Writes) !== 0) hear(this.writes, this.hart, Kind.Write, this.time);
    this.time++;
  }

  /** A store that releases: it hands on all that the hart has done and knows of. What is stored after it does not. */
  release(into: VectorClock): void {
    join(into, this.writes);
    join(into, this.seen);
    hear(into, this.hart, Kind.Read, this.time);
    hear(into, this.hart, Kind.Write, this.time);
    this.time++;
  }

  /** Any other store: it hands on what fences and acquires have put before it. */
  handOn(into: VectorClock): void {
    join(into, this.writes);
  }
}
