import { isAccess, type TraceEvent } from '../../src/memory/trace-event.js';
import type { RunResult } from '../../src/schedule/coordinator.js';
import { plainPlan } from '../../src/schedule/plan.js';
import { SwitchReason } from '../../src/schedule/switch-reason.js';
import { RANDOM_TOY } from './random-toy.js';
import type { ToyMachine } from './toy-machine.js';

interface Choices {
  readonly first: number;
  readonly preemptions: readonly { readonly at: number; readonly to: number }[];
  readonly successors: readonly number[];
}

/** What a run came to, as its harts could tell: what each of them read and wrote, in its own order, and how it ended. */
export function outcomeOf(harts: number, { end, message }: RunResult, trace: readonly TraceEvent[]): string {
  const seen = Array.from({ length: harts }, (_, hart) =>
    trace
      .filter((event) => event.hart === hart && isAccess(event.op) && event.address !== RANDOM_TOY)
      .map(({ op, address, value, after }) => [op, address, value, after].join()),
  );
  return JSON.stringify([end, message, seen]);
}

/**
 * Outcomes of all runs with at most `bound` preemptions: every choice at every point is tried, contended or not, and
 * nothing is left out because something like it was run.
 */
export function everyOutcome(toy: ToyMachine, harts: number, bound: number): Set<string> {
  const outcomes = new Set<string>();
  const everybody = plainPlan(harts).preference;
  /** @param from the first change of the turn that is not chosen yet, and the first point */
  const explore = ({ first, preemptions, successors }: Choices, from: { change: number; point: number }): void => {
    const run = toy.run({
      preference: [first, ...everybody.filter((hart) => hart !== first)],
      unit: 'every',
      strict: false,
      switches: preemptions.map(({ at, to }) => ({ at, action: { kind: 'to', hart: to } })),
      successors,
      answers: [],
    });
    if (run.parted !== null) return;
    outcomes.add(outcomeOf(harts, run, run.trace));
    const forced: number[] = [];
    let hart = first;
    let point = 0;
    for (const [change, next] of [...run.switches, undefined].entries()) {
      const end = next?.step ?? run.points;
      if (preemptions.length < bound)
        for (; point < end; point++)
          for (const to of everybody)
            if (to !== hart && point >= from.point && change >= from.change)
              explore(
                { first, preemptions: [...preemptions, { at: point, to }], successors },
                { change: change + 1, point: point + 1 },
              );
      point = end;
      if (next === undefined) return;
      if (next.reason !== SwitchReason.Preempted) {
        for (const to of everybody)
          if (to !== next.from && to !== next.to && change >= from.change)
            explore({ first, preemptions, successors: [...forced, to] }, { change: change + 1, point: end });
        forced.push(next.to);
      }
      hart = next.to;
    }
  };
  for (const first of everybody) explore({ first, preemptions: [], successors: [] }, { change: 0, point: 0 });
  return outcomes;
}
