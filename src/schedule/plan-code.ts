import type { DirectAccess } from '../memory/direct-access.js';
import type { Plan, PointUnit, SwitchAction } from './plan.js';
import { policyCode, policyOf } from './policies.js';
import { PolicyWords } from './policy.js';
import {
  MAX_ANSWERS,
  MAX_SWITCHES,
  plannedAnswer,
  plannedSwitch,
  type ScheduleMap,
  scheduleBlock,
} from './schedule-block.js';

/** How a plan is written into the shared block. */
export const PlanCode = { To: 0, Pick: 1, Demote: 2, UnitEvery: 0, UnitContended: 1, UnitOwn: 2 } as const;

const UNITS: Readonly<Record<PointUnit, number>> = {
  every: PlanCode.UnitEvery,
  contended: PlanCode.UnitContended,
  own: PlanCode.UnitOwn,
};

const block = scheduleBlock.fields;

/** Writes the plan for the coming run. Throws RangeError when it is longer than the block has room for, or for another number of harts. */
export function writePlan(host: DirectAccess, map: ScheduleMap, harts: number, plan: Plan): void {
  const at = map.block;
  if (plan.preference.length !== harts)
    throw new RangeError(`the plan is for ${plan.preference.length} harts, and the machine has ${harts}`);
  const longest = Math.max(plan.switches.length, plan.successors?.length ?? 0);
  if (longest > MAX_SWITCHES || plan.answers.length > MAX_ANSWERS)
    throw new RangeError(`a plan has at most ${MAX_SWITCHES} switches and ${MAX_ANSWERS} answers`);
  block.unit.store(host, at, UNITS[plan.unit]);
  block.strict.store(host, at, plan.strict ? 1 : 0);
  const code = policyCode(plan.policy);
  block.policy.store(host, at, code);
  if (plan.policy !== undefined) {
    block.policySeed.store(host, at, plan.policy.seed >>> 0);
    policyOf(code)?.begin(plan.policy, new PolicyWords(host, map));
  }
  plan.preference.forEach((hart, i) => {
    host.store32(block.preference.at(at, i), hart);
  });
  plan.switches.forEach(({ at: point, hart = 0, action }, i) => {
    const entry = block.switches.at(at, i);
    plannedSwitch.fields.at.store(host, entry, point);
    plannedSwitch.fields.hart.store(host, entry, hart);
    const [code, operand] = encode(action);
    plannedSwitch.fields.action.store(host, entry, code);
    plannedSwitch.fields.operand.store(host, entry, operand);
  });
  block.switchCount.store(host, at, plan.switches.length);
  const { successors = [] } = plan;
  successors.forEach((hart, i) => {
    host.store32(block.successors.at(at, i), hart);
  });
  block.successorCount.store(host, at, successors.length);
  plan.answers.forEach(({ question, nth, answer }, i) => {
    const entry = block.answers.at(at, i);
    plannedAnswer.fields.question.store(host, entry, question);
    plannedAnswer.fields.nth.store(host, entry, nth);
    plannedAnswer.fields.answer.store(host, entry, answer);
  });
  block.answerCount.store(host, at, plan.answers.length);
}

function encode(action: SwitchAction): readonly [code: number, operand: number] {
  switch (action.kind) {
    case 'to':
      return [PlanCode.To, action.hart];
    case 'pick':
      return [PlanCode.Pick, action.random];
    case 'demote':
      return [PlanCode.Demote, 0];
  }
}
