import type { Plan } from './plan.js';

/** What a strategy may know of the scenario: learned from the run in which nothing is preempted. */
export interface ScenarioFacts {
  readonly harts: number;
  /** Points of the plain run. */
  readonly points: number;
  /** Points of the plain run on contended words. */
  readonly contendedPoints: number;
  /** How often the plain run asked each `Question` that the scenario allows to be answered with other than 0. */
  readonly asked: readonly number[];
}

/**
 * Makes the plan of schedule number `index`. Strategies that learn nothing from earlier runs are pure functions of the
 * seed and the index, so that any number of machines may share the schedules out and find the same.
 */
export interface Strategy {
  readonly name: string;
  readonly summary: string;
  plan(facts: ScenarioFacts, seed: number, index: number): Plan;
}
