import { CLOCK_STEP_MS, controlBlock } from '../memory/map.js';
import type { SharedMemory } from '../memory/shared-memory.js';

const { clockAhead } = controlBlock.fields;
/** What the word holds at most; from then on time only passes. */
const MOST_STEPS = 0xffff_ffff;

/** A machine's clock: the host's, and ahead of it by what has been skipped. The same on every hart, and never going back. */
export class SharedClock {
  /** @param host a clock in milliseconds that all threads share */
  constructor(
    private readonly memory: SharedMemory,
    private readonly host: () => number,
  ) {}

  /** Milliseconds. */
  now(): number {
    // Pairs with the exchange in `skip`: who learns from another hart that time was skipped sees the new time.
    return this.host() + clockAhead.load(this.memory.host, this.memory.map.control) * CLOCK_STEP_MS;
  }

  /** That much time passes at once, rounded up to whole steps. */
  skip(milliseconds: number): void {
    const { host, map } = this.memory;
    const steps = Math.ceil(milliseconds / CLOCK_STEP_MS);
    for (;;) {
      const before = clockAhead.load(host, map.control);
      const after = Math.min(before + steps, MOST_STEPS);
      if (clockAhead.compareExchange(host, map.control, before, after) === before) return;
    }
  }
}
