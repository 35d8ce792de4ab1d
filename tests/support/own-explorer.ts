import { createHash } from 'node:crypto';
import { HOSTED } from '../../kernel/scenarios/hosted.js';
import { hostedConfig } from '../../kernel/scenarios/hosted-config.js';
import { CHECK_DEFAULTS } from '../../src/app/check.js';
import { ControlledMachine, memoryFor } from '../../src/explore/controlled-machine.js';
import { Explorer } from '../../src/explore/explorer.js';
import { compileInterpreter } from '../../src/interpreter/compile-interpreter.js';
import { hartParts } from '../../src/machine/hart-parts.js';
import { HartThreads } from '../../src/machine/hart-threads.js';
import type { ControlledHartData } from '../../workers/controlled-hart.js';
import { subjectKindNamed } from '../../workers/subject-kinds.js';

const HART_THREAD = new URL('../../workers/controlled-hart.js', import.meta.url);
const limits = { stepLimit: CHECK_DEFAULTS.stepLimit, spins: 200 };

/** A scenario's machine whose hart 0 is the test's own thread, so that the test sees traces and memory. */
export class OwnExplorer {
  readonly explorer: Explorer;
  private readonly threads: HartThreads;

  constructor(scenario: string, design: string, bug: string | null = null, lock?: string) {
    const interpreter = compileInterpreter();
    const kind = subjectKindNamed(HOSTED, (shared) => hartParts(shared, interpreter));
    const config = hostedConfig({ scenario, design, bug, lock });
    const memory = memoryFor(kind.shape(config), limits);
    const machine = new ControlledMachine(kind, config, memory, limits, (bytes) =>
      createHash('sha256').update(bytes).digest('hex'),
    );
    const others = memory.map.harts.map((_, hart) => hart).slice(1);
    const subject = { kind: HOSTED, config };
    this.threads = new HartThreads(HART_THREAD, others, (hart): ControlledHartData => {
      return { memory: memory.handle, hart, interpreter, limits, plugins: [], subject };
    });
    this.explorer = new Explorer(machine);
  }

  async close(): Promise<void> {
    this.explorer.machine.dismiss();
    await this.threads.ended();
  }
}
