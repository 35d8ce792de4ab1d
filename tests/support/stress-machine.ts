import { HostedMachine, type HostedOptions } from '../../src/app/hosted-machine.js';
import { userProgram } from '../../src/machine/user-programs.js';

const STDERR = 2;

/** A machine that runs the stress program, which has no end of its own, on threads of this process. */
export function stressMachine(options: Partial<HostedOptions> = {}): HostedMachine {
  return new HostedMachine({
    harts: 3,
    memory: 16,
    kernel: { design: 'page-map-lock', form: 'sound', bug: null, processes: 64 },
    program: userProgram('forkwrite'),
    argv: ['forkwrite', '6', '0', '8'],
    consoleFd: STDERR,
    ...options,
  });
}
