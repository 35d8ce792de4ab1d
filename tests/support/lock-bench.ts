import { lockFamilies } from '../../kernel/locks/families.js';
import type { LockFamily } from '../../kernel/locks/lock.js';
import { nodesPerHart, QueueNodes } from '../../kernel/locks/queue-nodes.js';
import { Spinlocks, spinlock } from '../../kernel/locks/spinlock.js';
import { CACHE_LINE } from '../../kernel/params.js';
import type { SharedAccess } from '../../src/memory/access.js';
import { KERNBASE, PGSIZE } from '../../src/memory/map.js';

const PROCESSES = 4;
/** As many locks as a hart may hold at once, and a word that the first of them guards. */
export const LOCKS = Array.from({ length: nodesPerHart(PROCESSES) }, (_, i) => KERNBASE + i * CACHE_LINE);
export const LOCK = LOCKS[0]!;
export const COUNTER = KERNBASE + PGSIZE;

const { acquisitions, contended, spins } = spinlock.fields;

/** Locks without a kernel around them. */
export class LockBench {
  readonly family: LockFamily;
  private readonly nodes: QueueNodes;

  constructor(
    readonly ram: SharedAccess,
    name: string,
    harts: number,
  ) {
    this.family = lockFamilies.find((family) => family.name === name)!;
    this.nodes = new QueueNodes(KERNBASE + 2 * PGSIZE, harts, LOCKS.length);
  }

  hart(id: number): Spinlocks {
    return new Spinlocks(this.ram, id, this.family, this.nodes);
  }

  holder(lock: number): number | undefined {
    return this.family.holder(this.ram, lock, this.nodes);
  }

  statistics(lock: number): { acquisitions: number; contended: number; spins: number } {
    const { ram } = this;
    return {
      acquisitions: acquisitions.load(ram, lock),
      contended: contended.load(ram, lock),
      spins: spins.load(ram, lock),
    };
  }
}
