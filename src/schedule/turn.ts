import type { Question } from '../memory/access.js';
import type { DirectAccess } from '../memory/direct-access.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import type { AccessMode } from './coherence.js';
import { HartTurns, type WaitedWord } from './hart-turns.js';
import { PlanFollower, type PointCounts } from './plan-follower.js';
import { policyOf } from './policies.js';
import { type Policy, PolicyWords } from './policy.js';
import {
  ContendedWords,
  HartState,
  hartTurn,
  MAX_SWITCHES,
  plannedAnswer,
  RunEnd,
  recordedSwitch,
  type ScheduleMap,
  scheduleBlock,
  scheduleMap,
} from './schedule-block.js';
import { SwitchReason } from './switch-reason.js';
import type { VirtualTime } from './virtual-time.js';

const block = scheduleBlock.fields;
const turnOf = hartTurn.fields;

/** The run is over: unwinds a hart that is in the middle of the supervisor. */
export class RunEnded extends Error {
  override readonly name = 'RunEnded';
}

/** The numbers of harts and cores decide how long a hart spins for its turn before it parks. */
export interface TurnConfig {
  readonly spins: number;
}

/**
 * One hart's side of the turn: it waits for it, passes points while it has it, and hands it over. Who runs next is not
 * decided here: the plan says so (`PlanFollower`), or a policy. Counters are kept here while the hart has the turn, and in
 * the shared block while it has not.
 */
export class Turn implements PointCounts {
  private readonly host: DirectAccess;
  private readonly map: ScheduleMap;
  private readonly at: number;
  private readonly contendedWords: ContendedWords;
  private readonly harts: HartTurns;
  private readonly plan: PlanFollower;
  private readonly policyWords: PolicyWords;
  private policy: Policy | undefined;
  /** There in a run by virtual time. */
  private time: VirtualTime | undefined;
  steps = 0;
  contended = 0;
  own = 0;
  private stepLimit = 0;
  /** The harts leave the stack of every access. */
  captures = false;
  /** Guest code may make accesses that are nobody's concern without stopping. */
  isQuiet = false;
  /** Trace events so far; the tracer counts them here. */
  traceLength = 0;

  constructor(
    memory: SharedMemory,
    readonly hart: number,
    private readonly config: TurnConfig,
  ) {
    this.host = memory.host;
    this.map = scheduleMap(memory);
    this.at = this.map.block;
    this.contendedWords = new ContendedWords(memory.host, this.map);
    this.harts = new HartTurns(memory, this.map);
    this.plan = new PlanFollower(memory.host, this.map, this.harts, hart);
    this.policyWords = new PolicyWords(memory.host, this.map);
  }

  /** Number of the access that comes next. */
  get step(): number {
    return this.steps;
  }

  /**
   * A point: another hart may run here. `bytes` is 4 for words. Throws RunEnded when the run is over.
   * Call before the access.
   */
  point(address: number, bytes: number, mode: AccessMode): void {
    const isContended = bytes <= 4 ? this.contendedWords.has(address) : this.contendedWords.hasAny(address, bytes);
    if (this.policy !== undefined && (isContended || this.time !== undefined))
      this.followPolicy(this.policy, address, bytes, mode);
    this.pass(isContended);
  }

  /** A point between two basic blocks of user code, which touches no word of the supervisor's. */
  userPoint(): void {
    this.pass(false);
  }

  /** A point before something that all harts share and that lies in no RAM. */
  sharedPoint(): void {
    this.pass(true);
  }

  /** A point before the hart tells what becomes of a frame. Telling takes no virtual time, and nothing then comes before it. */
  ghostPoint(ghost: number): void {
    if (this.time !== undefined) return;
    const isContended = this.contendedWords.hasGhost(ghost);
    if (this.policy !== undefined && isContended) this.followPolicy(this.policy, ghost, 1, 'write');
    this.pass(isContended);
  }

  private pass(isContended: boolean): void {
    const { plan } = this;
    if (this.steps >= this.stepLimit) this.end(RunEnd.StepLimit);
    if (plan.isDue(this, isContended)) {
      const target = plan.follow(this);
      if (target !== undefined) this.give(target, SwitchReason.Preempted);
    }
    if (plan.watchful) {
      const rival = plan.rival();
      if (rival !== undefined) this.give(rival, SwitchReason.Preferred);
    }
    this.steps++;
    this.own++;
    if (isContended) this.contended++;
  }

  /** How many points the hart may pass by `passQuietly`, and leave an event for each. */
  quietPoints(): number {
    if (!this.isQuiet || this.time !== undefined) return 0;
    const room = Math.min(this.stepLimit - this.steps, this.map.traceLimit - this.traceLength);
    return Math.min(room, this.plan.quietPoints(this));
  }

  /** The hart has accessed words so many times that nobody contends for, and the events are in the trace. */
  passQuietly(points: number): void {
    this.steps += points;
    this.own += points;
    this.traceLength += points;
  }

  private followPolicy(policy: Policy, address: number, bytes: number, mode: AccessMode): void {
    const access = { address, bytes, writes: mode !== 'read' };
    const chosen = policy.choose(this.hart, access, this.harts, this.policyWords);
    this.harts.setPending(this.hart, access);
    if (chosen !== this.hart) this.give(chosen, SwitchReason.Preempted);
    this.time?.access(this.hart, address, bytes, mode, this.harts);
  }

  get keepsTime(): boolean {
    return this.time !== undefined;
  }

  /** The hart computes for so many cycles: virtual time passes, and nothing else. */
  work(cycles: number): void {
    this.time?.work(this.hart, cycles);
  }

  /** The hart wakes those who sleep on the word. Only in virtual time does anybody sleep until then. */
  unpark(address: number, count: number): void {
    this.time?.unpark(this.hart, address, count, this.harts);
  }

  /** The hart's clock, in cycles; 0 where no virtual time is kept. */
  get now(): number {
    return this.time?.now(this.hart) ?? 0;
  }

  /** The hart cannot go on until the word changes; others run meanwhile. In virtual time a hart may sleep until it is woken. */
  blockWhile(view: 'ram' | 'host', address: number, value: number, sleeps = false): void {
    this.blockWhileAll(view, [{ address, value }], true, sleeps);
  }

  /**
   * The hart does nothing new until one of the words changes; others run meanwhile. Unless it is `forced` to wait, it goes
   * on all the same when no other hart can: an interrupt may end its wait.
   */
  blockWhileAll(view: 'ram' | 'host', words: readonly WaitedWord[], forced = true, sleeps = false): void {
    this.harts.block(this.hart, view, words, forced);
    // What it does when it goes on depends on the word.
    this.harts.setPending(this.hart, { address: 0, bytes: 0, writes: false });
    this.time?.waits(this.hart, words, sleeps);
    // In virtual time its first look comes when its clock says.
    if (this.time !== undefined || !this.harts.isAble(this.hart)) {
      const next = this.successor();
      if (next === undefined) this.end(RunEnd.Deadlock);
      if (next !== this.hart) this.give(next, SwitchReason.Blocked);
    }
    this.harts.setState(this.hart, HartState.Ready);
  }

  /** The plan's answer; 0 is the ordinary course. */
  ask(question: Question): number {
    const at = block.asked.at(this.at, question);
    const nth = this.host.load32(at);
    this.host.store32(at, nth + 1);
    const count = block.answerCount.load(this.host, this.at);
    for (let i = 0; i < count; i++) {
      const answer = block.answers.at(this.at, i);
      if (
        plannedAnswer.fields.question.load(this.host, answer) === question &&
        plannedAnswer.fields.nth.load(this.host, answer) === nth
      )
        return plannedAnswer.fields.answer.load(this.host, answer);
    }
    return 0;
  }

  /** Waits for the turn at the beginning of a run. Returns false when the run ended before it came. */
  await(): boolean {
    this.own = 0;
    this.plan.begin();
    this.takeTurn();
    this.time?.forget();
    return block.ended.load(this.host, this.at) === RunEnd.Running;
  }

  /** This hart's part of the run is done. */
  finish(): void {
    this.harts.setState(this.hart, HartState.Finished);
    this.time?.finish(this.hart);
    const next = this.successor();
    if (next !== undefined) {
      this.record(next, SwitchReason.Finished);
      this.putDown();
      this.wake(next);
      return;
    }
    const all = Array.from({ length: this.harts.count }, (_, hart) => hart);
    const done = all.every((hart) => this.harts.state(hart) === HartState.Finished);
    this.endQuietly(done ? RunEnd.Done : RunEnd.Deadlock);
  }

  /** The subject has come to its end, whatever the other harts are doing: they are to be where that does no harm. */
  endRun(): never {
    this.end(RunEnd.Done);
  }

  /** Ends the run for every hart; those that have not finished unwind. */
  endQuietly(reason: RunEnd): void {
    if (block.ended.load(this.host, this.at) !== RunEnd.Running) return;
    this.putDown();
    block.endedBy.store(this.host, this.at, this.hart);
    // Pairs with the loads of `ended` after a turn is taken.
    block.ended.store(this.host, this.at, reason);
    const { count } = this.harts;
    for (let hart = 0; hart < count; hart++)
      if (hart !== this.hart && this.harts.state(hart) !== HartState.Finished) this.wake(hart);
  }

  private end(reason: RunEnd): never {
    this.endQuietly(reason);
    throw new RunEnded();
  }

  /** Who goes on in the place of this hart, which cannot; this hart itself, if it may and nobody else can. */
  private successor(): number | undefined {
    return this.chosenSuccessor() ?? this.harts.patient();
  }

  private chosenSuccessor(): number | undefined {
    if (this.policy === undefined) return this.plan.successor(this);
    return this.policy.successor(this.hart, this.harts, this.policyWords);
  }

  private give(next: number, reason: SwitchReason): void {
    this.record(next, reason);
    this.putDown();
    this.wake(next);
    this.takeTurn();
    if (block.ended.load(this.host, this.at) !== RunEnd.Running) throw new RunEnded();
  }

  private record(to: number, reason: SwitchReason): void {
    if (this.map.traceLimit === 0) return;
    const count = block.recordCount.load(this.host, this.at);
    if (count >= MAX_SWITCHES) this.end(RunEnd.StepLimit);
    const entry = block.record.at(this.at, count);
    const fields = recordedSwitch.fields;
    fields.step.store(this.host, entry, this.steps);
    fields.contended.store(this.host, entry, this.contended);
    fields.own.store(this.host, entry, this.own);
    fields.from.store(this.host, entry, this.hart);
    fields.to.store(this.host, entry, to);
    fields.reason.store(this.host, entry, reason);
    block.recordCount.store(this.host, this.at, count + 1);
  }

  private putDown(): void {
    block.steps.store(this.host, this.at, this.steps);
    block.contended.store(this.host, this.at, this.contended);
    block.traceLength.store(this.host, this.at, this.traceLength);
  }

  private pickUp(): void {
    this.steps = block.steps.load(this.host, this.at);
    this.contended = block.contended.load(this.host, this.at);
    this.traceLength = block.traceLength.load(this.host, this.at);
    this.stepLimit = block.stepLimit.load(this.host, this.at);
    this.captures = block.capture.load(this.host, this.at) === 1;
    this.isQuiet = block.quiet.load(this.host, this.at) === 1;
    this.policy = policyOf(block.policy.load(this.host, this.at));
    this.time = this.policy?.keepsTime === true ? this.policyWords.time : undefined;
    this.plan.pickUp();
  }

  private wake(hart: number): void {
    const go = this.harts.of(hart);
    // Release: pairs with the exchange in `takeTurn`; all that this hart did in its turn is visible to the next.
    turnOf.go.store(this.host, go, 1);
    this.host.unpark(turnOf.go.at(go), 1);
  }

  private takeTurn(): void {
    const me = this.harts.of(this.hart);
    for (let spins = 0; turnOf.go.load(this.host, me) === 0; spins++)
      if (spins >= this.config.spins) this.host.park(turnOf.go.at(me), 0);
    turnOf.go.store(this.host, me, 0);
    this.pickUp();
  }
}
