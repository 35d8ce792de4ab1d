import { describe, expect, it } from 'vitest';
import { random } from '../../src/schedule/random.js';
import { recordedSwitches, replayPlan } from '../../src/schedule/replay.js';
import { ToyMachine } from '../support/toy-machine.js';

describe('replay', () => {
  it('repeats what two hundred random schedules did, event by event', async () => {
    const toy = new ToyMachine('locked');
    const facts = { harts: 2, points: 10, contendedPoints: 0, asked: [] };
    for (let index = 0; index < 200; index++) {
      const plan = random.plan(facts, 7, index);
      const first = toy.run(plan);
      const again = toy.run(replayPlan(plan, recordedSwitches(2, first.switches)));
      expect(again.trace).toEqual(first.trace);
    }
    await toy.close();
  });
});
