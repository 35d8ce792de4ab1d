import type { RunResult } from './coordinator.js';
import type { Plan } from './plan.js';
import { type Switch, SwitchReason } from './switch-reason.js';

/** A schedule of the search: the first hart, and the preemptions, on contended points. */
interface Node {
  readonly first: number;
  readonly preemptions: readonly { readonly at: number; readonly to: number }[];
  /** Fingerprints of the schedules that differ from this one only in preempting the same hart earlier. */
  readonly siblings: Set<number>;
}

export interface Coverage {
  readonly bound: number;
  readonly schedules: number;
  /** Schedules that another one covers, so that they were not extended. */
  readonly equivalent: number;
  /** Every schedule with at most this many preemptions was run (-1: not even those with none). */
  readonly completedBound: number;
  readonly complete: boolean;
  /** Schedules that are known to be left, and a guess at those that they will lead to. */
  readonly queued: number;
  readonly estimatedRest: number;
}

/**
 * Every schedule of two harts with at most `bound` preemptions, fewest first (iterative context bounding: Musuvathi and
 * Qadeer, PLDI 2007). Preempting anywhere but before an access to a contended word changes nothing, so only those
 * points count.
 *
 * A schedule is not extended when it preempts the same hart later than another one that gave an equivalent run: what
 * came between depends on nothing that the other hart did meanwhile, so whatever extends the later preemption extends
 * the earlier one to an equivalent run. (Pruning any equivalent run would be unsound under a bound: the preemptions
 * left to spend lie elsewhere in it.)
 */
export class ExhaustiveSearch {
  private level: Node[] = [];
  private nextLevel: Node[] = [];
  private preemptions = 0;
  private running: Node | undefined;
  private schedules = 0;
  private equivalent = 0;
  private children = 0;
  private expanded = 0;

  /** Throws RangeError unless there are two harts: with more, the order after a forced switch is a choice too. */
  constructor(
    private readonly harts: number,
    private readonly bound: number,
  ) {
    if (harts !== 2) throw new RangeError(`exhaustive search is for 2 harts, not ${harts}`);
    this.restart();
  }

  /** Begins anew: more words turned out to be contended, so the points are numbered differently. */
  restart(): void {
    this.level = Array.from({ length: this.harts }, (_, first) => ({
      first,
      preemptions: [],
      siblings: new Set<number>(),
    }));
    this.nextLevel = [];
    this.preemptions = 0;
    this.children = 0;
    this.expanded = 0;
    this.equivalent = 0;
  }

  /** The next schedule's plan; undefined when the search is complete. */
  next(): Plan | undefined {
    if (this.level.length === 0) {
      if (this.preemptions >= this.bound) return undefined;
      this.preemptions++;
      this.level = this.nextLevel;
      this.nextLevel = [];
      if (this.level.length === 0) return undefined;
    }
    const node = this.level.shift()!;
    this.running = node;
    return {
      preference: [node.first, 1 - node.first],
      unit: 'contended',
      strict: false,
      switches: node.preemptions.map(({ at, to }) => ({ at, action: { kind: 'to', hart: to } })),
      answers: [],
    };
  }

  /** How the schedule that `next` gave went, and its fingerprint. */
  learn(result: RunResult, fingerprint: number): void {
    const node = this.running;
    if (node === undefined) throw new Error('learn follows next');
    this.running = undefined;
    this.schedules++;
    // A preemption that could not be made gave the run that the schedule without it gave.
    if (node.siblings.has(fingerprint) || result.parted !== null) {
      this.equivalent++;
      return;
    }
    node.siblings.add(fingerprint);
    this.expanded++;
    if (node.preemptions.length >= this.bound) return;
    const from = (node.preemptions.at(-1)?.at ?? -1) + 1;
    const siblings = [new Set<number>(), new Set<number>()];
    for (const { point, hart } of soloPoints(node.first, result)) {
      if (point < from) continue;
      const preemptions = [...node.preemptions, { at: point, to: 1 - hart }];
      this.nextLevel.push({ first: node.first, preemptions, siblings: siblings[hart]! });
      this.children++;
    }
  }

  coverage(): Coverage {
    const complete = this.level.length === 0 && (this.preemptions >= this.bound || this.nextLevel.length === 0);
    const perNode = this.expanded === 0 ? 0 : this.children / this.expanded;
    const levelsLeft = this.bound - this.preemptions - 1;
    const queued = this.level.length + this.nextLevel.length;
    return {
      bound: this.bound,
      schedules: this.schedules,
      equivalent: this.equivalent,
      completedBound: complete ? this.bound : this.level.length === 0 ? this.preemptions : this.preemptions - 1,
      complete,
      queued,
      estimatedRest: complete ? 0 : Math.round(queued * Math.max(1, perNode) ** Math.max(0, levelsLeft)),
    };
  }
}

/** The contended points at which the other hart could have run: it was neither finished nor blocked. */
function* soloPoints(first: number, result: RunResult): Generator<{ point: number; hart: number }> {
  let hart = first;
  let otherAble = true;
  let point = 0;
  const ends: (Switch | undefined)[] = [...result.switches, undefined];
  for (const change of ends) {
    const end = change?.contended ?? result.contendedPoints;
    if (otherAble) for (; point < end; point++) yield { point, hart };
    point = end;
    if (change === undefined) return;
    hart = change.to;
    // A blocked hart becomes able when the word changes; a plan that switches to it too early simply is not followed.
    otherAble = change.reason !== SwitchReason.Finished;
  }
}
