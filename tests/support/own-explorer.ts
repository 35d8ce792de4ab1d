import { createHash } from 'node:crypto';
import { Explorer } from '../../kernel/scenarios/explorer.js';
import { ScenarioMachine } from '../../kernel/scenarios/scenario-machine.js';
import { scenarioNamed } from '../../kernel/scenarios/scenarios.js';
import { CHECK_DEFAULTS } from '../../src/app/check.js';
import { compileInterpreter } from '../../src/interpreter/compile-interpreter.js';
import { hartParts } from '../../src/machine/hart-parts.js';
import { HartThreads } from '../../src/machine/hart-threads.js';
import type { ScenarioHartData } from '../../workers/scenario-hart.js';

const HART_THREAD = new URL('../../workers/scenario-hart.js', import.meta.url);
const SPINS = 200;

/** A scenario's machine whose hart 0 is the test's own thread, so that the test sees traces and memory. */
export class OwnExplorer {
  readonly explorer: Explorer;
  private readonly threads: HartThreads;

  constructor(scenario: string, design: string, bug: string | null = null) {
    const { memory, processes, stepLimit } = CHECK_DEFAULTS;
    const kernel = { design, form: 'sound', bug, processes } as const;
    const { harts } = scenarioNamed(scenario);
    const config = { scenario, harts, kernel, memory, stepLimit, spins: SPINS };
    const interpreter = compileInterpreter();
    const machine = new ScenarioMachine(
      config,
      (shared) => hartParts(shared, interpreter),
      (bytes) => createHash('sha256').update(bytes).digest('hex'),
    );
    const others = machine.memory.map.harts.map((_, hart) => hart).slice(1);
    this.threads = new HartThreads(HART_THREAD, others, (hart): ScenarioHartData => {
      return { memory: machine.memory.handle, hart, interpreter, config };
    });
    this.explorer = new Explorer(machine);
  }

  async close(): Promise<void> {
    this.explorer.machine.dismiss();
    await this.threads.ended();
  }
}
