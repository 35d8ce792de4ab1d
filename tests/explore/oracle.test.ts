import { afterEach, describe, expect, it } from 'vitest';
import { explain } from '../../src/explore/explainer.js';
import { SerialOracle } from '../../src/explore/oracle.js';
import { serialRuns } from '../../src/explore/serial-orders.js';
import { Question } from '../../src/memory/access.js';
import { plainPlan } from '../../src/schedule/plan.js';
import { random } from '../../src/schedule/random.js';
import { RunEnd } from '../../src/schedule/schedule-block.js';
import { strategies } from '../../src/schedule/strategies.js';
import { sampled } from '../support/long-form.js';
import { type ToyDuel, toyWords } from '../support/toy-duels.js';
import { ToyExplorer } from '../support/toy-explorer.js';

const toys: ToyExplorer[] = [];
function toy(duel: ToyDuel, options: ConstructorParameters<typeof ToyExplorer>[1] = {}): ToyExplorer {
  const made = new ToyExplorer(duel, { oracle: true, ...options });
  toys.push(made);
  return made;
}
afterEach(async () => {
  await Promise.all(toys.splice(0).map((made) => made.close()));
});

/** What a word is after each serial run, in the order of the runs. */
function serially(duel: ToyDuel, word: number, harts = 2): number[] {
  const { machine } = toy(duel, { harts }).explorer;
  const values: number[] = [];
  for (const { end } of serialRuns(machine, [])) {
    expect(end).toBe(RunEnd.Done);
    values.push(machine.memory.ram.load32(word));
  }
  return values;
}

const failing = (...nths: readonly number[]) =>
  nths.map((nth) => ({ question: Question.AllocationFails, nth, answer: 1 }));

describe('serial runs', () => {
  it('change harts between operations, and nowhere else', () => {
    expect(serially('twoOperations', toyWords.RIGHT).toSorted()).toEqual([0, 1, 2]);
  });

  it('are every order of three harts', () => {
    expect(serially('threeStores', toyWords.COUNTER, 3).toSorted()).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it('leave out what comes to no end, and what goes on in the middle of an operation because another hart must wait', () => {
    expect(serially('neverLooks', toyWords.COUNTER)).toEqual([]);
    // Hart 1 first is the one serial order: the other way round, hart 0 waits for it.
    expect(serially('waitsForEither', toyWords.COUNTER)).toEqual([2]);
  });
});

describe('the serial oracle', () => {
  it('says how many runs it compared: none that had no end, or that it has nothing to compare with', () => {
    const compared = (duel: ToyDuel, options = {}) => toy(duel, options).explorer.batch(random, 1, 0, 20).compared;
    expect(compared('unlocked')).toBe(20);
    expect(compared('neverLooks')).toBe(0);
    expect(compared('unlocked', { oracle: false })).toBe(0);
  });

  it.each(strategies)('finds by $name an end that no order comes to, which needs no check of its own', (strategy) => {
    const { explorer } = toy('unlocked', { observers: [] });
    const found = explorer.batch(strategy, 1, 0, 60).failures.find(({ kind }) => kind === 'not-serial');
    expect(found).toMatchObject({
      signature: 'not-serial: a word',
      harm: true,
      summary:
        'no order of these operations, one after the other, ends so. All serial orders come to one end, and the nearest differs in a word, COUNTER: 1, where it has 2',
    });
  });

  it.each(sampled(['locked', 'threeStores', 'twoOperations', 'starved'] as const, 2))(
    'holds nothing against %s, whatever the schedule',
    (duel) => {
      for (const strategy of strategies) {
        const { failures } = toy(duel, { observers: [] }).explorer.batch(strategy, 1, 0, 60);
        expect(failures.filter(({ kind }) => kind === 'not-serial')).toEqual([]);
      }
    },
  );

  it('is off unless asked for', () => {
    const { explorer } = toy('unlocked', { oracle: false });
    expect(explorer.batch(random, 1, 0, 60).failures.map(({ kind }) => kind)).not.toContain('not-serial');
  });

  it('compares a run in which an allocation failed with serial runs in which one did', () => {
    const { machine } = toy('starved').explorer;
    const oracle = new SerialOracle(machine);
    const counterIs = (value: number) => [
      { about: 'a word', of: 'COUNTER', is: String(value) },
      { about: 'a word', of: 'LEFT', is: '0' },
      { about: 'a word', of: 'RIGHT', is: '0' },
    ];
    oracle.prepare();
    const holds = (value: number, nths: readonly number[]) => {
      let complaints = oracle.complaints(counterIs(value), failing(...nths));
      while (!oracle.isSure()) complaints = oracle.complaints(counterIs(value), failing(...nths));
      return complaints.length === 0;
    };
    expect([2, 1, 0].map((value) => holds(value, []))).toEqual([true, false, false]);
    expect([2, 1, 0].map((value) => holds(value, [0]))).toEqual([true, true, false]);
    // There would be too many to compare it with.
    expect(holds(3, [0, 1])).toBe(true);
  });

  it('lets as many allocations fail as the subject says may', () => {
    const refused = (mayFail: number) => {
      const { explorer } = toy('starved', { mayFail, observers: [] });
      const plan = { ...plainPlan(2), answers: failing(0, 1).slice(0, 1) };
      const { judgement } = explorer.run(plan);
      expect(judgement.failures).toEqual([]);
      const oracle = new SerialOracle(explorer.machine);
      oracle.prepare();
      const nothing = ['COUNTER', 'LEFT', 'RIGHT'].map((of) => ({ about: 'a word', of, is: '0' }));
      let complaints = oracle.complaints(nothing, []);
      while (!oracle.isSure()) complaints = oracle.complaints(nothing, []);
      return complaints.length === 0;
    };
    expect([0, 1, 2].map(refused)).toEqual([false, false, true]);
  });

  it('holds nothing against anybody where there are too many orders to run', () => {
    const { machine } = toy('manyOperations', { harts: 3, oracle: false }).explorer;
    const oracle = new SerialOracle(machine);
    oracle.prepare();
    expect(oracle.outcomes).toBeUndefined();
    expect(oracle.complaints([], [])).toEqual([]);
  });

  it('disturbs no run: its own are made before', () => {
    const { explorer } = toy('unlocked');
    const found = explorer.batch(random, 1, 0, 60).failures.find(({ kind }) => kind === 'not-serial')!;
    const { result } = explorer.run({ ...found.plan, answers: failing(1) });
    expect(result.end).toBe(RunEnd.Done);
    expect(explorer.machine.memory.ram.load32(toyWords.COUNTER)).toBe(1);
    expect(explain(explorer, found)).toMatchObject({ kind: 'not-serial', harmful: true, preemptions: 1 });
  });
});
