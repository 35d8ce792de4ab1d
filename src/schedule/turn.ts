import type { Question } from '../memory/access.js';
import type { DirectAccess } from '../memory/direct-access.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import { PlanCode } from './plan-code.js';
import {
  ContendedWords,
  HartState,
  hartTurn,
  MAX_SWITCHES,
  plannedAnswer,
  plannedSwitch,
  RunEnd,
  recordedSwitch,
  type ScheduleMap,
  scheduleBlock,
  scheduleMap,
} from './schedule-block.js';
import { SwitchReason } from './switch-reason.js';

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
 * One hart's side of the turn. The hart that has the turn runs; at every point it looks whether the plan wants another
 * to run. Counters are kept here while the hart has the turn, and in the shared block while it has not.
 */
export class Turn {
  private readonly host: DirectAccess;
  private readonly ram: DirectAccess;
  private readonly map: ScheduleMap;
  private readonly at: number;
  private readonly contendedWords: ContendedWords;
  /** Points so far: in all, on contended words, and of this hart. */
  private steps = 0;
  private contended = 0;
  private own = 0;
  /** Unit `own`: entries of the plan before this one are no concern of this hart any more. */
  private cursor = 0;
  private stepLimit = 0;
  /** Number, in the plan's unit, of the next point at which the plan wants something. */
  private nextAt = Number.POSITIVE_INFINITY;
  private unit: number = PlanCode.UnitEvery;
  private strict = false;
  /** The plan is strict, and a hart that it prefers to this one may become able to run: whoever is blocked, when its word changes. */
  private watchful = false;
  /** The harts leave the stack of every access. */
  captures = false;
  /** Trace events so far; the tracer counts them here. */
  traceLength = 0;

  constructor(
    memory: SharedMemory,
    readonly hart: number,
    private readonly config: TurnConfig,
  ) {
    this.host = memory.host;
    this.ram = memory.ram;
    this.map = scheduleMap(memory);
    this.at = this.map.block;
    this.contendedWords = new ContendedWords(memory.host, this.map);
  }

  /** Number of the access that comes next. */
  get step(): number {
    return this.steps;
  }

  /**
   * A point: another hart may run here. `bytes` is 4 for words. Throws RunEnded when the run is over.
   * Call before the access.
   */
  point(address: number, bytes: number): void {
    this.pass(bytes <= 4 ? this.contendedWords.has(address) : this.contendedWords.hasAny(address, bytes));
  }

  /** A point between two basic blocks of user code, which touches no word of the supervisor's. */
  userPoint(): void {
    this.pass(false);
  }

  /** A point before something that all harts share and that lies in no RAM. */
  sharedPoint(): void {
    this.pass(true);
  }

  private pass(isContended: boolean): void {
    if (this.steps >= this.stepLimit) this.end(RunEnd.StepLimit);
    if (this.count >= this.nextAt && (isContended || this.unit !== PlanCode.UnitContended)) this.followPlan();
    if (this.watchful) this.yieldToPreferred();
    this.steps++;
    this.own++;
    if (isContended) this.contended++;
  }

  /** The hart cannot go on until the word changes; others run meanwhile. */
  blockWhile(view: 'ram' | 'host', address: number, value: number): void {
    const me = this.turnAt(this.hart);
    turnOf.state.store(this.host, me, HartState.Blocked);
    turnOf.address.store(this.host, me, address);
    turnOf.value.store(this.host, me, value >>> 0);
    turnOf.host.store(this.host, me, view === 'host' ? 1 : 0);
    if (!this.isAble(this.hart)) {
      const next = this.successor();
      if (next === undefined) this.end(RunEnd.Deadlock);
      this.give(next, SwitchReason.Blocked);
    }
    turnOf.state.store(this.host, me, HartState.Ready);
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
    this.cursor = 0;
    this.takeTurn();
    return block.ended.load(this.host, this.at) === RunEnd.Running;
  }

  /** This hart's part of the run is done. */
  finish(): void {
    turnOf.state.store(this.host, this.turnAt(this.hart), HartState.Finished);
    const next = this.successor();
    if (next !== undefined) {
      this.record(next, SwitchReason.Finished);
      this.putDown();
      this.wake(next);
      return;
    }
    const all = Array.from({ length: block.hartCount.load(this.host, this.at) }, (_, hart) => hart);
    const done = all.every((hart) => turnOf.state.load(this.host, this.turnAt(hart)) === HartState.Finished);
    this.endQuietly(done ? RunEnd.Done : RunEnd.Deadlock);
  }

  /** Ends the run for every hart; those that have not finished unwind. */
  endQuietly(reason: RunEnd): void {
    if (block.ended.load(this.host, this.at) !== RunEnd.Running) return;
    this.putDown();
    block.endedBy.store(this.host, this.at, this.hart);
    // Pairs with the loads of `ended` after a turn is taken.
    block.ended.store(this.host, this.at, reason);
    const count = block.hartCount.load(this.host, this.at);
    for (let hart = 0; hart < count; hart++)
      if (hart !== this.hart && turnOf.state.load(this.host, this.turnAt(hart)) !== HartState.Finished) this.wake(hart);
  }

  private end(reason: RunEnd): never {
    this.endQuietly(reason);
    throw new RunEnded();
  }

  /** Points so far in the plan's unit. */
  private get count(): number {
    if (this.unit === PlanCode.UnitOwn) return this.own;
    return this.unit === PlanCode.UnitContended ? this.contended : this.steps;
  }

  /** Place of the next entry of the plan that concerns this hart. */
  private get next(): number {
    return this.unit === PlanCode.UnitOwn ? this.cursor : block.nextSwitch.load(this.host, this.at);
  }

  private nextEntry(): { action: number; operand: number } {
    const entry = block.switches.at(this.at, this.next);
    return {
      action: plannedSwitch.fields.action.load(this.host, entry),
      operand: plannedSwitch.fields.operand.load(this.host, entry),
    };
  }

  private consumeEntry(): void {
    if (this.unit === PlanCode.UnitOwn) this.cursor++;
    else block.nextSwitch.store(this.host, this.at, this.next + 1);
    this.readNextAt();
  }

  /** Who goes on in the place of this hart, which cannot. */
  private successor(): number | undefined {
    return this.plannedSuccessor() ?? this.chosenSuccessor() ?? this.mostPreferredAble();
  }

  /** The hart that a search puts in the place of one that cannot go on. */
  private chosenSuccessor(): number | undefined {
    const nth = block.forced.load(this.host, this.at);
    block.forced.store(this.host, this.at, nth + 1);
    if (nth >= block.successorCount.load(this.host, this.at)) return undefined;
    const hart = this.host.load32(block.successors.at(this.at, nth));
    if (this.isAble(hart)) return hart;
    this.part();
    return undefined;
  }

  /** The hart that a recorded schedule put in the place of one that could not go on. */
  private plannedSuccessor(): number | undefined {
    if (this.unit === PlanCode.UnitContended || this.count < this.nextAt) return undefined;
    const { action, operand } = this.nextEntry();
    if (action !== PlanCode.To || operand === this.hart || !this.isAble(operand)) return undefined;
    this.consumeEntry();
    return operand;
  }

  private followPlan(): void {
    const { action, operand } = this.nextEntry();
    this.consumeEntry();
    const target = this.target(action, operand);
    if (target !== undefined && target !== this.hart) this.give(target, SwitchReason.Preempted);
    else this.watchful = this.hasRival();
  }

  private target(action: number, operand: number): number | undefined {
    switch (action) {
      case PlanCode.To:
        if (this.isAble(operand) && operand !== this.hart) return operand;
        this.part();
        return undefined;
      case PlanCode.Pick: {
        const others = this.ableOthers();
        return others.length === 0 ? undefined : others[operand % others.length];
      }
      case PlanCode.Demote: {
        const order = this.preference().filter((hart) => hart !== this.hart);
        order.push(this.hart);
        order.forEach((hart, i) => {
          this.host.store32(block.preference.at(this.at, i), hart);
        });
        return this.mostPreferredAble();
      }
      default:
        throw new RangeError(`the plan has an unknown action ${action}`);
    }
  }

  /** The plan cannot be followed here. */
  private part(): void {
    if (block.parted.load(this.host, this.at) === 0) block.parted.store(this.host, this.at, this.steps + 1);
  }

  private yieldToPreferred(): void {
    const preferred = this.mostPreferredAble();
    if (preferred !== undefined && preferred !== this.hart) this.give(preferred, SwitchReason.Preferred);
  }

  /** While this hart has the turn nobody else's state changes, so this holds for as long. */
  private hasRival(): boolean {
    if (!this.strict) return false;
    const count = block.hartCount.load(this.host, this.at);
    for (let i = 0; i < count; i++) {
      const hart = this.host.load32(block.preference.at(this.at, i));
      if (hart === this.hart) return false;
      if (turnOf.state.load(this.host, this.turnAt(hart)) !== HartState.Finished) return true;
    }
    return false;
  }

  private preference(): number[] {
    const count = block.hartCount.load(this.host, this.at);
    return Array.from({ length: count }, (_, i) => this.host.load32(block.preference.at(this.at, i)));
  }

  private mostPreferredAble(): number | undefined {
    const count = block.hartCount.load(this.host, this.at);
    for (let i = 0; i < count; i++) {
      const hart = this.host.load32(block.preference.at(this.at, i));
      if (this.isAble(hart)) return hart;
    }
    return undefined;
  }

  private ableOthers(): number[] {
    const count = block.hartCount.load(this.host, this.at);
    const others: number[] = [];
    for (let hart = 0; hart < count; hart++) if (hart !== this.hart && this.isAble(hart)) others.push(hart);
    return others;
  }

  private isAble(hart: number): boolean {
    const turn = this.turnAt(hart);
    const state = turnOf.state.load(this.host, turn);
    if (state !== HartState.Blocked) return state === HartState.Ready;
    const view = turnOf.host.load(this.host, turn) === 1 ? this.host : this.ram;
    return view.load32(turnOf.address.load(this.host, turn)) !== turnOf.value.load(this.host, turn);
  }

  private give(next: number, reason: SwitchReason): void {
    this.record(next, reason);
    this.putDown();
    this.wake(next);
    this.takeTurn();
    if (block.ended.load(this.host, this.at) !== RunEnd.Running) throw new RunEnded();
  }

  private record(to: number, reason: SwitchReason): void {
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
    this.unit = block.unit.load(this.host, this.at);
    this.strict = block.strict.load(this.host, this.at) === 1;
    this.watchful = this.hasRival();
    this.captures = block.capture.load(this.host, this.at) === 1;
    this.readNextAt();
  }

  private readNextAt(): void {
    const count = block.switchCount.load(this.host, this.at);
    const { at, hart } = plannedSwitch.fields;
    const entry = (i: number) => block.switches.at(this.at, i);
    if (this.unit === PlanCode.UnitOwn)
      while (this.cursor < count && hart.load(this.host, entry(this.cursor)) !== this.hart) this.cursor++;
    this.nextAt = this.next < count ? at.load(this.host, entry(this.next)) : Number.POSITIVE_INFINITY;
  }

  private wake(hart: number): void {
    const go = this.turnAt(hart);
    // Release: pairs with the exchange in `takeTurn`; all that this hart did in its turn is visible to the next.
    turnOf.go.store(this.host, go, 1);
    this.host.unpark(turnOf.go.at(go), 1);
  }

  private takeTurn(): void {
    const me = this.turnAt(this.hart);
    for (let spins = 0; turnOf.go.load(this.host, me) === 0; spins++)
      if (spins >= this.config.spins) this.host.park(turnOf.go.at(me), 0);
    turnOf.go.store(this.host, me, 0);
    this.pickUp();
  }

  private turnAt(hart: number): number {
    return block.harts.at(this.at, hart);
  }
}
