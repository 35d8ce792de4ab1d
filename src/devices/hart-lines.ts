import type { Interrupt } from '../isa/causes.js';
import { hartBlock } from '../memory/map.js';
import type { SharedMemory } from '../memory/shared-memory.js';

const { pending, doorbell } = hartBlock.fields;

/** The wires from devices to harts: one for each interrupt of mip. */
export class HartLines {
  constructor(private readonly memory: SharedMemory) {}

  get harts(): number {
    return this.memory.map.harts.length;
  }

  /** Whether the wire is up. */
  isRaised(hart: number, interrupt: Interrupt): boolean {
    return (pending.load(this.memory.host, this.block(hart)) & (1 << interrupt)) !== 0;
  }

  /** Raises or lowers the wire; a hart that sleeps wakes when one is raised. */
  set(hart: number, interrupt: Interrupt, raised: boolean): void {
    const { host } = this.memory;
    const bit = 1 << interrupt;
    if (!raised) pending.and(host, this.block(hart), ~bit >>> 0);
    else if ((pending.or(host, this.block(hart), bit) & bit) === 0) this.wake(hart);
  }

  /** A hart that sleeps looks at its interrupts and timers again; pairs with the look before it parks. */
  wake(hart: number): void {
    const { host } = this.memory;
    doorbell.add(host, this.block(hart), 1);
    host.unpark(doorbell.at(this.block(hart)), 1);
  }

  private block(hart: number): number {
    return this.memory.map.harts[hart]!.block;
  }
}
