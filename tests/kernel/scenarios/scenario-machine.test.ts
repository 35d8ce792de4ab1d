import { expect, it } from 'vitest';
import { ScenarioMachine } from '../../../kernel/scenarios/scenario-machine.js';
import { CHECK_DEFAULTS } from '../../../src/app/check.js';
import { compileInterpreter } from '../../../src/interpreter/compile-interpreter.js';
import { hartParts } from '../../../src/machine/hart-parts.js';
import { HartThreads } from '../../../src/machine/hart-threads.js';
import { MachineAborted } from '../../../src/memory/access.js';
import { plainPlan } from '../../../src/schedule/plan.js';
import type { ScenarioHartData } from '../../../workers/scenario-hart.js';

const HART_THREAD = new URL('../../../workers/scenario-hart.js', import.meta.url);

it('a machine whose other hart cannot come up says so, and does not wait for it for ever', async () => {
  const { memory, stepLimit, processes } = CHECK_DEFAULTS;
  const kernel = { design: 'page-map-lock', form: 'sound', bug: null, processes } as const;
  const config = { scenario: 'fault-fault', harts: 2, kernel, memory, stepLimit, spins: 0 };
  const interpreter = compileInterpreter();
  const machine = new ScenarioMachine(
    config,
    (shared) => hartParts(shared, interpreter),
    () => '',
  );
  const threads = new HartThreads(HART_THREAD, [1], (hart): ScenarioHartData => {
    return { memory: machine.memory.handle, hart, interpreter, config: { ...config, scenario: 'no-such-duel' } };
  });
  expect(() => machine.run(plainPlan(2))).toThrow(MachineAborted);
  await expect(threads.ended()).rejects.toThrow(/no scenario 'no-such-duel'/);
});
