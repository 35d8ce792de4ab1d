import type { Doorbells } from '../../src/hart/doorbells.js';
import type { Engine } from '../../src/hart/engine.js';
import { Hart } from '../../src/hart/hart.js';
import { KERNBASE, PGSIZE } from '../../src/memory/map.js';
import { SharedMemory, type SharedMemoryHandle } from '../../src/memory/shared-memory.js';
import { Snapshot } from '../../src/memory/snapshot.js';
import { ControlledAccess } from '../../src/schedule/controlled-access.js';
import { Coordinator, type RunResult } from '../../src/schedule/coordinator.js';
import { takePart, takePartInRuns } from '../../src/schedule/participant.js';
import type { Plan } from '../../src/schedule/plan.js';
import { controlledConfig } from '../../src/schedule/schedule-block.js';
import type { Trace } from '../../src/schedule/trace.js';
import { Turn } from '../../src/schedule/turn.js';
import { type KernelConfig, kernelLayoutOf } from '../config.js';
import type { KernelLayout } from '../layout.js';
import { lockHolder } from '../locks/spinlock.js';
import { BSIZE } from '../params.js';
import { PacedDoorbells } from './paced-doorbells.js';
import { processVerdicts } from './process-verdicts.js';
import { RememberedTables } from './remembered-tables.js';
import { scenarioNamed } from './scenarios.js';
import { type HartParts, Stage, scenarioKernel } from './stage.js';
import { User } from './user.js';

/** Which machine: structured-cloneable, equal on every thread. */
export interface ScenarioConfig {
  readonly scenario: string;
  /** As many as `hartsOf` says. */
  readonly harts: number;
  readonly kernel: KernelConfig;
  /** RAM in MiB. */
  readonly memory: number;
  /** Points after which a run counts as a livelock. */
  readonly stepLimit: number;
  /** Looks for its turn that a hart takes before it parks: many while every hart has a core, none when it has not. */
  readonly spins: number;
}

/** The configuration with all that the scenario needs at least. */
function enoughFor(config: ScenarioConfig): ScenarioConfig {
  const { needs, disk } = scenarioNamed(config.scenario);
  const { memory = 0, processes = 0 } = needs ?? {};
  const diskBlocks = (disk?.length ?? 0) / BSIZE;
  const kernel = { ...config.kernel, processes: Math.max(processes, config.kernel.processes), diskBlocks };
  return { ...config, kernel, memory: Math.max(memory, config.memory) };
}

/** Trace events that a run may leave per point: the accesses, and what the kernel tells of them. */
const EVENTS_PER_POINT = 2;

/** One hart of a scenario on its own thread: the kernel under a schedule, ready to play its part again and again. */
class Player {
  readonly turn: Turn;
  private readonly access: ControlledAccess;
  private readonly engine: Engine;
  private readonly doorbells: Doorbells;
  private readonly layout: KernelLayout;

  constructor(
    readonly memory: SharedMemory,
    id: number,
    private readonly config: ScenarioConfig,
    { engine, doorbells }: HartParts,
  ) {
    this.turn = new Turn(memory, id, { spins: config.spins });
    this.access = new ControlledAccess(memory, this.turn);
    this.engine = engine(memory, memory.map.harts[id]!);
    this.doorbells = new PacedDoorbells(doorbells, this.access);
    this.layout = kernelLayoutOf(config.kernel, memory.map);
  }

  /** With new objects for every run: what they remember of a run that was cut short must not tell in the next. */
  play(): void {
    const { access, config, layout } = this;
    const hart = new Hart(this.turn.hart, this.memory, this.engine);
    const kernel = scenarioKernel(hart, access, this.doorbells, config.kernel, layout);
    const user = new User(kernel, hart, access, access);
    const scenario = scenarioNamed(config.scenario);
    if (scenario.program === undefined) scenario.parts[hart.id]!(user);
    else user.runProgram();
  }
}

/** The life of every hart's thread but the first: runs, until the machine is closed. */
export function playHart(handle: SharedMemoryHandle, hart: number, config: ScenarioConfig, parts: HartParts): void {
  const memory = SharedMemory.attach(handle);
  const player = new Player(memory, hart, enoughFor(config), parts);
  takePartInRuns(memory, player.turn, () => player.play());
}

/**
 * A scenario's machine, set up once and put back before every run. The thread that makes it is hart 0 and coordinates;
 * the other harts' threads call `playHart`.
 */
export class ScenarioMachine {
  readonly config: ScenarioConfig;
  readonly memory: SharedMemory;
  readonly stage: Stage;
  readonly coordinator: Coordinator;
  private readonly player: Player;
  private readonly hostSnapshots: readonly Snapshot[];
  private readonly ramSnapshot: Snapshot;
  private readonly tables: RememberedTables;
  private lastWritten: ReadonlySet<number> | undefined;

  /**
   * @param digest a cryptographic hash in hexadecimal
   * Throws BootError when there is no such kernel, or no room for it.
   */
  constructor(
    asked: ScenarioConfig,
    partsFor: (memory: SharedMemory) => HartParts,
    private readonly digest: (bytes: Uint8Array) => string,
  ) {
    const config = enoughFor(asked);
    this.config = config;
    const scenario = scenarioNamed(config.scenario);
    const { harts, memory: megabytes, stepLimit } = config;
    this.memory = SharedMemory.create(controlledConfig(harts, megabytes, stepLimit * EVENTS_PER_POINT));
    const parts = partsFor(this.memory);
    this.stage = new Stage(this.memory, config.kernel, parts, scenario);
    if (scenario.program === undefined) scenario.setup(this.stage);
    else this.stage.bootProgram();
    const { map, host, ram } = this.memory;
    // The control block, and each hart's registers and TLBs; decoded code is a cache, and valid in every run.
    this.hostSnapshots = [
      new Snapshot(host, 0, map.harts[0]!.block),
      ...map.harts.map(({ block, code }) => new Snapshot(host, block, code - block)),
    ];
    this.ramSnapshot = new Snapshot(ram, KERNBASE, map.ramSize);
    this.coordinator = new Coordinator(this.memory, harts, stepLimit);
    this.player = new Player(this.memory, 0, config, parts);
    this.tables = new RememberedTables(ram);
  }

  /** One run from the scenario's beginning. The trace is there until the next. */
  run(plan: Plan): RunResult {
    this.coordinator.awaitThreads(this.config.harts - 1);
    this.restore();
    this.lastWritten = undefined;
    this.coordinator.begin(plan);
    takePart(this.memory, this.player.turn, () => this.player.play());
    return this.coordinator.awaitEnd();
  }

  /** What the last run did; good until the next. */
  trace(): Trace {
    return this.coordinator.trace();
  }

  /** Whether all that a run does to memory that matters stands in its trace: what user code stores does not. */
  get isTracedWhole(): boolean {
    return scenarioNamed(this.config.scenario).program === undefined;
  }

  /**
   * What is held against the machine at rest after a run that was done: by the ledger, by the process table, and by the
   * scenario, which looks at the content of pages.
   */
  complaints(): { ledger: readonly string[]; outcome: readonly string[]; content: readonly string[] } {
    const { stage } = this;
    const scenario = scenarioNamed(this.config.scenario);
    return {
      ledger: stage.audit(undefined, this.isTracedWhole ? this.tables.after(this.written()) : undefined),
      outcome: [...processVerdicts(this.memory.ram, stage.layout), ...(scenario.outcome?.(stage) ?? [])],
      content: scenario.verify?.(stage) ?? [],
    };
  }

  /** After a deadlock: who waits for what, and who has it. */
  whoWaits(): string {
    const { symbols } = this.stage.layout;
    const waits = this.coordinator.blocked().map(({ hart, address, value, host }) => {
      if (host) return `hart ${hart} is idle`;
      const holder = lockHolder(value);
      return `hart ${hart} waits for ${symbols.describe(address)}${holder === undefined ? '' : `, which hart ${holder} holds`}`;
    });
    return waits.join('; ');
  }

  /** A digest of RAM as the last run left it, in hexadecimal. */
  memoryHash(): string {
    return this.digest(this.memory.ram.read(KERNBASE, this.memory.map.ramSize));
  }

  /** Lets the other threads go. */
  dismiss(): void {
    this.coordinator.dismiss();
  }

  /** Puts the machine back to where every run begins. Only pages that the last run wrote: the kernel's own area, where statistics are not traced, and what the trace says. */
  restore(): void {
    for (const snapshot of this.hostSnapshots) snapshot.restoreAll();
    if (!this.isTracedWhole) {
      this.ramSnapshot.restoreAll();
      return;
    }
    const { firstFrame } = this.stage.layout;
    for (let page = KERNBASE; page < firstFrame; page += PGSIZE) this.ramSnapshot.restorePage(page);
    for (const frame of this.written()) this.ramSnapshot.restorePage(frame);
  }

  /** The frames that the last run wrote, as its trace tells. */
  private written(): ReadonlySet<number> {
    this.lastWritten ??= this.framesWritten();
    return this.lastWritten;
  }

  private framesWritten(): ReadonlySet<number> {
    const { firstFrame } = this.stage.layout;
    const frames = new Set<number>();
    let latest = 0;
    this.trace().showWrites((address) => {
      if (address < firstFrame) return;
      const frame = address - (address & (PGSIZE - 1));
      if (frame !== latest) frames.add(frame);
      latest = frame;
    });
    return frames;
  }
}
