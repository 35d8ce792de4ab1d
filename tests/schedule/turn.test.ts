import { afterEach, describe, expect, it } from 'vitest';
import { isAccess } from '../../src/memory/trace-event.js';
import { type Plan, plainPlan } from '../../src/schedule/plan.js';
import { RunEnd } from '../../src/schedule/schedule-block.js';
import { SwitchReason } from '../../src/schedule/switch-reason.js';
import type { ToyDuel } from '../support/toy-duels.js';
import { toyWords } from '../support/toy-duels.js';
import { ToyMachine } from '../support/toy-machine.js';

const machines: ToyMachine[] = [];
function machine(duel: ToyDuel): ToyMachine {
  const made = new ToyMachine(duel);
  machines.push(made);
  return made;
}
afterEach(async () => {
  await Promise.all(machines.splice(0).map((made) => made.close()));
});

const switchTo = (hart: number, at: number): Plan => ({
  ...plainPlan(2),
  switches: [{ at, action: { kind: 'to', hart } }],
});

describe('the turn', () => {
  it('lets each hart run to its end when the plan wants nothing', () => {
    const run = machine('unlocked').run(plainPlan(2));
    expect(run.end).toBe(RunEnd.Done);
    expect(run.counter).toBe(2);
    expect(run.trace.map((event) => event.hart)).toEqual([0, 0, 1, 1]);
    expect(run.switches.map((s) => s.reason)).toEqual([SwitchReason.Finished]);
  });

  it('changes hands exactly where the plan says, so that an increment is lost', () => {
    const run = machine('unlocked').run(switchTo(1, 1));
    expect(run.counter).toBe(1);
    expect(run.trace.map((event) => event.hart)).toEqual([0, 1, 1, 0]);
  });

  it('gives the same trace for the same plan, a hundred times', () => {
    const toy = machine('locked');
    const first = toy.run(switchTo(1, 2));
    for (let i = 0; i < 100; i++) expect(toy.run(switchTo(1, 2))).toEqual(first);
  });

  it('does not run a hart that spins on a held lock', () => {
    // Point 1: hart 0 holds the lock. Hart 1 looks at it once, blocks, and is not asked again before the release.
    const run = machine('locked').run(switchTo(1, 1));
    expect(run.end).toBe(RunEnd.Done);
    expect(run.counter).toBe(2);
    const looks = run.trace.filter(
      ({ hart, address, op }) => hart === 1 && address === toyWords.LOCK_A && isAccess(op),
    );
    // The exchange that fails, the one that succeeds, and the release.
    expect(looks.length).toBe(3);
    expect(run.switches.map((s) => s.reason)).toContain(SwitchReason.Blocked);
  });

  it('ends in a deadlock when nobody can move', () => {
    expect(machine('crossed').run(switchTo(1, 1)).end).toBe(RunEnd.Deadlock);
  });

  it('keeps what a hart threw, and is fit for the next run', () => {
    const toy = machine('panics');
    const run = toy.run(switchTo(1, 1));
    expect(run.end).toBe(RunEnd.Thrown);
    expect(run.endedBy).toBe(1);
    expect(run.message).toContain('panic: toy');
    expect(toy.run(plainPlan(2)).end).toBe(RunEnd.Thrown);
  });

  it('runs the preferred hart first and follows demotions', () => {
    const run = machine('unlocked').run({
      preference: [1, 0],
      unit: 'every',
      strict: true,
      switches: [{ at: 1, action: { kind: 'demote' } }],
      answers: [],
    });
    expect(run.trace.map((event) => event.hart)).toEqual([1, 0, 0, 1]);
  });

  it('counts only contended words when the plan says so', () => {
    const toy = machine('locked');
    toy.coordinator.contended.add(toyWords.COUNTER);
    const run = toy.run({ ...switchTo(1, 1), unit: 'contended' });
    expect(run.contendedPoints).toBe(4);
    // Contended point 1 is hart 0's store to the counter, inside its lock.
    expect(run.switches[0]).toMatchObject({ step: 2, contended: 1, from: 0, to: 1 });
  });
});
