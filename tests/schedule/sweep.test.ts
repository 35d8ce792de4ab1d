import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/schedule/plan.js';
import { sweep } from '../../src/schedule/sweep.js';

const POINTS = 12;
/** How often each question was asked. */
const ASKED = [3, 0, 1];
const plans = (harts: number, count: number, asked: readonly number[] = []): Plan[] =>
  Array.from({ length: count }, (_, index) =>
    sweep.plan({ harts, points: 99, contendedPoints: POINTS, asked }, 3, index),
  );
/** One of three is for the questions. */
const preempting = (all: readonly Plan[]) => all.filter((_, index) => index % 3 !== 2);
describe('a sweep', () => {
  it.each([2, 3])('preempts each of %i harts once before each contended point, for each other one', (harts) => {
    const all = harts * (harts - 1) * POINTS;
    const first = preempting(plans(harts, Math.ceil((all * 3) / 2) + 3)).slice(0, all);
    const told = ({ preference, switches }: Plan) => JSON.stringify([preference, switches]);
    expect(new Set(first.map(told)).size).toBe(all);
    for (let point = 0; point < POINTS; point++) {
      const there = first.filter(({ switches }) => switches.at(-1)!.at === point);
      expect(there.length).toBe(harts * (harts - 1));
    }
    for (const { unit, answers } of first) expect({ unit, answers }).toEqual({ unit: 'contended', answers: [] });
  });

  it('is spread over the whole run however few of them are made', () => {
    const ats = preempting(plans(2, 15)).map(({ switches }) => switches.at(-1)!.at);
    for (const third of [0, 1, 2])
      expect(ats.filter((at) => Math.floor((at * 3) / POINTS) === third).length).toBeGreaterThan(1);
  });

  it('answers each question once, with each hart first and nobody preempted', () => {
    const answering = plans(2, 30, ASKED).filter((_, index) => index % 3 === 2);
    const seen = answering
      .slice(0, 8)
      .map(({ preference, switches, answers }) => JSON.stringify([preference[0], switches, answers]));
    const wanted = ASKED.flatMap((times, question) =>
      Array.from({ length: times }, (_, nth) => [{ question, nth, answer: 1 }]),
    ).flatMap((answers) => [0, 1].map((hart) => JSON.stringify([hart, [], answers])));
    expect(seen.toSorted()).toEqual(wanted.toSorted());
  });

  it('goes on with two preemptions when all that is done', () => {
    const rest = plans(2, 200, [1]).slice(2 * POINTS * 2);
    expect(rest.every(({ switches }) => switches.length === 2)).toBe(true);
    expect(new Set(rest.map(({ switches }) => JSON.stringify(switches))).size).toBeGreaterThan(100);
  });
});
