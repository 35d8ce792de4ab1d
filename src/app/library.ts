/** What `import … from 'hartbreak'` gives: the same functions that the commands are made of. */
import type { Bug } from '../../kernel/bugs/bug.js';
import { bugs as bugRows } from '../../kernel/bugs/bugs.js';
import { lockFamilies } from '../../kernel/locks/families.js';
import { freeLists } from '../../kernel/memory/free-lists.js';
import { refsChoices } from '../../kernel/page-sharing/counts/schemes.js';
import { designs as designRows } from '../../kernel/page-sharing/designs.js';
import { scenarios as scenarioRows } from '../../kernel/scenarios/scenarios.js';
import { strategies as strategyRows } from '../schedule/strategies.js';
import { EXHAUSTIVE } from './check.js';

export type { Verdict } from '../../kernel/books/verdict.js';
// For those who write a plugin: the types of what it exports, and what that is written with.
export type { Bug, Symptom } from '../../kernel/bugs/bug.js';
export type { Contended, HartLocks, LockFamily } from '../../kernel/locks/lock.js';
export type { KernelParts } from '../../kernel/parts.js';
export { sharedPageVerdicts } from '../../kernel/scenarios/content.js';
export type { Plugin } from '../../kernel/scenarios/plugin.js';
export type { Duel, ProgramScenario, Scenario } from '../../kernel/scenarios/scenario.js';
export { DATA, GUARD, MORE_DATA, STACK_TOP, type Stage, TEXT } from '../../kernel/scenarios/stage.js';
export type { User } from '../../kernel/scenarios/user.js';
export { KernelEvent, Question, type SharedAccess } from '../memory/access.js';
export { isAccess, isAtomic, isWrite, Op, type TraceEvent } from '../memory/trace-event.js';
export { type Complaint, type Finding, type FindingKind, placeOfWord } from '../races/finding.js';
export type { Observer, ObserverContext, ObserverFactory } from '../races/observer.js';
export {
  type CampaignOptions,
  type CampaignProgress,
  type CampaignResult,
  campaign,
  type ReportedFailure,
} from './campaign.js';
export { type CheckFailure, type CheckOptions, type CheckResult, check } from './check.js';
export { checkKernel, type KernelChoice, type KernelResult } from './check-kernel.js';
export { endMachines } from './explore-threads.js';
export { type FailureFile, failureFileOf, readFailure, saveFailure } from './failure-file.js';
export { reportText } from './failure-text.js';
export { VERSION } from './manifest.js';

/** A thing that can be chosen by name. */
export interface Choice {
  readonly name: string;
  readonly summary: string;
}

const choices = (rows: readonly Choice[]): readonly Choice[] => rows.map(({ name, summary }) => ({ name, summary }));

/** A known mistake, with what one must know to see it: `check(scenario, { bug: name })` chooses the rest. */
export interface BugChoice
  extends Choice,
    Pick<Bug, 'explanation' | 'designs' | 'harmful' | 'expected' | 'scenario' | 'lock' | 'refs' | 'freelist'> {}

export const designs = choices(designRows);
export const bugs: readonly BugChoice[] = bugRows.map(({ change, reserve, source, ...choice }) => choice);
export const locks = choices(lockFamilies);
/** Counting schemes. */
export const refs = choices(refsChoices);
export const freelists = choices(freeLists);
export const scenarios = choices(scenarioRows);
export const strategies: readonly Choice[] = [
  ...choices(strategyRows),
  { name: EXHAUSTIVE, summary: 'every schedule with at most `bound` preemptions' },
];
