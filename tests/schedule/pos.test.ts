import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/schedule/plan.js';
import { pos } from '../../src/schedule/pos.js';
import { recordedSwitches, replayPlan } from '../../src/schedule/replay.js';
import type { ToyDuel } from '../support/toy-duels.js';
import { toyWords } from '../support/toy-duels.js';
import { ToyMachine } from '../support/toy-machine.js';

const facts = (harts: number) => ({ harts, points: 10, contendedPoints: 10, asked: [] });

/** So many schedules of a toy whose every word is contended. */
async function runs<T>(duel: ToyDuel, harts: number, count: number, look: (toy: ToyMachine, plan: Plan) => T) {
  const toy = new ToyMachine(duel, harts);
  for (const word of Object.values(toyWords)) toy.coordinator.contended.add(word);
  const seen = Array.from({ length: count }, (_, index) => look(toy, pos.plan(facts(harts), 5, index)));
  await toy.close();
  return seen;
}

describe('partial order sampling, which decides during the run', () => {
  it.each([2, 3])('of %i harts does the same again for the same seed', async (harts) => {
    await runs('locked', harts, 50, (toy, plan) => expect(toy.run(plan).trace).toEqual(toy.run(plan).trace));
  });

  it.each([2, 3])('of %i harts is repeated by a plan of the switches that it made', async (harts) => {
    await runs('relay', harts, 100, (toy, plan) => {
      const first = toy.run(plan);
      const again = toy.run(replayPlan(plan, recordedSwitches(harts, first.switches)));
      expect(again.trace).toEqual(first.trace);
      expect(again.parted).toBeNull();
    });
  });

  it('comes to both outcomes of two increments without a lock, and to one with it', async () => {
    const counters = async (duel: ToyDuel) => new Set(await runs(duel, 2, 60, (toy, plan) => toy.run(plan).counter));
    expect(await counters('unlocked')).toEqual(new Set([1, 2]));
    expect(await counters('locked')).toEqual(new Set([2]));
  });

  it('draws every order of three stores to one word about as often', async () => {
    const orders = await runs('threeStores', 3, 600, (toy, plan) =>
      toy
        .run(plan)
        .trace.map(({ hart }) => hart)
        .join(''),
    );
    const counts = new Map<string, number>();
    for (const order of orders) counts.set(order, (counts.get(order) ?? 0) + 1);
    expect(counts.size).toBe(6);
    // Each is one of 600 draws with a chance of a sixth: 100, and further than 50 from it once in 10^7 times; the seed is fixed.
    for (const [order, times] of counts) expect(Math.abs(times - 100), order).toBeLessThan(50);
  });
});
