import { describe, expect, it } from 'vitest';
import { plainPlan } from '../../src/schedule/plan.js';
import { RunEnd } from '../../src/schedule/schedule-block.js';
import { DEFAULT_COSTS } from '../../src/schedule/time-costs.js';
import { timedPlan } from '../../src/schedule/timed.js';
import type { ToyDuel } from '../support/toy-duels.js';
import { ToyMachine } from '../support/toy-machine.js';

/** Every cost 0 but for a read-modify-write: harts are apart by the atomic operations that they have done. */
const costs = { ...DEFAULT_COSTS, hit: 1, share: 1, transfer: 1, upgrade: 1, memory: 1, atomic: 100 };

async function run(duel: ToyDuel, harts: number, times = 1) {
  const toy = new ToyMachine(duel, harts, 64);
  const runs = Array.from({ length: times }, () => toy.run(timedPlan(harts, costs, 1)));
  await toy.close();
  return runs;
}
const harts = ({ trace }: Awaited<ReturnType<typeof run>>[number]) => trace.map(({ hart }) => hart).join('');

describe('the timed policy', () => {
  it('lets harts that take as long go on in turn', async () => {
    const [unlocked] = await run('unlocked', 2);
    expect(harts(unlocked!)).toBe('0101');
    // Both loaded before either stored.
    expect(unlocked).toMatchObject({ counter: 1, end: RunEnd.Done });
  });

  it('is asked at words that no hart is known to contend for, and at those that only one uses', async () => {
    // Each writes its own word twice, and reads another's in between. The first words of harts 0 and 1 lie in one line: hart
    // 1 has it at 2, when harts 0 and 2, who had theirs at 1, have already read.
    const [relay] = await run('relay', 3);
    expect(harts(relay!)).toBe('012021012');
  });

  it('keeps a hart waiting for a lock until it has been let go', async () => {
    const [locked] = await run('locked', 3);
    expect(locked).toMatchObject({ counter: 3, end: RunEnd.Done });
  });

  it('lets time pass for a hart that is busy without an access', async () => {
    const [late] = await run('late', 2);
    expect(harts(late!)).toBe('10');
  });

  it('does not keep a hart waiting that takes no look, which another plan does', async () => {
    const toy = new ToyMachine('neverLooks', 2, 64);
    expect(toy.run(timedPlan(2, costs, 1))).toMatchObject({ end: RunEnd.Done, counter: 1 });
    expect(toy.run(plainPlan(2))).toMatchObject({ end: RunEnd.Deadlock });
    await toy.close();
  });

  it('lets a hart that sleeps go on only when it is woken, and one that nobody wakes after all others', async () => {
    const [sleepers] = await run('sleepers', 3);
    expect(harts(sleepers!)).toBe('0012');
  });

  it('finds out when all wait', async () => {
    const [crossed] = await run('crossed', 2);
    expect(crossed!.end).toBe(RunEnd.Deadlock);
  });

  it('does the same again, a hundred times', async () => {
    const [first, ...more] = await run('locked', 4, 100);
    for (const other of more) expect(other).toEqual(first);
  });

  it('cannot be had on a machine without room for its clocks', async () => {
    const toy = new ToyMachine('unlocked');
    expect(() => toy.run(timedPlan(2, costs, 1))).toThrow(RangeError);
    await toy.close();
  });
});
