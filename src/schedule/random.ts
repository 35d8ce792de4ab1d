import type { Question } from '../memory/access.js';
import type { Plan, PlannedAnswer, PlannedSwitch } from './plan.js';
import { RandomNumbers } from './random-numbers.js';
import type { ScenarioFacts, Strategy } from './strategy.js';

/**
 * Mean number of switches in a run; each schedule draws one, because no single stickiness suits every bug: some need
 * one switch at the right place and none elsewhere, others many close together. More would only cost time: a switch
 * takes as long as many points.
 */
const MEAN_SWITCHES = [1, 2, 4, 8, 16, 32, 64] as const;
/** Least mean number of points that a hart keeps the turn. */
const LEAST_STAY = 2;

/**
 * Sticky random: the hart that has the turn keeps it with a high probability; a coin at every access would never let
 * any hart get far enough.
 */
export const random: Strategy = {
  name: 'random',
  summary: 'sticky random switches; stickiness drawn anew for each schedule',
  plan(facts: ScenarioFacts, seed: number, index: number): Plan {
    const numbers = new RandomNumbers(seed, index);
    // Half of the schedules switch only where harts can disturb one another: every switch counts there.
    const unit = numbers.below(2) === 0 ? 'contended' : 'every';
    const points = unit === 'contended' ? facts.contendedPoints : facts.points;
    const stay = Math.max(LEAST_STAY, points / MEAN_SWITCHES[numbers.below(MEAN_SWITCHES.length)]!);
    const preference = numbers.shuffled(Array.from({ length: facts.harts }, (_, hart) => hart));
    const switches: PlannedSwitch[] = [];
    // Preempted runs are longer than the plain one (retries, waits): plan twice its length.
    for (let at = numbers.geometric(1 / stay) - 1; at < 2 * points; at += numbers.geometric(1 / stay))
      switches.push({ at, action: { kind: 'pick', random: numbers.word() } });
    return { preference, unit, switches, strict: false, answers: chosenAnswers(facts, numbers) };
  },
};

/** Most answers to one question that are not the ordinary course of things. */
const MOST_ANSWERS = 3;

/** For half of the schedules everything takes its ordinary course; for the others a few questions do not. */
export function chosenAnswers({ asked }: ScenarioFacts, numbers: RandomNumbers): PlannedAnswer[] {
  if (numbers.below(2) === 0) return [];
  const planned: PlannedAnswer[] = [];
  for (const [question, times] of asked.entries()) {
    if (times === 0) continue;
    const nths = new Set(Array.from({ length: numbers.below(MOST_ANSWERS + 1) }, () => numbers.below(times)));
    for (const nth of nths) planned.push({ question: question as Question, nth, answer: 1 });
  }
  return planned;
}
