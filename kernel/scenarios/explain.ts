import { KernelEvent } from '../../src/memory/access.js';
import { isAccess, isWrite, type TraceEvent } from '../../src/memory/trace-event.js';
import type { Finding, FindingKind } from '../../src/races/finding.js';
import type { RunResult } from '../../src/schedule/coordinator.js';
import { pct, pctContended } from '../../src/schedule/pct.js';
import type { Plan, PlannedSwitch } from '../../src/schedule/plan.js';
import { replayPlan } from '../../src/schedule/replay.js';
import { shrink } from '../../src/schedule/shrink.js';
import { ownPoint } from '../../src/schedule/switch-reason.js';
import { hex } from '../books/census.js';
import { spinlock } from '../locks/spinlock.js';
import { AddressNames } from './address-names.js';
import { anchorsOf } from './anchors.js';
import type { Explanation } from './explanation.js';
import type { Explorer, FoundFailure } from './explorer.js';
import { firstWrongStep } from './first-wrong-step.js';
import { choicesIn, explainAccess, interleavingRows } from './interleaving-rows.js';
import { isHarm, type Judgement, signatureOf } from './judge.js';

/** Runs that shrinking may take, and steps by which a preemption is moved. */
const MOST_TRIALS = 2000;
const FARTHEST_SLIDE = 400;

/** Preemptions that a reader follows without trouble; and where to look for a shorter failure when there are more. */
const SHORT = 2;
const OTHERS = 200;
const SEED = 1;

/** Failures that are about locks alone. */
const LOCK_KINDS: readonly FindingKind[] = ['deadlock', 'lock-order'];

/** A run and all that there is to know about it. */
interface Run {
  readonly result: RunResult;
  readonly judgement: Judgement;
  readonly trace: readonly TraceEvent[];
}

/** Makes a failure small, finds the two accesses whose order decides it, and tells what happens when they are turned round. */
export class Explainer {
  private trials = 0;
  /** The failure's plan, with the answers that are still thought to be needed. */
  private plan: Plan;

  constructor(
    private readonly explorer: Explorer,
    private readonly failure: Pick<FoundFailure, 'signature' | 'plan'>,
  ) {
    this.plan = failure.plan;
  }

  /** Undefined when the failure does not come back. */
  explain(): Explanation | undefined {
    if (!this.fails(this.plan.switches)) return undefined;
    this.shrinkAnswers();
    const switches = this.shorter(this.smallest(this.plan.switches));
    this.plan = { ...this.plan, switches };
    this.shrinkAnswers();
    const { plan } = this;
    const names = new AddressNames(this.explorer.machine.memory.ram, this.explorer.machine.stage.layout);
    const run = this.captured(switches, names);
    const finding = this.target(run.judgement);
    if (finding === undefined) throw new Error(`a failure that replays did not replay: ${this.failure.signature}`);
    const memoryHash = this.explorer.machine.memoryHash();
    const stacks = this.explorer.machine.coordinator.stacks();
    const anchors = anchorsOf({ trace: run.trace, switches: run.result.switches }, switches, names);
    const order = this.decidingOrder(finding, run, switches);
    const criticalPair = order && {
      first: explainAccess(order.first, names, stacks),
      second: explainAccess(order.second, names, stacks),
      failing: finding.summary,
      flipped: outcome(order.flipped.judgement),
    };
    const pair = order === null ? [] : [order.first, order.second];
    const verdict = this.verdict(finding, run);
    const wrong =
      finding.kind === 'ledger' ? firstWrongStep(this.explorer.machine, run.trace, this.failure.signature) : undefined;
    const essential = wrong === undefined ? pair : [...pair, wrong];
    const witnesses = finding.events.map((index) => run.trace[index]);
    const staleEntry = staleEntryIn(witnesses);
    return {
      plan: replayPlan(plan, switches),
      preemptions: switches.length,
      choices: choicesIn(run.trace),
      minimal: this.isMinimal(switches),
      trials: this.trials,
      summary: finding.summary,
      ...verdict,
      advice: run.judgement.advice.map((advice) => advice.summary),
      criticalPair,
      firstWrongStep: wrong === undefined ? null : explainAccess(wrong, names, stacks, run.trace),
      anchors,
      rows: interleavingRows(
        run.trace,
        run.result.switches,
        names,
        stacks,
        (address) => this.explorer.machine.coordinator.contended.has(address),
        (event) =>
          essential.some(({ address }) => address === event.address) ||
          witnesses.includes(event) ||
          (staleEntry !== undefined && isWrite(event.op) && names.describe(event.address).endsWith(staleEntry)),
      ),
      memoryHash,
    };
  }

  /** Leaves out and moves preemptions until neither gets any further: a moved one may make another needless. */
  private smallest(all: readonly PlannedSwitch[]): readonly PlannedSwitch[] {
    for (let switches = all; ; ) {
      const { kept } = shrink(switches, (candidate) => this.fails(candidate), MOST_TRIALS);
      const slid = this.slide(kept);
      if (slid.length === 0 || (slid.length === switches.length && switches !== all)) return slid;
      switches = slid;
    }
  }

  /**
   * What cannot be made smaller step by step may still be long: looks for the same failure among schedules that preempt
   * seldom, and takes that if it comes out shorter.
   */
  private shorter(switches: readonly PlannedSwitch[]): readonly PlannedSwitch[] {
    if (switches.length <= SHORT) return switches;
    const own = this.plan;
    for (const strategy of [pct, pctContended]) {
      const { failures, schedules } = this.explorer.batch(strategy, SEED, 0, OTHERS);
      this.trials += schedules;
      const same = failures.find(({ signature }) => signature === this.failure.signature);
      if (same === undefined) continue;
      this.plan = same.plan;
      const other = this.smallest(same.plan.switches);
      if (other.length < switches.length) return other;
    }
    this.plan = own;
    return switches;
  }

  /** Leaves out every answer that the failure does not need. */
  private shrinkAnswers(): void {
    const original = this.plan;
    const { kept } = shrink(
      original.answers,
      (answers) => {
        this.plan = { ...original, answers };
        return this.fails(original.switches);
      },
      MOST_TRIALS,
    );
    this.plan = { ...original, answers: kept };
  }

  private run(switches: readonly PlannedSwitch[], preference = this.plan.preference): Run {
    this.trials++;
    const { result, judgement } = this.explorer.run(replayPlan({ ...this.plan, preference }, switches));
    return { result, judgement, trace: [...this.explorer.machine.trace()] };
  }

  private fails(switches: readonly PlannedSwitch[]): boolean {
    this.trials++;
    const { judgement } = this.explorer.run(replayPlan(this.plan, switches));
    return this.target(judgement) !== undefined;
  }

  private target(judgement: Judgement): Finding | undefined {
    return judgement.failures.find((finding) => signatureOf(finding) === this.failure.signature);
  }

  /** Whether the failure needs every preemption and every answer. */
  private isMinimal(switches: readonly PlannedSwitch[]): boolean {
    const { plan } = this;
    const needsAnswer = (_: unknown, i: number) => {
      this.plan = { ...plan, answers: plan.answers.filter((_, j) => j !== i) };
      return !this.fails(switches);
    };
    const answersNeeded = plan.answers.every(needsAnswer);
    this.plan = plan;
    return answersNeeded && switches.every((_, i) => !this.fails(switches.filter((_, j) => j !== i)));
  }

  /** Moves each preemption, the last first, as late as it may be: what it then stands before is what matters. */
  private slide(switches: readonly PlannedSwitch[]): readonly PlannedSwitch[] {
    let slid = [...switches];
    for (let i = slid.length - 1; i >= 0; i--)
      for (let moved = 0; moved < FARTHEST_SLIDE; moved++) {
        const later = slid.map((entry, j) => (j === i ? { ...entry, at: entry.at + 1 } : entry));
        if (!this.fails(later)) break;
        slid = later;
      }
    return slid;
  }

  /** The run, with the stacks of its accesses, and the names of what its page tables were before and after. */
  private captured(switches: readonly PlannedSwitch[], names: AddressNames): Run {
    const { machine } = this.explorer;
    machine.restore();
    names.look();
    machine.coordinator.capture(true);
    const run = this.run(switches);
    machine.coordinator.capture(false);
    names.look();
    return run;
  }

  /** The two accesses whose order decides, the earlier one first, and the run in which they come in the other. */
  private decidingOrder(
    finding: Finding,
    run: Run,
    switches: readonly PlannedSwitch[],
  ): { first: TraceEvent; second: TraceEvent; flipped: Run } | null {
    if (finding.kind === 'data-race') {
      const [first, second] = finding.events.map((i) => run.trace[i]!);
      if (first === undefined || second === undefined) return null;
      return { first, second, flipped: this.run([preemptBefore(run, first, second.hart)]) };
    }
    const last = switches.at(-1);
    if (last === undefined) return null;
    const flippedAt = (at: number) => this.run([...switches.slice(0, -1), { ...last, at }]);
    // Who takes a lock first decides little by itself: what is read or written under it tells more.
    const isWord = ({ address }: TraceEvent) => LOCK_KINDS.includes(finding.kind) || !this.isLock(address);
    const words = decidingPair(run, last, isWord);
    if (words !== undefined) {
      const flipped = flippedAt(ownPoint(run.result.switches, last.hart ?? 0, words.second.step) + 1);
      if (this.target(flipped.judgement) === undefined) return { ...words, flipped };
    }
    const any = decidingPair(run, last, () => true);
    return any === undefined ? null : { ...any, flipped: flippedAt(last.at + 1) };
  }

  private isLock(address: number): boolean {
    const { locked } = spinlock.fields;
    return this.explorer.machine.stage.layout.locks.some((lock) => locked.at(lock.address) === address);
  }

  /** Harm that was done speaks for itself; a race is harmful when some order of its accesses does harm. */
  private verdict(finding: Finding, run: Run): { harmful: boolean; evidence: string } {
    if (isHarm(finding)) return { harmful: true, evidence: 'this run itself does the harm' };
    const here = run.judgement.failures.find(isHarm);
    if (here !== undefined) return { harmful: true, evidence: `in this order: ${here.summary}` };
    const [a, b] = finding.events.map((i) => run.trace[i]!);
    if (a === undefined || b === undefined) return { harmful: false, evidence: 'no run was seen to do harm' };
    const orders = [
      [preemptBefore(run, a, b.hart)],
      [preemptAfter(run, a, b.hart)],
      [preemptBefore(run, a, b.hart), preemptBefore(run, b, a.hart)],
      [preemptAfter(run, a, b.hart), preemptAfter(run, b, a.hart)],
    ];
    // What one hart does between its read and its write is disturbed only by one that has not run to its end before.
    const tried = [a.hart, b.hart].flatMap((first) =>
      orders.map((order) => ({ order, preference: withFirst(this.plan.preference, first) })),
    );
    for (const { order, preference } of tried) {
      const harm = this.run(order, preference).judgement.failures.find(isHarm);
      if (harm !== undefined) return { harmful: true, evidence: `in another order: ${harm.summary}` };
    }
    return {
      harmful: false,
      evidence: `both orders were run, and ${tried.length} interleavings of them: all end well`,
    };
  }
}

/** What the last preemption stands before, and the access of another hart in between that it conflicts with. */
function decidingPair(
  { trace, result }: Run,
  last: PlannedSwitch,
  matters: (event: TraceEvent) => boolean,
): { first: TraceEvent; second: TraceEvent } | undefined {
  const change = result.switches.find(({ from, own }) => from === last.hart && own === last.at);
  if (change === undefined) return undefined;
  const after = trace.filter((event) => isAccess(event.op) && event.step >= change.step && matters(event));
  const mine = after.filter(({ hart }) => hart === last.hart);
  for (const second of mine) {
    const first = after.find(
      (event) => event.hart !== last.hart && event.step < second.step && conflict(event, second),
    );
    if (first !== undefined) return { first, second };
  }
  return undefined;
}

/** How the names end of entries that a stale translation may have come from: whoever rewrote one should have flushed. */
function staleEntryIn(witnesses: readonly (TraceEvent | undefined)[]): string | undefined {
  const stale = witnesses.find(
    (event) => event?.note === KernelEvent.StaleStore || event?.note === KernelEvent.StaleLoad,
  );
  return stale && `'s pte of ${hex(stale.value)}`;
}

function conflict(a: TraceEvent, b: TraceEvent): boolean {
  const overlap = a.address < b.address + b.size && b.address < a.address + a.size;
  return overlap && (isWrite(a.op) || isWrite(b.op));
}

/** Takes the turn from the event's hart before the event; a note's access is the one before the note. */
function preemptBefore({ result }: Run, event: TraceEvent, to: number): PlannedSwitch {
  const { hart, step, op } = event;
  const own = ownPoint(result.switches, hart, step);
  const other = to === hart ? (hart === 0 ? 1 : 0) : to;
  return { hart, at: isAccess(op) ? own : Math.max(0, own - 1), action: { kind: 'to', hart: other } };
}

function preemptAfter(run: Run, event: TraceEvent, to: number): PlannedSwitch {
  const before = preemptBefore(run, event, to);
  return { ...before, at: before.at + 1 };
}

function withFirst(preference: readonly number[], first: number): readonly number[] {
  return [first, ...preference.filter((hart) => hart !== first)];
}

function outcome({ failures }: Judgement): string {
  const harm = failures.find(isHarm);
  return harm === undefined ? 'ends well' : `fails too: ${harm.summary}`;
}
