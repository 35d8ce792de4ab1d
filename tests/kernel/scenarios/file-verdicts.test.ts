import { describe, expect, it } from 'vitest';
import { file } from '../../../kernel/files/file-struct.js';
import { pipe } from '../../../kernel/files/pipe.js';
import { fileVerdicts } from '../../../kernel/scenarios/file-verdicts.js';
import { Sys } from '../../../kernel/trap/syscall.js';
import { DATA, KernelMachine } from '../../support/kernel-machine.js';

/** A process and its child share the ends of a pipe, and nothing else is open. */
function sharers(): KernelMachine {
  const machine = KernelMachine.booted({ harts: 2, consoleOpen: false });
  machine.call(0, Sys.pipe, DATA);
  machine.call(0, Sys.fork);
  return machine;
}
const summaries = ({ ram, layout }: KernelMachine) => fileVerdicts(ram, layout).map(({ summary }) => summary);

describe('open files at rest', () => {
  it('have as many references as descriptors that refer to them', () => {
    const machine = sharers();
    const [reader] = machine.layout.files;
    expect(summaries(machine)).toEqual([]);
    machine.call(0, Sys.close, 0);
    expect(summaries(machine)).toEqual([]);
    file.fields.ref.store(machine.ram, reader!, 2);
    expect(summaries(machine)).toEqual(['file[0] has 2 references, and 1 file descriptors refer to it']);
  });

  it('have a pipe that says which of its ends are open', () => {
    const machine = sharers();
    const pi = file.fields.pipe.load(machine.ram, machine.layout.files[0]!);
    pipe.fields.writeopen.store(machine.ram, pi, 0);
    expect(summaries(machine)).toEqual(['a pipe says of an end that it is open, or not, and it is not so']);
  });
});
