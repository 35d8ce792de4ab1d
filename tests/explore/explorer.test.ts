import { afterEach, describe, expect, it } from 'vitest';
import { Question } from '../../src/memory/access.js';
import { plainPlan } from '../../src/schedule/plan.js';
import { random } from '../../src/schedule/random.js';
import { RunEnd } from '../../src/schedule/schedule-block.js';
import { strategies } from '../../src/schedule/strategies.js';
import { type ToyDuel, toyWords } from '../support/toy-duels.js';
import { ToyExplorer } from '../support/toy-explorer.js';

const toys: ToyExplorer[] = [];
function toy(duel: ToyDuel, options: ConstructorParameters<typeof ToyExplorer>[1] = {}): ToyExplorer {
  const made = new ToyExplorer(duel, options);
  toys.push(made);
  return made;
}
afterEach(async () => {
  await Promise.all(toys.splice(0).map((made) => made.close()));
});

describe('the explorer, of whatever subject', () => {
  it('knows which words harts contend for, and how long a run is, before the first schedule', () => {
    const { explorer } = toy('unlocked');
    expect(explorer.facts).toMatchObject({ harts: 2, points: 4, contendedPoints: 4 });
    expect(explorer.machine.coordinator.contended.has(toyWords.COUNTER)).toBe(true);
    expect(explorer.machine.coordinator.contended.has(toyWords.RIGHT)).toBe(false);
  });

  it.each(strategies)(
    'finds by $name what a subject complains of, and the plan that it keeps repeats it',
    (strategy) => {
      const { explorer } = toy('unlocked');
      const { failures, firstHarm } = explorer.batch(strategy, 1, 0, 60);
      const lost = failures.find(({ kind }) => kind === 'content');
      expect(lost).toMatchObject({ signature: 'content: increments', harm: true, summary: 'COUNTER is 1, and not 2' });
      expect(firstHarm).toBe(lost!.schedule);
      expect(explorer.run(lost!.plan).judgement.failures.map(({ kind }) => kind)).toContain('content');
    },
  );

  it.each(strategies)('holds nothing against a toy that takes its lock, by $name', (strategy) => {
    const { explorer } = toy('locked');
    expect(explorer.batch(strategy, 1, 0, 60)).toMatchObject({ schedules: 60, failures: [], advice: [] });
  });

  it('puts the memory back before every run: the same plan comes to the same memory', () => {
    const { explorer } = toy('unlocked');
    const hashOf = () => {
      explorer.run(plainPlan(2));
      return explorer.machine.memoryHash();
    };
    const first = hashOf();
    explorer.run(random.plan(explorer.facts, 3, 5));
    expect(hashOf()).toBe(first);
  });

  it('asks the schedule only what the subject allows', () => {
    expect(toy('starved').explorer.facts.asked[Question.AllocationFails]).toBe(2);
  });

  it('counts classes of runs: orders of what does not depend on one another are one', () => {
    const { explorer } = toy('threeStores', { harts: 3, classes: true });
    const { classes } = explorer.batch(random, 1, 0, 200);
    // Six orders of three stores to one word.
    expect(classes.size).toBe(6);
    for (const schedule of classes.values())
      expect([...explorer.batch(random, 1, schedule, 1).classes.keys()].every((one) => classes.has(one))).toBe(true);
    const whole = [...classes].filter(([, schedule]) => schedule < 100);
    expect([...explorer.batch(random, 1, 0, 100).classes]).toEqual(whole);
    expect(explorer.searchOn(explorer.search(1), 0, 10).classes.size).toBe(0);
    expect(toy('threeStores').explorer.batch(random, 1, 0, 10).classes.size).toBe(0);
  });

  it('searches to the end, and says so', () => {
    const { explorer } = toy('unlocked');
    const found = explorer.searchOn(explorer.search(1), 0, 100);
    expect(found.coverage).toMatchObject({ complete: true, completedBound: 1 });
    expect(found.failures.map(({ signature }) => signature)).toContain('content: increments');
  });
});

describe('the judge', () => {
  it('names of a deadlock who waits for what, who has it, and the locks as its place', () => {
    const { explorer } = toy('crossed');
    const failures = explorer.batch(random, 1, 0, 200).failures;
    expect(failures.find(({ kind }) => kind === 'deadlock')).toMatchObject({
      signature: 'deadlock: LOCK_A, LOCK_B',
      summary: expect.stringMatching(/^hart 0 waits for LOCK_B, which hart \d holds; hart 1 waits for LOCK_A/),
    });
    expect(failures.find(({ kind }) => kind === 'lock-order')?.signature).toBe('lock-order: LOCK_A, LOCK_B');
  });

  it('names of what was thrown the error, and not its words, as the place', () => {
    const { explorer } = toy('panics');
    const [failure] = explorer.run(plainPlan(2)).judgement.failures;
    expect(failure).toMatchObject({ kind: 'panic', place: 'Error', summary: 'hart 1: Error: panic: toy' });
  });

  it('has a run that its subject ends at rest, though another hart waits', () => {
    const { explorer } = toy('endsEarly', { observers: [] });
    const { result, judgement } = explorer.run({ ...plainPlan(2), preference: [1, 0] });
    expect(result).toMatchObject({ end: RunEnd.Done, endedBy: 0 });
    expect(judgement.failures).toEqual([]);
    expect(explorer.machine.memory.ram.load32(toyWords.OVER)).toBe(1);
    // And every hart is fit for the next run.
    expect(explorer.run(plainPlan(2)).result.end).toBe(RunEnd.Done);
  });

  it('lets a hart that waits for either of two words go on when the second changes', () => {
    const { explorer } = toy('waitsForEither');
    expect(explorer.run(plainPlan(2)).result.end).toBe(RunEnd.Done);
  });

  it('uses only the observers that are switched on', () => {
    const kinds = (observers: readonly string[]) => {
      const { failures, advice } = toy('unlocked', { observers }).explorer.batch(random, 1, 0, 30);
      return [...failures, ...advice].map(({ kind }) => kind);
    };
    expect(kinds(['happens-before'])).toContain('data-race');
    expect(kinds(['lockset'])).toContain('lockset');
    expect(kinds(['lockset'])).not.toContain('data-race');
  });
});
