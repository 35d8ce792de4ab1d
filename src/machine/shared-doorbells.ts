import type { Doorbells } from '../hart/doorbells.js';
import type { Hart } from '../hart/hart.js';
import { controlBlock, hartBlock } from '../memory/map.js';
import type { SharedMemory } from '../memory/shared-memory.js';

const { idleLow, idleHigh } = controlBlock.fields;

/** Doorbells over the control block's idle words and the harts' futex words. */
export class SharedDoorbells implements Doorbells {
  constructor(private readonly memory: SharedMemory) {}

  markIdle(hart: Hart): void {
    hart.notedBell = hartBlock.fields.doorbell.load(this.memory.host, hart.map.block);
    // Pairs with the read of the idle words in `ringIdle`.
    this.word(hart.id).or(this.memory.host, this.memory.map.control, bit(hart.id));
  }

  /** Whether every hart is idle. One that was rung and has not got up yet counts as busy only if it was rung as an idle one. */
  allIdle(): boolean {
    const { host, map } = this.memory;
    return map.harts.every((_, hart) => (this.word(hart).load(host, map.control) & bit(hart)) !== 0);
  }

  clearIdle(hart: Hart): void {
    this.word(hart.id).and(this.memory.host, this.memory.map.control, ~bit(hart.id) >>> 0);
  }

  ringIdle(): void {
    const { host, map } = this.memory;
    for (const [word, first] of [
      [idleLow, 0],
      [idleHigh, 32],
    ] as const) {
      // Pairs with the or in `markIdle`. Taking the bit makes the next ringer choose another hart.
      for (let idle = word.load(host, map.control); idle !== 0; idle = word.load(host, map.control)) {
        const hart = 31 - Math.clz32(idle);
        if ((word.and(host, map.control, ~bit(hart) >>> 0) & bit(hart)) === 0) continue;
        this.ring(first + hart);
        return;
      }
    }
  }

  /** Wakes one hart if it is parked; if it is about to park, it will not. */
  ring(hart: number): void {
    const { host, map } = this.memory;
    const block = map.harts[hart]!.block;
    hartBlock.fields.doorbell.add(host, block, 1);
    host.unpark(hartBlock.fields.doorbell.at(block), 1);
  }

  ringAll(): void {
    for (let hart = 0; hart < this.memory.map.harts.length; hart++) this.ring(hart);
  }

  private word(hart: number) {
    return hart < 32 ? idleLow : idleHigh;
  }
}

function bit(hart: number): number {
  return (1 << (hart & 31)) >>> 0;
}
