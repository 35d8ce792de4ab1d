import { LockMeter } from '../../kernel/books/lock-meter.js';
import { type LockRow, readLockstat } from '../../kernel/books/lockstat.js';
import { LockstatBook, type LockstatChoice } from '../../kernel/books/lockstat-book.js';
import { lockFamilies } from '../../kernel/locks/families.js';
import type { LockFamily } from '../../kernel/locks/lock.js';
import { nodesPerHart, QueueNodes } from '../../kernel/locks/queue-nodes.js';
import { Spinlocks } from '../../kernel/locks/spinlock.js';
import { CACHE_LINE } from '../../kernel/params.js';
import type { SharedAccess } from '../../src/memory/access.js';
import { KERNBASE, PGSIZE } from '../../src/memory/map.js';

const PROCESSES = 4;
/** As many locks as a hart may hold at once, and a word that the first of them guards. */
export const LOCKS = Array.from({ length: nodesPerHart(PROCESSES) }, (_, i) => KERNBASE + i * CACHE_LINE);
export const LOCK = LOCKS[0]!;
export const COUNTER = KERNBASE + PGSIZE;
const NODES = KERNBASE + 2 * PGSIZE;
const STATISTICS = KERNBASE + 2 ** 20;

/** Locks without a kernel around them. */
export class LockBench {
  readonly family: LockFamily;
  private readonly nodes: QueueNodes;
  private readonly layout: Parameters<typeof LockstatBook.open>[2];

  constructor(
    readonly ram: SharedAccess,
    name: string,
    harts: number,
    private readonly now: () => number = () => performance.now() * 1e6,
  ) {
    this.family = lockFamilies.find((family) => family.name === name)!;
    this.nodes = new QueueNodes(NODES, harts, LOCKS.length);
    const locks = LOCKS.map((address, i) => ({ name: i === 0 ? 'first' : 'others', address }));
    this.layout = { locks, cpus: Array.from({ length: harts }, () => 0), firstFrame: COUNTER };
  }

  /** More than counts are kept; before any hart is made, on whatever thread. */
  begin(choice: LockstatChoice): this {
    LockstatBook.begin(this.ram, STATISTICS, this.layout, choice);
    return this;
  }

  hart(id: number): Spinlocks {
    return new Spinlocks(this.ram, id, this.family, this.nodes, this.meter(id));
  }

  meter(id: number): LockMeter {
    return new LockMeter(this.book(), this.ram, id, this.now);
  }

  holder(lock: number): number | undefined {
    return this.family.holder(this.ram, lock, this.nodes);
  }

  /** Of the locks with that name: `first` is LOCK, `others` are the others. */
  statistics(name = 'first'): LockRow {
    return readLockstat(this.book(), 'ns').locks.find((row) => row.name === name)!;
  }

  private book(): LockstatBook {
    return LockstatBook.open(this.ram, STATISTICS, this.layout);
  }
}
