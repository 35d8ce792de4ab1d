/** What `import … from 'hartbreak'` gives: the same functions that the commands are made of. */
import { bugs as bugRows } from '../../kernel/bugs/bugs.js';
import { designs as designRows } from '../../kernel/page-sharing/designs.js';
import { scenarios as scenarioRows } from '../../kernel/scenarios/scenarios.js';
import { strategies as strategyRows } from '../schedule/strategies.js';
import { EXHAUSTIVE } from './check.js';

export { type CheckFailure, type CheckOptions, type CheckResult, check } from './check.js';
export { type FailureFile, failureFileOf, readFailure, saveFailure } from './failure-file.js';
export { reportText } from './failure-text.js';
export { VERSION } from './package-root.js';

/** A thing that can be chosen by name. */
export interface Choice {
  readonly name: string;
  readonly summary: string;
}

const choices = (rows: readonly Choice[]): readonly Choice[] => rows.map(({ name, summary }) => ({ name, summary }));

export const designs = choices(designRows);
export const bugs = choices(bugRows);
export const scenarios = choices(scenarioRows);
export const strategies: readonly Choice[] = [
  ...choices(strategyRows),
  { name: EXHAUSTIVE, summary: 'every schedule with at most `bound` preemptions' },
];
