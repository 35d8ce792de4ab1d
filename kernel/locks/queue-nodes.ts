import { atomic32, struct } from '../../src/memory/struct.js';
import { CACHE_LINE } from '../params.js';

/** A hart's place in the queue of an MCS or CLH lock, on a cache line of its own. Their descriptions say who waits on whose. */
export const queueNode = struct('queueNode', {
  /** MCS: the node of the hart that comes next, or 0 while none is known. */
  next: atomic32,
  /** While it holds somebody up: the address of the lock that is waited for, so that reports can say which it is. */
  locked: atomic32,
});

/** Locks that a hart may hold at once beside one for every process. */
const BESIDE = 8;

/** How many nodes a hart needs: one for each lock that it holds or waits for; `AtRest.stir` takes every p->lock. */
export function nodesPerHart(processes: number): number {
  return processes + BESIDE;
}

/** Where the queue nodes lie: those of hart 0, of hart 1, and so on, one to a cache line. */
export class QueueNodes {
  constructor(
    private readonly first: number,
    private readonly harts: number,
    private readonly perHart: number,
  ) {}

  /** Addresses of the hart's nodes. */
  of(hart: number): number[] {
    return Array.from({ length: this.perHart }, (_, i) => this.first + (hart * this.perHart + i) * CACHE_LINE);
  }

  /** Addresses of all their words. */
  words(): number[] {
    const { next, locked } = queueNode.fields;
    const nodes = Array.from({ length: this.harts }, (_, hart) => this.of(hart)).flat();
    return nodes.flatMap((node) => [next.at(node), locked.at(node)]);
  }

  /** Whose node the address lies in; undefined: in none. */
  hartOf(address: number): number | undefined {
    const hart = Math.floor((address - this.first) / (this.perHart * CACHE_LINE));
    return hart >= 0 && hart < this.harts ? hart : undefined;
  }
}
