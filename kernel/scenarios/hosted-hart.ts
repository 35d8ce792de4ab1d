import type { SubjectHart } from '../../src/explore/subject.js';
import { PacedDoorbells } from '../../src/hart/controlled/paced-doorbells.js';
import type { Doorbells } from '../../src/hart/doorbells.js';
import type { Engine } from '../../src/hart/engine.js';
import { Hart } from '../../src/hart/hart.js';
import type { SharedMemory } from '../../src/memory/shared-memory.js';
import type { ControlledAccess } from '../../src/schedule/controlled-access.js';
import { type KernelConfig, kernelLayoutOf } from '../config.js';
import type { KernelLayout } from '../layout.js';
import { PlayedInput } from './played-input.js';
import { type Scenario, scenarioNamed } from './scenarios.js';
import { type HartParts, lockstatPlace, scenarioKernel } from './stage.js';
import { User } from './user.js';

/** One hart of a scenario on its own thread: the kernel under a schedule, ready to play its part again and again. */
export class HostedHart implements SubjectHart {
  private readonly engine: Engine;
  private readonly doorbells: Doorbells;
  private readonly layout: KernelLayout;
  private readonly scenario: Scenario;
  private readonly kernel: KernelConfig;

  constructor(
    private readonly memory: SharedMemory,
    private readonly id: number,
    { kernel, scenario }: { readonly kernel: KernelConfig; readonly scenario: string },
    private readonly access: ControlledAccess,
    { engine, doorbells }: HartParts,
  ) {
    this.engine = engine(memory, memory.map.harts[id]!);
    this.doorbells = new PacedDoorbells(doorbells, access);
    this.layout = kernelLayoutOf(kernel, memory.map);
    this.scenario = scenarioNamed(scenario);
    this.kernel = kernel;
  }

  /** With new objects for every run: what they remember of a run that was cut short must not tell in the next. */
  play(): void {
    const { access, layout, scenario } = this;
    const hart = new Hart(this.id, this.memory, this.engine);
    const lockstat = lockstatPlace(this.memory, () => access.turn.now);
    const { doorbells } = this;
    const input = scenario.program === undefined ? new PlayedInput() : undefined;
    const kernel = scenarioKernel(hart, access, doorbells, this.kernel, layout, undefined, undefined, lockstat, input);
    const user = new User(kernel, hart, access, input, access);
    if (scenario.program === undefined) scenario.parts[hart.id]!(user);
    else user.runProgram();
  }
}
