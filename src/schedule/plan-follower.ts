import type { DirectAccess } from '../memory/direct-access.js';
import type { HartTurns } from './hart-turns.js';
import { PlanCode } from './plan-code.js';
import { plannedSwitch, type ScheduleMap, scheduleBlock } from './schedule-block.js';

const block = scheduleBlock.fields;

/** Points so far: in all, on contended words, and of the hart that has the turn. */
export interface PointCounts {
  readonly steps: number;
  readonly contended: number;
  readonly own: number;
}

/** What a plan wants of one hart while that has the turn: who runs instead, and when. */
export class PlanFollower {
  private readonly at: number;
  /** Unit `own`: entries of the plan before this one are no concern of this hart any more. */
  private cursor = 0;
  /** Number, in the plan's unit, of the next point at which the plan wants something. */
  private nextAt = Number.POSITIVE_INFINITY;
  private unit: number = PlanCode.UnitEvery;
  private strict = false;
  /** The plan is strict, and a hart that it prefers to this one may become able to run: whoever is blocked, when its word changes. */
  watchful = false;

  constructor(
    private readonly host: DirectAccess,
    map: ScheduleMap,
    private readonly harts: HartTurns,
    private readonly hart: number,
  ) {
    this.at = map.block;
  }

  /** A run begins. */
  begin(): void {
    this.cursor = 0;
  }

  /** The hart has got the turn. */
  pickUp(): void {
    this.unit = block.unit.load(this.host, this.at);
    this.strict = block.strict.load(this.host, this.at) === 1;
    this.watchful = this.strict && this.harts.hasRival(this.hart);
    this.readNextAt();
  }

  /** Points on words that nobody contends for that may be passed until the plan wants something. */
  quietPoints(counts: PointCounts): number {
    if (this.watchful && this.rival() !== undefined) return 0;
    return this.unit === PlanCode.UnitContended
      ? Number.POSITIVE_INFINITY
      : Math.max(0, this.nextAt - this.count(counts));
  }

  /** Whether the plan has an entry for the point that comes. */
  isDue(counts: PointCounts, isContended: boolean): boolean {
    return this.count(counts) >= this.nextAt && (isContended || this.unit !== PlanCode.UnitContended);
  }

  /** Does what the entry says. Who shall run now; undefined: the hart goes on. */
  follow(counts: PointCounts): number | undefined {
    const { action, operand } = this.nextEntry();
    this.consumeEntry();
    const target = this.target(action, operand, counts);
    if (target !== undefined && target !== this.hart) return target;
    this.watchful = this.strict && this.harts.hasRival(this.hart);
    return undefined;
  }

  /** The hart that the plan prefers to this one and that has become able; undefined: none has. */
  rival(): number | undefined {
    const preferred = this.harts.mostPreferredAble();
    return preferred === this.hart ? undefined : preferred;
  }

  /** Who goes on in the place of this hart, which cannot. */
  successor(counts: PointCounts): number | undefined {
    return this.plannedSuccessor(counts) ?? this.chosenSuccessor(counts) ?? this.harts.mostPreferredAble();
  }

  /** Points so far in the plan's unit. */
  private count({ steps, contended, own }: PointCounts): number {
    if (this.unit === PlanCode.UnitOwn) return own;
    return this.unit === PlanCode.UnitContended ? contended : steps;
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

  private readNextAt(): void {
    const count = block.switchCount.load(this.host, this.at);
    const { at, hart } = plannedSwitch.fields;
    const entry = (i: number) => block.switches.at(this.at, i);
    if (this.unit === PlanCode.UnitOwn)
      while (this.cursor < count && hart.load(this.host, entry(this.cursor)) !== this.hart) this.cursor++;
    this.nextAt = this.next < count ? at.load(this.host, entry(this.next)) : Number.POSITIVE_INFINITY;
  }

  /** The hart that a search puts in the place of one that cannot go on. */
  private chosenSuccessor(counts: PointCounts): number | undefined {
    const nth = block.forced.load(this.host, this.at);
    block.forced.store(this.host, this.at, nth + 1);
    if (nth >= block.successorCount.load(this.host, this.at)) return undefined;
    const hart = this.host.load32(block.successors.at(this.at, nth));
    if (this.harts.isAble(hart)) return hart;
    this.part(counts);
    return undefined;
  }

  /** The hart that a recorded schedule put in the place of one that could not go on. */
  private plannedSuccessor(counts: PointCounts): number | undefined {
    if (this.unit === PlanCode.UnitContended || this.count(counts) < this.nextAt) return undefined;
    const { action, operand } = this.nextEntry();
    if (action !== PlanCode.To || operand === this.hart || !this.harts.canGoOn(operand)) return undefined;
    this.consumeEntry();
    return operand;
  }

  private target(action: number, operand: number, counts: PointCounts): number | undefined {
    switch (action) {
      case PlanCode.To:
        if (this.harts.isAble(operand) && operand !== this.hart) return operand;
        this.part(counts);
        return undefined;
      case PlanCode.Pick: {
        const others = this.harts.ableOthers(this.hart);
        return others.length === 0 ? undefined : others[operand % others.length];
      }
      case PlanCode.Demote:
        this.harts.demote(this.hart);
        return this.harts.mostPreferredAble();
      default:
        throw new RangeError(`the plan has an unknown action ${action}`);
    }
  }

  /** The plan cannot be followed here. */
  private part({ steps }: PointCounts): void {
    if (block.parted.load(this.host, this.at) === 0) block.parted.store(this.host, this.at, steps + 1);
  }
}
