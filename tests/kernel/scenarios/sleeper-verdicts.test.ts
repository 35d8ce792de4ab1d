import { describe, expect, it } from 'vitest';
import { cons } from '../../../kernel/files/console-struct.js';
import { file } from '../../../kernel/files/file-struct.js';
import { pipe } from '../../../kernel/files/pipe.js';
import { clock } from '../../../kernel/layout.js';
import { sleeperVerdicts } from '../../../kernel/scenarios/sleeper-verdicts.js';
import { Sys } from '../../../kernel/trap/syscall.js';
import { DATA, KernelMachine } from '../../support/kernel-machine.js';

const summaries = ({ ram, layout }: KernelMachine) => sleeperVerdicts(ram, layout).map(({ summary }) => summary);
const READ_END = 0;

/** The first process sleeps in a call, on a machine of one hart. */
function asleepIn(call: keyof typeof Sys, ...args: number[]): KernelMachine {
  const machine = KernelMachine.booted({ harts: 1, consoleOpen: false });
  machine.call(0, Sys.pipe, DATA);
  machine.call(0, Sys[call], ...args);
  expect(summaries(machine)).toEqual([]);
  return machine;
}

/** Of the pipe that the last process has made, which lies in a frame that its files name. */
function pipeOf({ ram, layout }: KernelMachine): number {
  const [f] = layout.files;
  return file.fields.pipe.load(ram, f!);
}

describe('who sleeps at rest', () => {
  it('is told of when a tick has come that it waits for', () => {
    const machine = asleepIn('sleep', 2);
    const { ticks } = clock.fields;
    ticks.store(machine.ram, machine.layout.clock, 1);
    expect(summaries(machine)).toEqual([]);
    ticks.store(machine.ram, machine.layout.clock, 2);
    expect(summaries(machine)).toEqual(['proc[0] sleeps on although its time has come: the wakeup was lost']);
  });

  it('is told of when it reads a pipe in which there is something, or to which nobody writes any more', () => {
    const machine = asleepIn('read', READ_END, DATA, 1);
    const pi = pipeOf(machine);
    pipe.fields.nwrite.store(machine.ram, pi, 1);
    expect(summaries(machine)).toEqual([
      'proc[0] sleeps on although there is something in the pipe that it reads: the wakeup was lost',
    ]);
    pipe.fields.nwrite.store(machine.ram, pi, 0);
    pipe.fields.writeopen.store(machine.ram, pi, 0);
    expect(summaries(machine)).toEqual([
      'proc[0] sleeps on although nobody can write any more to the pipe that it reads: the wakeup was lost',
    ]);
  });

  it('is told of when it writes to a pipe in which there is room, or from which nobody reads any more', () => {
    const machine = asleepIn('write', 1, 0, 600);
    const pi = pipeOf(machine);
    pipe.fields.readopen.store(machine.ram, pi, 0);
    expect(summaries(machine)).toEqual([
      'proc[0] sleeps on although nobody can read any more from the pipe that it writes to: the wakeup was lost',
    ]);
    pipe.fields.readopen.store(machine.ram, pi, 1);
    pipe.fields.nread.store(machine.ram, pi, 1);
    expect(summaries(machine)).toEqual([
      'proc[0] sleeps on although there is room in the pipe that it writes to: the wakeup was lost',
    ]);
  });

  it('is told of when it waits for a line and one has been typed', () => {
    const machine = KernelMachine.booted({ harts: 1 });
    machine.call(0, Sys.read, 0, DATA, 1);
    expect(summaries(machine)).toEqual([]);
    cons.fields.w.store(machine.ram, machine.layout.console, 1);
    expect(summaries(machine)).toEqual(['proc[0] sleeps on although a line has been typed: the wakeup was lost']);
  });
});
