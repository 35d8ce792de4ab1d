import type { Finding, FindingKind } from '../../src/races/finding.js';
import { FrameLifetime } from '../../src/races/frame-lifetime.js';
import { HappensBefore } from '../../src/races/happens-before.js';
import { LockOrder } from '../../src/races/lock-order.js';
import { Lockset } from '../../src/races/lockset.js';
import type { Observer, ObserverContext, ObserverFactory } from '../../src/races/observer.js';
import { StaleTlb } from '../../src/races/stale-tlb.js';
import type { RunResult } from '../../src/schedule/coordinator.js';
import type { Plan } from '../../src/schedule/plan.js';
import { RunEnd } from '../../src/schedule/schedule-block.js';
import { formOf } from '../config.js';
import { type KernelLayout, kmem } from '../layout.js';
import type { DesignForm } from '../page-sharing/page-sharing.js';
import { cpu } from '../process/cpu.js';
import { proc } from '../process/proc-struct.js';
import { framesAtStart } from './frames-at-start.js';
import type { ScenarioMachine } from './scenario-machine.js';

/** Every observer that can be switched off, by name. Add new observers here. */
const OBSERVERS: Readonly<Record<string, ObserverFactory>> = {
  'frame-lifetime': (context) => new FrameLifetime(context),
  'happens-before': (context) => new HappensBefore(context),
  'lock-order': (context) => new LockOrder(context),
  lockset: (context) => new Lockset(context),
  'stale-tlb': (context) => new StaleTlb(context),
};
export const observerNames: readonly string[] = Object.keys(OBSERVERS);

/** The kinds by which a kernel really does harm; the others are reasons to look closer. */
const HARM: readonly FindingKind[] = [
  'use-after-free',
  'double-free',
  'double-allocation',
  'stale-tlb',
  'deadlock',
  'livelock',
  'panic',
  'ledger',
  'content',
  'wrong-result',
];

/** Judgements that are kept. */
const MOST_JUDGED = 100_000;

/** What was held against one run. */
export interface Judgement {
  /** Worst first: harm that was done, then races that nothing came of in this run. */
  readonly failures: readonly Finding[];
  readonly advice: readonly Finding[];
}

export function isHarm(finding: Pick<Finding, 'kind'>): boolean {
  return HARM.includes(finding.kind);
}

/** The same failure in two runs has the same signature: frames, pids and addresses may differ. */
export function signatureOf({ kind, summary }: Pick<Finding, 'kind' | 'summary'>): string {
  return `${kind}: ${summary.replace(/0x[0-9a-f]+/g, '#').replace(/\d+/g, '#')}`;
}

/** Looks at runs of one machine: its observers, the ledger, and what the scenario itself expects. */
export class Judge {
  private readonly observers: readonly Observer[];
  /** Judgements of earlier runs: many schedules come to the same run. */
  private readonly judged = new Map<string, Judgement>();

  /** @param names observers that are switched on */
  constructor(
    private readonly machine: ScenarioMachine,
    names: readonly string[] = observerNames,
  ) {
    const context = contextOf(machine);
    this.observers = names.map((name) => OBSERVERS[name]!(context));
  }

  /** Right after the run. */
  judge(result: RunResult, plan: Pick<Plan, 'answers'>): Judgement {
    const key = this.keyOf(result, plan);
    const known = key === undefined ? undefined : this.judged.get(key);
    if (known !== undefined) return known;
    const judgement = this.look(result);
    if (key !== undefined) {
      if (this.judged.size >= MOST_JUDGED) this.judged.clear();
      this.judged.set(key, judgement);
    }
    return judgement;
  }

  /**
   * The same for runs that did the same in the same order and were given the same answers: they left the same memory.
   * Undefined for a run of which more must be known than its trace tells.
   */
  private keyOf({ end }: RunResult, { answers }: Pick<Plan, 'answers'>): string | undefined {
    if (end !== RunEnd.Done || !this.machine.isTracedWhole) return undefined;
    return `${this.machine.trace().digest()} ${JSON.stringify(answers)}`;
  }

  private look(result: RunResult): Judgement {
    // One after the other, which takes two thirds of the time that all of them event by event take.
    for (const observer of this.observers) {
      observer.begin();
      this.machine.trace().show((event, index) => observer.observe(event, index), observer.notesOnly);
    }
    const found = [...this.endOf(result), ...this.observers.flatMap((observer) => observer.findings())];
    if (result.end === RunEnd.Done) found.push(...this.atRest());
    const failures = found.filter((finding) => !finding.advisory);
    return {
      failures: [...failures.filter(isHarm), ...failures.filter((finding) => !isHarm(finding))],
      advice: found.filter((finding) => finding.advisory),
    };
  }

  private endOf({ end, endedBy, message, points }: RunResult): Finding[] {
    const finding = (kind: FindingKind, summary: string) => [{ kind, summary, events: [], advisory: false }];
    switch (end) {
      case RunEnd.Thrown:
        return finding('panic', `hart ${endedBy}: ${message}`);
      case RunEnd.Deadlock:
        return finding('deadlock', this.machine.whoWaits());
      case RunEnd.StepLimit:
        return finding('livelock', `no end after ${points} steps`);
      default:
        return [];
    }
  }

  private atRest(): Finding[] {
    const { ledger, outcome, content } = this.machine.complaints();
    const as = (kind: FindingKind) => (summary: string) => ({ kind, summary, events: [], advisory: false });
    return [...ledger.map(as('ledger')), ...outcome.map(as('wrong-result')), ...content.map(as('content'))];
  }
}

function contextOf(machine: ScenarioMachine): ObserverContext {
  const { stage, memory } = machine;
  const form = formOf(machine.config.kernel);
  return {
    harts: memory.map.harts.length,
    ramSize: memory.map.ramSize,
    describe: (address) => stage.layout.symbols.describe(address),
    guardOf: guards(stage.layout, form),
    atStart: framesAtStart(memory.ram, stage.layout, form),
    pidsAtStart: stage.layout.cpus.map((hart) => {
      const p = cpu.fields.proc.load(memory.ram, hart);
      return p === 0 ? 0 : proc.fields.pid.load(memory.ram, p);
    }),
  };
}

/** Which lock guards a word: of the free list, and of the design's counts where a lock guards them. */
function guards(layout: KernelLayout, { guard, counts }: DesignForm): ObserverContext['guardOf'] {
  const { lock, freelist, free } = kmem.fields;
  const freeList = [layout.kmem + freelist.offset, layout.kmem + free.offset];
  const countLock = layout.locks.find(({ name }) => name === guard)?.address;
  const counted = counts?.guarded?.(layout);
  return (address) => {
    if (freeList.includes(address)) return lock.at(layout.kmem);
    if (counted === undefined || address < counted.start || address >= counted.start + counted.bytes) return undefined;
    return countLock;
  };
}
