import type { TraceEvent } from '../memory/trace-event.js';
import { commutingAfter } from './commuting.js';
import type { RunResult } from './coordinator.js';
import { type Contended, Fingerprint, hash } from './equivalence.js';
import type { Plan } from './plan.js';
import { type Switch, SwitchReason } from './switch-reason.js';

/** A schedule of the search: the first hart, the preemptions, on contended points, and who follows a hart that cannot go on. */
interface Node {
  readonly first: number;
  readonly preemptions: readonly { readonly at: number; readonly to: number }[];
  /** Of the first changes of the turn that are forced; the default order for the others. */
  readonly successors: readonly number[];
  /** Which change of the turn its last choice is; what comes before it is another node's. -1: the first hart. */
  readonly chosen: number;
  /** Where that choice leads. */
  readonly state: number;
  /** Of two harts: points of a run at which it comes to the same to preempt its hart as at an earlier one. */
  readonly covered?: Set<number>;
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

/** Of a schedule, those that it leads to without another preemption: a guess stays below a geometric series. */
const MOST_FREE = 0.9;

/**
 * Every schedule with at most `bound` preemptions, fewest first (iterative context bounding: Musuvathi and Qadeer, PLDI
 * 2007). Preempting anywhere but before an access to a contended word, or a note of a frame of which several harts
 * tell, changes nothing, so only those points count. When
 * a hart waits or finishes, the choice among the others is free: it costs no preemption.
 *
 * A state is what has happened so far, up to the order of accesses that do not depend on one another, and the hart that
 * goes on from there. All that can follow depends on the state and the preemptions left, so what follows a state is run
 * once, from wherever it was first come to with the fewest preemptions. Sleep sets, which also leave out what commutes
 * with a choice that was made, would be unsound under a bound: to make up for what they leave out may take more
 * preemptions than there are (Coons, Musuvathi and McKinley, OOPSLA 2013).
 *
 * Of two harts, one thing that commutes can be left out all the same. A hart is preempted, the other one runs until it
 * cannot go on, and the first, once it is back, begins with accesses that depend on nothing that the other one did. To
 * preempt it after any of those accesses instead gives an equivalent run; and if from there the turn goes back sooner,
 * by another preemption, it can go back as soon in the run with the early preemption, which has as many.
 */
export class ExhaustiveSearch {
  private level: Node[] = [];
  private nextLevel: Node[] = [];
  private preemptions = 0;
  private running: Node | undefined;
  private schedules = 0;
  private equivalent = 0;
  /** States that a schedule goes on from, run or queued: by how many preemptions. */
  private readonly reached = new Map<number, number>();
  /** Schedules that were extended, and to how many with as many preemptions and with one more. */
  private expanded = 0;
  private freeChildren = 0;
  private children = 0;

  constructor(
    private readonly harts: number,
    private readonly bound: number,
  ) {
    this.restart();
  }

  /** Begins anew: more words turned out to be contended, so the points are numbered differently. */
  restart(): void {
    this.level = [];
    this.nextLevel = [];
    this.preemptions = 0;
    this.expanded = 0;
    this.freeChildren = 0;
    this.children = 0;
    this.equivalent = 0;
    this.reached.clear();
    for (let first = 0; first < this.harts; first++) {
      const state = stateOf(0, first);
      this.reached.set(state, 0);
      this.level.push({ first, preemptions: [], successors: [], chosen: -1, state });
    }
  }

  /** The next schedule's plan; undefined when the search is complete. */
  next(): Plan | undefined {
    for (;;) {
      const node = this.level.shift();
      if (node === undefined) {
        if (this.preemptions >= this.bound || this.nextLevel.length === 0) return undefined;
        this.preemptions++;
        this.level = this.nextLevel;
        this.nextLevel = [];
      } else if (this.reached.get(node.state)! < node.preemptions.length || isCovered(node)) {
        // The first: meanwhile a schedule with fewer preemptions has come there.
        this.equivalent++;
      } else {
        this.running = node;
        return this.planOf(node);
      }
    }
  }

  /** How the schedule that `next` gave went. */
  learn(result: RunResult, trace: Iterable<TraceEvent>, contended: Contended): void {
    const node = this.running;
    if (node === undefined) throw new Error('learn follows next');
    this.running = undefined;
    this.schedules++;
    // A choice that could not be made gave the run that the schedule without it gave.
    if (result.parted !== null) {
      this.equivalent++;
      return;
    }
    this.expanded++;
    if (node.covered !== undefined) {
      const { at } = node.preemptions.at(-1)!;
      const commuting = commutingAfter(node.chosen, result.switches, trace, contended);
      for (let later = 1; later <= commuting; later++) node.covered.add(at + later);
    }
    new Extension(node, result, this).follow(trace, contended);
  }

  /** Whether a schedule that comes to the state has to go on from there; from now on no other has. */
  goesOn(state: number, preemptions: number): boolean {
    const before = this.reached.get(state);
    if (before !== undefined && before <= preemptions) return false;
    this.reached.set(state, preemptions);
    return true;
  }

  /** Takes up a schedule unless its state is some other schedule's already. */
  offer(node: Node): void {
    const count = node.preemptions.length;
    if (count > this.bound || !this.goesOn(node.state, count)) return;
    if (count === this.preemptions) {
      this.level.push(node);
      this.freeChildren++;
    } else {
      this.nextLevel.push(node);
      this.children++;
    }
  }

  get hartCount(): number {
    return this.harts;
  }

  coverage(): Coverage {
    const complete = this.level.length === 0 && (this.preemptions >= this.bound || this.nextLevel.length === 0);
    const levelsLeft = this.bound - this.preemptions;
    const rest = this.level.length * this.estimate(levelsLeft) + this.nextLevel.length * this.estimate(levelsLeft - 1);
    return {
      bound: this.bound,
      schedules: this.schedules,
      equivalent: this.equivalent,
      completedBound: complete ? this.bound : this.level.length === 0 ? this.preemptions : this.preemptions - 1,
      complete,
      queued: this.level.length + this.nextLevel.length,
      estimatedRest: complete ? 0 : Math.round(rest),
    };
  }

  /** Schedules that one with so many preemptions left leads to, itself included, if all lead to as many as those so far. */
  private estimate(levelsLeft: number): number {
    if (levelsLeft < 0) return 0;
    const runs = Math.max(1, this.expanded);
    const free = Math.min(MOST_FREE, this.freeChildren / runs);
    return (1 + (this.children / runs) * this.estimate(levelsLeft - 1)) / (1 - free);
  }

  private planOf({ first, preemptions, successors }: Node): Plan {
    const others = Array.from({ length: this.harts }, (_, hart) => hart).filter((hart) => hart !== first);
    return {
      preference: [first, ...others],
      unit: 'contended',
      strict: false,
      switches: preemptions.map(({ at, to }) => ({ at, action: { kind: 'to', hart: to } })),
      successors,
      answers: [],
    };
  }
}

/** Goes through a run after its node's last choice, and offers the schedules that choose otherwise somewhere. */
class Extension {
  private readonly finished = new Set<number>();
  /** Who followed at the forced changes so far. */
  private readonly successors: number[] = [];
  /** By hart. */
  private readonly covered: readonly Set<number>[];
  private hart: number;
  /** The point at which it got the turn. */
  private since = 0;
  private changes = 0;
  private points = 0;

  constructor(
    private readonly node: Node,
    private readonly result: RunResult,
    private readonly search: ExhaustiveSearch,
  ) {
    this.hart = node.first;
    this.covered = search.hartCount === 2 ? [new Set(), new Set()] : [];
  }

  follow(trace: Iterable<TraceEvent>, contended: Contended): void {
    const print = new Fingerprint(contended);
    for (const event of trace) {
      // A shared access is the point after so many; the changes before it come first.
      const before = print.value;
      if (!print.add(event)) continue;
      this.passChanges(before, this.points);
      if (this.changes > this.node.chosen && !this.pass(before)) return;
      this.points++;
    }
    this.passChanges(print.value, Number.POSITIVE_INFINITY);
  }

  /** The changes of the turn up to point number `point`. */
  private passChanges(print: number, point: number): void {
    const { switches } = this.result;
    for (
      let next = switches[this.changes];
      next !== undefined && next.contended <= point;
      next = switches[this.changes]
    ) {
      this.change(next, print);
      this.changes++;
    }
  }

  private change({ from, to, reason, contended }: Switch, print: number): void {
    this.hart = to;
    this.since = contended;
    if (reason === SwitchReason.Finished) this.finished.add(from);
    if (reason === SwitchReason.Preempted) return;
    const { first, preemptions } = this.node;
    if (this.changes > this.node.chosen)
      for (const other of this.others(from, to)) {
        const successors = [...this.successors, other];
        const state = stateOf(print, other);
        this.search.offer({ first, preemptions, successors, chosen: this.changes, state });
      }
    this.successors.push(to);
  }

  /** A shared access: false when another schedule goes on from here. */
  private pass(print: number): boolean {
    const { first, preemptions, successors, state } = this.node;
    const here = stateOf(print, this.hart);
    if (here !== state && !this.search.goesOn(here, preemptions.length)) return false;
    // To lose the turn at once is what another choice of who gets it comes to.
    if (this.points === this.since) return true;
    const covered = this.covered[this.hart];
    for (const other of this.others(this.hart))
      this.search.offer({
        first,
        preemptions: [...preemptions, { at: this.points, to: other }],
        successors,
        chosen: this.changes,
        state: stateOf(print, other),
        ...(covered === undefined ? {} : { covered }),
      });
    return true;
  }

  /** Harts that may be able to run. One that waits for a word is not, and a plan that names it simply is not followed. */
  private others(...but: readonly number[]): number[] {
    return Array.from({ length: this.search.hartCount }, (_, hart) => hart).filter(
      (hart) => !but.includes(hart) && !this.finished.has(hart),
    );
  }
}

function isCovered({ preemptions, covered }: Node): boolean {
  return covered?.has(preemptions.at(-1)!.at) === true;
}

/** What has happened, by its fingerprint, and who goes on. */
function stateOf(print: number, hart: number): number {
  return hash(print, hart + 1);
}
