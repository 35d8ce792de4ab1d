import { setTimeout } from 'node:timers/promises';
import { HostedMachine, type HostedOptions } from '../../src/app/hosted-machine.js';
import { userProgram } from '../../src/machine/user-programs.js';
import type { RunReport } from '../../src/report/run-summary.js';
import { engineOfTests } from './engine-choice.js';

const STDERR = 2;
const LOOK_MS = 5;

/** A machine that runs the stress program, which has no end of its own, on threads of this process. */
export function stressMachine(options: Partial<HostedOptions> = {}): HostedMachine {
  return new HostedMachine({
    engine: engineOfTests(),
    harts: 3,
    memory: 16,
    kernel: { design: 'page-map-lock', form: 'sound', bug: null, processes: 64 },
    program: userProgram('forkwrite'),
    argv: ['forkwrite', '6', '0', '8'],
    consoleFd: STDERR,
    ...options,
  });
}

/** Runs the machine until `enough` says so, or something has ended it before, and tells how it went. */
export async function runUntil(machine: HostedMachine, enough: (so: RunReport) => boolean): Promise<RunReport> {
  let over = false;
  const running = machine.run().finally(() => {
    over = true;
  });
  while (!over && !enough(machine.report())) await setTimeout(LOOK_MS);
  machine.stop();
  await running;
  return machine.report();
}
