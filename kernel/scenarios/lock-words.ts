import type { Lock } from '../../src/explore/subject.js';
import type { DirectAccess } from '../../src/memory/direct-access.js';
import type { KernelLayout } from '../layout.js';
import type { LockFamily } from '../locks/lock.js';
import { queueNode } from '../locks/queue-nodes.js';
import { spinlock } from '../locks/spinlock.js';
import { CACHE_LINE } from '../params.js';

const { locked, next, owner, tail, holder } = spinlock.fields;

/** Which lock of the kernel a word belongs to, its queue nodes included, and who holds it: for reports. */
export class LockWords {
  /** Address of the lock by address of the word. */
  private readonly words: ReadonlyMap<number, number>;

  constructor(
    private readonly ram: DirectAccess,
    private readonly layout: KernelLayout,
    private readonly family: LockFamily,
  ) {
    const fields = [locked, next, owner, tail, holder];
    this.words = new Map(layout.locks.flatMap(({ address }) => fields.map((field) => [field.at(address), address])));
  }

  lockAt(address: number): Lock | undefined {
    const { layout } = this;
    if (layout.queueNodes.hartOf(address) !== undefined) return this.lockOfNode(address);
    const lock = this.words.get(address);
    return lock === undefined ? undefined : this.named(layout.symbols.describe(address), lock);
  }

  /** A node that holds somebody up says at which lock; of others no more is known than that they are some lock's. */
  private lockOfNode(address: number): Lock {
    const { symbols, locks } = this.layout;
    const waitedFor = queueNode.fields.locked.load(this.ram, address - (address % CACHE_LINE));
    const lock = locks.find((one) => one.address === waitedFor)?.address;
    return lock === undefined
      ? { name: symbols.describe(address), holder: () => undefined }
      : this.named(symbols.describe(tail.at(lock)), lock);
  }

  private named(name: string, lock: number): Lock {
    const { ram, family, layout } = this;
    return { name, holder: () => family.holder(ram, lock, layout.queueNodes) };
  }
}
