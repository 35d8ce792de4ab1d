import type { Outcome } from '../../src/explore/outcome.js';
import { type Lock, type MemoryRange, type Names, type Subject, SubjectError } from '../../src/explore/subject.js';
import type { Question } from '../../src/memory/access.js';
import { KERNBASE } from '../../src/memory/map.js';
import type { SharedMemory } from '../../src/memory/shared-memory.js';
import type { Complaint, FindingKind } from '../../src/races/finding.js';
import type { ObserverContext } from '../../src/races/observer.js';
import type { Verdict } from '../books/verdict.js';
import { formOf, type KernelConfig, lockFamilyOf } from '../config.js';
import { BootError } from '../kernel-panic.js';
import { type KernelLayout, kmem } from '../layout.js';
import type { DesignForm } from '../page-sharing/page-sharing.js';
import { cpu } from '../process/cpu.js';
import { proc } from '../process/proc-struct.js';
import { AddressNames } from './address-names.js';
import { fileVerdicts } from './file-verdicts.js';
import { framesAtStart } from './frames-at-start.js';
import { hostedTitle } from './hosted-config.js';
import { idleVerdicts } from './idle-verdicts.js';
import { LockWords } from './lock-words.js';
import { OutcomeView } from './outcome/outcome.js';
import { processVerdicts } from './process-verdicts.js';
import { RememberedTables } from './remembered-tables.js';
import { type Scenario, scenarioNamed } from './scenarios.js';
import { sleeperVerdicts } from './sleeper-verdicts.js';
import { type HartParts, Stage } from './stage.js';

/** The hosted kernel in a scenario, set up to where it becomes interesting. */
export class HostedSubject implements Subject {
  readonly title: string;
  readonly stage: Stage;
  readonly questions: readonly Question[];
  readonly traceTellsAll: boolean;
  readonly untraced: readonly MemoryRange[];
  readonly contended: readonly number[];
  private readonly scenario: Scenario;
  private readonly kernel: KernelConfig;
  private readonly tables: RememberedTables;
  private readonly locks: LockWords;
  /** Absent where programs run: what they do one after the other is more than anybody can try. */
  readonly outcome?: (written: ReadonlySet<number>) => Outcome;
  readonly mayFail: number;

  /** Throws BootError when there is no such kernel, or no room for it, and SubjectError when it cannot be set up. */
  constructor(
    readonly memory: SharedMemory,
    config: { readonly scenario: string; readonly kernel: KernelConfig },
    parts: HartParts,
  ) {
    const scenario = scenarioNamed(config.scenario);
    this.title = hostedTitle(config);
    this.scenario = scenario;
    this.kernel = config.kernel;
    this.questions = scenario.questions ?? [];
    this.traceTellsAll = scenario.program === undefined;
    this.stage = new Stage(memory, config.kernel, parts, scenario);
    setUp(this.stage, scenario);
    const { layout } = this.stage;
    // The kernel's own area, where it keeps statistics.
    this.untraced = [{ start: KERNBASE, bytes: layout.firstFrame - KERNBASE }];
    this.tables = new RememberedTables(memory.ram);
    this.contended = layout.queueNodes.words();
    this.locks = new LockWords(memory.ram, layout, lockFamilyOf(config.kernel));
    this.mayFail = scenario.mayFail ?? 0;
    if (scenario.program !== undefined) return;
    const view = new OutcomeView(this.stage);
    this.outcome = (written) => view.of(written);
  }

  names(): Names {
    return new AddressNames(this.memory.ram, this.stage.layout);
  }

  lockAt(address: number): Lock | undefined {
    return this.locks.lockAt(address);
  }

  context(): ObserverContext {
    const { layout } = this.stage;
    const { memory } = this;
    const form = formOf(this.kernel);
    return {
      harts: memory.map.harts.length,
      ramSize: memory.map.ramSize,
      describe: (address) => layout.symbols.describe(address),
      guardOf: guards(layout, form),
      allocatorLocks: layout.kmems.map((list) => kmem.fields.lock.at(list)),
      atStart: framesAtStart(memory.ram, layout, form),
      pidsAtStart: layout.cpus.map((hart) => {
        const p = cpu.fields.proc.load(memory.ram, hart);
        return p === 0 ? 0 : proc.fields.pid.load(memory.ram, p);
      }),
    };
  }

  /** By the ledger, by the process table, by open files, by who sleeps, and by the scenario, which looks at the content of pages. */
  complaints(written: ReadonlySet<number>): readonly Complaint[] {
    const { stage, scenario, memory } = this;
    const { layout } = stage;
    return [
      ...as('ledger', stage.audit(undefined, this.tables.after(written))),
      ...as('wrong-result', processVerdicts(memory.ram, layout)),
      ...as('wrong-result', fileVerdicts(memory.ram, layout)),
      ...as('wrong-result', sleeperVerdicts(memory.ram, layout)),
      ...as('wrong-result', idleVerdicts(memory, layout)),
      ...as('wrong-result', scenario.outcome?.(stage) ?? []),
      ...as('content', scenario.verify?.(stage) ?? []),
    ];
  }

  audit(holds: ReadonlyMap<number, number>): readonly Complaint[] {
    return as('ledger', this.stage.audit(holds));
  }
}

/** Throws SubjectError where the kernel is too broken to come to where it becomes interesting. */
function setUp(stage: Stage, scenario: Scenario): void {
  try {
    if (scenario.program === undefined) scenario.setup(stage);
    else stage.bootProgram();
  } catch (error) {
    if (error instanceof BootError || !(error instanceof Error)) throw error;
    throw new SubjectError(`the scenario ${scenario.name} cannot be set up: ${error.message}`, { cause: error });
  }
}

function as(kind: FindingKind, verdicts: readonly Verdict[]): Complaint[] {
  return verdicts.map(({ place, summary }) => ({ kind, place, summary }));
}

/** Which lock guards a word: of the free lists, and of the design's counts where a lock guards them. */
function guards(layout: KernelLayout, { counts }: DesignForm): ObserverContext['guardOf'] {
  const { lock, freelist, free, puts } = kmem.fields;
  const words = [freelist, free, puts];
  const lists = new Map(layout.kmems.flatMap((list) => words.map(({ offset }) => [list + offset, lock.at(list)])));
  const guardOfCount = counts?.guardOf?.(layout);
  return (address) => lists.get(address) ?? guardOfCount?.(address);
}
