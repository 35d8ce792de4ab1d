import type { Question } from '../memory/access.js';
import type { Plan, PlannedAnswer, PlannedSwitch } from './plan.js';
import { chosenAnswers } from './random.js';
import { RandomNumbers } from './random-numbers.js';
import type { ScenarioFacts, Strategy } from './strategy.js';

/** Of so many schedules, one answers a question; the others preempt a hart. */
const ANSWERS_EVERY = 3;
/** Points between two neighbours in the order of the sweep are this share of all apart: any few of them lie far from one another. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * One thing at a time: each contended point with one preemption before it, and each question answered once otherwise, with
 * each hart first. Most mistakes take no more, and a chance is no better at finding them than a list; the order of the points
 * is such that a few of them are spread over the whole run. What comes after the list takes two preemptions.
 */
export const sweep: Strategy = {
  name: 'sweep',
  summary: 'one preemption at each contended point in turn, and each question answered otherwise in turn; then pairs',
  plan(facts, seed, index) {
    const numbers = new RandomNumbers(seed, index);
    const answer = index % ANSWERS_EVERY === ANSWERS_EVERY - 1;
    const turn = Math.floor(index / ANSWERS_EVERY);
    if (answer) return onceAnswered(facts, seed, turn) ?? pair(facts, numbers);
    return oncePreempted(facts, seed, index - turn) ?? pair(facts, numbers);
  },
};

/** Number `turn` of the plans with one preemption; undefined: there are not so many. */
function oncePreempted({ harts, contendedPoints }: ScenarioFacts, seed: number, turn: number): Plan | undefined {
  if (turn >= harts * (harts - 1) * contendedPoints) return undefined;
  const step = stride(contendedPoints);
  const place = Math.floor(turn / harts);
  const at = (place * step + new RandomNumbers(seed, 0).below(contendedPoints)) % contendedPoints;
  const first = turn % harts;
  const others = rotated(harts, first).slice(1);
  const to = others[Math.floor(place / contendedPoints)]!;
  const rest = others.filter((hart) => hart !== to);
  const preempted: PlannedSwitch = { at, action: { kind: 'to', hart: to } };
  // Whoever else there is goes on after the one that was preempted, or before it: by turns.
  if (place % 2 === 0) return plan([first, to, ...rest], [preempted], []);
  const begins: PlannedSwitch = { at: 0, action: { kind: 'to', hart: first } };
  return plan([...rest, first, to], at === 0 || rest.length === 0 ? [preempted] : [begins, preempted], []);
}

/** Number `turn` of those in which one question is answered otherwise; undefined: there are not so many. */
function onceAnswered({ harts, asked }: ScenarioFacts, seed: number, turn: number): Plan | undefined {
  const answers = asked.flatMap((times, question) =>
    Array.from({ length: times }, (_, nth): PlannedAnswer => ({ question: question as Question, nth, answer: 1 })),
  );
  if (turn >= answers.length * harts) return undefined;
  const first = (turn + seed) % harts;
  return plan(rotated(harts, first), [], [answers[Math.floor(turn / harts)]!]);
}

/** One hart is preempted, and the one that goes on after it too. */
function pair(facts: ScenarioFacts, numbers: RandomNumbers): Plan {
  const { harts, contendedPoints } = facts;
  const preference = numbers.shuffled(Array.from({ length: harts }, (_, hart) => hart));
  const ats = [0, 1].map(() => numbers.below(Math.max(1, contendedPoints)));
  const switches = ats
    .toSorted((a, b) => a - b)
    .map((at): PlannedSwitch => ({ at, action: { kind: 'pick', random: numbers.word() } }));
  return plan(preference, switches, chosenAnswers(facts, numbers));
}

function plan(
  preference: readonly number[],
  switches: readonly PlannedSwitch[],
  answers: readonly PlannedAnswer[],
): Plan {
  return { preference, unit: 'contended', switches, strict: false, answers };
}

function rotated(harts: number, first: number): number[] {
  return Array.from({ length: harts }, (_, i) => (first + i) % harts);
}

/** Has no divisor with the number of points in common: so many steps come to each point once. */
function stride(points: number): number {
  let step = Math.max(1, Math.round(points * GOLDEN));
  while (commonDivisor(step, points) !== 1) step++;
  return step;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
