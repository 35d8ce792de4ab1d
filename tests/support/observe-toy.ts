import type { Finding } from '../../src/races/finding.js';
import type { ObserverContext, ObserverFactory } from '../../src/races/observer.js';
import { type Plan, plainPlan } from '../../src/schedule/plan.js';
import { type ToyDuel, toyWords } from './toy-duels.js';
import { ToyMachine } from './toy-machine.js';

export const toyContext: ObserverContext = {
  harts: 2,
  ramSize: 2 << 20,
  describe: (address) => Object.entries(toyWords).find(([, at]) => at === address)?.[0] ?? String(address),
  allocatorLocks: [],
  guardOf: (address) => (address === toyWords.COUNTER ? toyWords.LOCK_A : undefined),
  atStart: { mappedBy: new Map(), free: new Set() },
  pidsAtStart: [0, 0],
};

/** What the observer holds against one run of the duel. */
export async function findingsOf(
  make: ObserverFactory,
  duel: ToyDuel,
  plan: Plan = plainPlan(2),
): Promise<readonly Finding[]> {
  const machine = new ToyMachine(duel);
  const { trace } = machine.run(plan);
  await machine.close();
  const observer = make(toyContext);
  observer.begin();
  trace.forEach((event, index) => {
    observer.observe(event, index);
  });
  return observer.findings();
}
