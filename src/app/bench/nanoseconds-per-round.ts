import { SharedMemory } from '../../memory/shared-memory.js';
import { median } from '../../report/spread.js';

const ROUNDS = 1_000_000;
const TIMES = 15;

/** What a round of the empty loop of `SharedAccess.delay` takes on this host, which in virtual time is a cycle. */
export function nanosecondsPerRound(): number {
  const { ram } = SharedMemory.create({ harts: 1, memory: 2 });
  const times = Array.from({ length: TIMES }, () => {
    const begun = performance.now();
    ram.delay(ROUNDS);
    return performance.now() - begun;
  });
  return (median(times) * 1e6) / ROUNDS;
}
