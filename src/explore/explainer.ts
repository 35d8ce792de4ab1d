import { pageRoundDown } from '../isa/sv39.js';
import { KernelEvent } from '../memory/access.js';
import { isWrite, type TraceEvent } from '../memory/trace-event.js';
import { isHarm } from '../races/finding.js';
import { replayPlan } from '../schedule/replay.js';
import { anchorsOf } from './anchors.js';
import type { Explanation } from './explanation.js';
import type { Explorer, FailureKey } from './explorer.js';
import { firstWrongStep } from './first-wrong-step.js';
import { choicesIn, explainAccess, interleavingRows } from './interleaving-rows.js';
import type { Judgement } from './judge.js';
import { minimise, withoutOne } from './minimise.js';
import { decidingOrder } from './orders.js';
import type { Names } from './subject.js';
import { type Trial, Trials } from './trials.js';
import { verdictOn } from './verdict.js';

/**
 * Makes a failure small, finds the two accesses whose order decides it, and tells what happens when they are turned
 * round. Undefined when the failure does not come back.
 */
export function explain(explorer: Explorer, failure: FailureKey): Explanation | undefined {
  const trials = new Trials(explorer, failure);
  if (!minimise(trials)) return undefined;
  const { machine } = explorer;
  const { plan } = trials;
  const names = machine.subject.names();
  const run = captured(trials, names);
  const finding = trials.target(run.judgement);
  if (finding === undefined) throw new Error(`a failure that replays did not replay: ${failure.signature}`);
  const memoryHash = machine.memoryHash();
  const stacks = machine.coordinator.stacks();
  const anchors = anchorsOf({ trace: run.trace, switches: run.result.switches }, plan.switches, names);
  const order = decidingOrder(trials, finding, run);
  const criticalPair = order && {
    first: explainAccess(order.first, names, stacks),
    second: explainAccess(order.second, names, stacks),
    failing: finding.summary,
    flipped: outcome(order.flipped.judgement),
  };
  const verdict = verdictOn(trials, finding, run);
  const wrong = finding.kind === 'ledger' ? firstWrongStep(machine, run.trace, failure.signature) : undefined;
  const essential = [...(order === null ? [] : [order.first, order.second]), ...(wrong === undefined ? [] : [wrong])];
  const witnesses = finding.events.map((index) => run.trace[index]);
  const stalePage = stalePageIn(witnesses);
  const isEssential = (event: TraceEvent) =>
    essential.some(({ address }) => address === event.address) ||
    witnesses.includes(event) ||
    (stalePage !== undefined && isWrite(event.op) && names.pageOfEntry(event.address) === stalePage);
  const isContended = (address: number) => machine.coordinator.contended.has(address);
  return {
    title: machine.subject.title,
    harts: machine.memory.map.harts.length,
    kind: finding.kind,
    plan: replayPlan(plan, plan.switches),
    preemptions: plan.switches.length,
    choices: choicesIn(run.trace),
    ...withoutOne(trials),
    trials: trials.count,
    summary: finding.summary,
    ...verdict,
    advice: run.judgement.advice.map((advice) => advice.summary),
    criticalPair,
    firstWrongStep: wrong === undefined ? null : explainAccess(wrong, names, stacks, run.trace),
    anchors,
    rows: interleavingRows(run.trace, run.result.switches, names, stacks, isContended, isEssential),
    memoryHash,
  };
}

/** The failure, with the stacks of its accesses, and the names of what its page tables were before and after. */
function captured(trials: Trials, names: Names): Trial {
  const { machine } = trials.explorer;
  machine.restore();
  names.look();
  machine.coordinator.capture(true);
  const run = trials.run(trials.plan.switches);
  machine.coordinator.capture(false);
  names.look();
  return run;
}

/** The page whose translation was stale: whoever rewrote its entry should have flushed. */
function stalePageIn(witnesses: readonly (TraceEvent | undefined)[]): number | undefined {
  const stale = witnesses.find(
    (event) => event?.note === KernelEvent.StaleStore || event?.note === KernelEvent.StaleLoad,
  );
  return stale && pageRoundDown(stale.value);
}

function outcome({ failures }: Judgement): string {
  const harm = failures.find(isHarm);
  return harm === undefined ? 'ends well' : `fails too: ${harm.summary}`;
}
