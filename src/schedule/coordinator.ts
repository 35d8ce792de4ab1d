import type { DirectAccess } from '../memory/direct-access.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import { HartTurns, type WaitedWord } from './hart-turns.js';
import type { Plan } from './plan.js';
import { writePlan } from './plan-code.js';
import {
  ContendedWords,
  HartState,
  hartTurn,
  RunEnd,
  recordedSwitch,
  type ScheduleMap,
  scheduleBlock,
  scheduleMap,
} from './schedule-block.js';
import { readStacks } from './stack-capture.js';
import type { Switch, SwitchReason } from './switch-reason.js';
import { Trace } from './trace.js';

const block = scheduleBlock.fields;

/** How a run went. */
export interface RunResult {
  readonly end: RunEnd;
  /** The hart that ended it. */
  readonly endedBy: number;
  /** What the supervisor threw, when `end` is `RunEnd.Thrown`. */
  readonly message: string;
  /** And the place that it names: the same from run to run. */
  readonly place: string;
  /** Points, in all and on contended words. */
  readonly points: number;
  readonly contendedPoints: number;
  readonly switches: readonly Switch[];
  /** How often each `Question` was asked. */
  readonly asked: readonly number[];
  /** The first point at which the plan could not be followed, or null. */
  readonly parted: number | null;
}

/** Starts runs and collects what happened. Lives on one thread, which may also be a hart's. */
export class Coordinator {
  readonly contended: ContendedWords;
  private readonly host: DirectAccess;
  private readonly map: ScheduleMap;
  private readonly copied: Trace;
  private readonly turns: HartTurns;
  private isCopied = false;

  constructor(
    memory: SharedMemory,
    private readonly harts: number,
    private readonly stepLimit: number,
  ) {
    this.host = memory.host;
    this.map = scheduleMap(memory);
    this.contended = new ContendedWords(memory.host, this.map);
    this.turns = new HartTurns(memory, this.map);
    this.copied = new Trace(memory.host, this.map.trace, this.map.traceLimit);
  }

  /** Waits until so many standing threads have come up. Throws MachineAborted when one died. */
  awaitThreads(threads: number): void {
    const at = this.map.block;
    for (let ready = block.ready.load(this.host, at); ready < threads; ready = block.ready.load(this.host, at))
      this.host.park(block.ready.at(at), ready);
  }

  /** Gives the first turn. Nobody may be left over from an earlier run. */
  begin(plan: Plan): void {
    const { host } = this;
    const at = this.map.block;
    for (const word of [
      block.endedBy,
      block.messageLength,
      block.placeLength,
      block.steps,
      block.contended,
      block.traceLength,
      block.nextSwitch,
      block.forced,
      block.recordCount,
      block.parted,
      block.captureLength,
    ])
      word.store(host, at, 0);
    this.isCopied = false;
    block.stepLimit.store(host, at, this.stepLimit);
    block.hartCount.store(host, at, this.harts);
    for (let question = 0; question < block.asked.length; question++) host.store32(block.asked.at(at, question), 0);
    const nothing = { address: 0, bytes: 0, writes: false };
    for (let hart = 0; hart < this.harts; hart++) {
      this.turns.setState(hart, HartState.Ready);
      this.turns.setPending(hart, nothing);
      hartTurn.fields.go.store(host, this.turns.of(hart), 0);
    }
    writePlan(host, this.map, this.harts, plan);
    block.ended.store(host, at, RunEnd.Running);
    block.settled.store(host, at, 0);
    this.wake(plan.preference[0]!);
  }

  /** Waits until every hart has left the run. Throws MachineAborted when a hart's thread died. */
  awaitEnd(): RunResult {
    const { host } = this;
    const at = this.map.block;
    // Pairs with the add in `takePart`.
    for (let settled = block.settled.load(host, at); settled < this.harts; settled = block.settled.load(host, at))
      host.park(block.settled.at(at), settled);
    const parted = block.parted.load(host, at);
    return {
      end: block.ended.load(host, at) as RunEnd,
      endedBy: block.endedBy.load(host, at),
      message: new TextDecoder().decode(host.read(block.message.at(at), block.messageLength.load(host, at))),
      place: new TextDecoder().decode(host.read(block.place.at(at), block.placeLength.load(host, at))),
      points: block.steps.load(host, at),
      contendedPoints: block.contended.load(host, at),
      switches: this.switches(),
      asked: Array.from({ length: block.asked.length }, (_, i) => host.load32(block.asked.at(at, i))),
      parted: parted === 0 ? null : parted - 1,
    };
  }

  /** The harts that were blocked when the last run ended, and the words of which each waited for one to change. */
  blocked(): { hart: number; host: boolean; words: readonly WaitedWord[] }[] {
    return Array.from({ length: this.harts }, (_, hart) => hart)
      .filter((hart) => this.turns.state(hart) === HartState.Blocked)
      .map((hart) => ({ hart, ...this.turns.waits(hart) }));
  }

  /**
   * From the next run on, whether the words that harts contend for are taken for known: guest code then makes accesses to others
   * without stopping, which are points all the same, but none at which anything is asked.
   */
  quiet(on: boolean): void {
    block.quiet.store(this.host, this.map.block, on ? 1 : 0);
  }

  /** From the next run on, whether harts leave the stack of every access. */
  capture(on: boolean): void {
    block.capture.store(this.host, this.map.block, on ? 1 : 0);
  }

  /** The stacks that the last run left, by step. */
  stacks(): ReadonlyMap<number, readonly string[]> {
    return readStacks(this.host, this.map, block.captureLength.load(this.host, this.map.block));
  }

  /** What the last run did; good until the next. */
  trace(): Trace {
    if (!this.isCopied) this.copied.copy(block.traceLength.load(this.host, this.map.block));
    this.isCopied = true;
    return this.copied;
  }

  /** Ends the threads' loops; they are waiting for the next run. */
  dismiss(): void {
    const at = this.map.block;
    block.quit.store(this.host, at, 1);
    block.ended.store(this.host, at, RunEnd.Done);
    for (let hart = 0; hart < this.harts; hart++) this.wake(hart);
  }

  private switches(): Switch[] {
    const at = this.map.block;
    const fields = recordedSwitch.fields;
    return Array.from({ length: block.recordCount.load(this.host, at) }, (_, i) => {
      const entry = block.record.at(at, i);
      return {
        step: fields.step.load(this.host, entry),
        contended: fields.contended.load(this.host, entry),
        own: fields.own.load(this.host, entry),
        from: fields.from.load(this.host, entry),
        to: fields.to.load(this.host, entry),
        reason: fields.reason.load(this.host, entry) as SwitchReason,
      };
    });
  }

  private wake(hart: number): void {
    const turn = block.harts.at(this.map.block, hart);
    hartTurn.fields.go.store(this.host, turn, 1);
    this.host.unpark(hartTurn.fields.go.at(turn), 1);
  }
}
