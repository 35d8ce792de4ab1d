import { expect, it } from 'vitest';
import { HOSTED } from '../../kernel/scenarios/hosted.js';
import { hostedConfig } from '../../kernel/scenarios/hosted-config.js';
import { ControlledMachine, memoryFor } from '../../src/explore/controlled-machine.js';
import { compileInterpreter } from '../../src/interpreter/compile-interpreter.js';
import { hartParts } from '../../src/machine/hart-parts.js';
import { HartThreads } from '../../src/machine/hart-threads.js';
import { MachineAborted } from '../../src/memory/access.js';
import { plainPlan } from '../../src/schedule/plan.js';
import type { ControlledHartData } from '../../workers/controlled-hart.js';
import { subjectKindNamed } from '../../workers/subject-kinds.js';

const HART_THREAD = new URL('../../workers/controlled-hart.js', import.meta.url);
const limits = { stepLimit: 1000, spins: 0 };

it('a machine whose other hart cannot come up says so, and does not wait for it for ever', async () => {
  const interpreter = compileInterpreter();
  const kind = subjectKindNamed(HOSTED, (shared) => hartParts(shared, interpreter));
  const config = hostedConfig({ scenario: 'fault-fault' });
  const memory = memoryFor(kind.shape(config), limits);
  const machine = new ControlledMachine(kind, config, memory, limits, () => '');
  const subject = { kind: HOSTED, config: { ...config, scenario: 'no-such-duel' } };
  const threads = new HartThreads(HART_THREAD, [1], (hart): ControlledHartData => {
    return { memory: memory.handle, hart, interpreter, limits, plugins: [], subject };
  });
  expect(() => machine.run(plainPlan(2))).toThrow(MachineAborted);
  await expect(threads.ended()).rejects.toThrow(/no scenario 'no-such-duel'/);
});
