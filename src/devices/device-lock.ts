import type { DirectAccess } from '../memory/direct-access.js';
import type { AtomicWord32 } from '../memory/struct.js';

const FREE = 0;
const HELD = 1;
const AWAITED = 2;

/** The lock of a device's registers. Who holds it takes the lock of the interrupt controller at most, so harts never wait in a circle. */
export class DeviceLock {
  private readonly at: number;

  constructor(
    private readonly host: DirectAccess,
    private readonly word: AtomicWord32,
    private readonly base: number,
  ) {
    this.at = word.at(base);
  }

  /** Throws what `action` throws, and MachineAborted when the hart that holds the lock has died. */
  hold<T>(action: () => T): T {
    const { host, word, base } = this;
    let seen = word.compareExchange(host, base, FREE, HELD);
    while (seen !== FREE) {
      // Who finds it awaited parks; who lets go of it then wakes one, which leaves it awaited for the others.
      if (seen === AWAITED || word.compareExchange(host, base, HELD, AWAITED) !== FREE) host.park(this.at, AWAITED);
      seen = word.compareExchange(host, base, FREE, AWAITED);
    }
    try {
      return action();
    } finally {
      if (word.exchange(host, base, FREE) === AWAITED) host.unpark(this.at, 1);
    }
  }
}
