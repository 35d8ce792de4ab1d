import { describe, expect, it } from 'vitest';
import { file } from '../../../kernel/files/file-struct.js';
import { PIPESIZE, pipe } from '../../../kernel/files/pipe.js';
import { designs } from '../../../kernel/page-sharing/designs.js';
import { ProcState, proc } from '../../../kernel/process/proc-struct.js';
import { Sys } from '../../../kernel/trap/syscall.js';
import { Next } from '../../../src/hart/trap-handler.js';
import { PAGE_SIZE } from '../../../src/isa/sv39.js';
import { Op } from '../../../src/memory/trace-event.js';
import { BUFFER, DiskUser, text } from '../../support/disk-user.js';
import { DATA, END, GUARD, KernelMachine, type Options } from '../../support/kernel-machine.js';

/** Where the content of long writes and reads lies. */
const HEAP = END;
const content = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7) % 251);

/** Parent on hart 0 and child on hart 1, with a pipe between them and room at HEAP. */
function couple(options: Options = {}) {
  const machine = KernelMachine.booted({ harts: 2, ...options });
  const parent = new DiskUser(machine, 0);
  const child = new DiskUser(machine, 1);
  const [reader, writer] = parent.pipe();
  parent.result(Sys.sbrk, 8192);
  parent.result(Sys.fork);
  machine.interrupt(1);
  return { machine, parent, child, reader, writer };
}

describe('pipe', () => {
  it('gives two descriptors; what is written to the second is read from the first, once', () => {
    const user = new DiskUser(KernelMachine.booted());
    const [reader, writer] = user.pipe();
    expect([reader, writer]).toEqual([3, 4]);
    expect(user.write(writer, 'hello')).toBe(5);
    expect(user.write(writer, ' there')).toBe(6);
    expect(user.read(reader, 3)).toBe('hel');
    expect(user.read(reader, 100)).toBe('lo there');
    expect(user.write(reader, 'x')).toBe(-1);
    expect(user.read(writer)).toBe(-1);
    user.close(writer);
    expect(user.read(reader)).toBe('');
    user.close(reader);
    expect(user.machine.violations()).toEqual([]);
  });

  it('takes a frame, which the ledger knows, until both ends are closed by all who have them', () => {
    const { machine, parent, child, reader, writer } = couple();
    expect(machine.violations()).toEqual([]);
    const before = machine.statistics().freePages;
    parent.close(reader);
    parent.close(writer);
    child.close(writer);
    expect(machine.statistics().freePages).toBe(before);
    child.close(reader);
    expect(machine.statistics().freePages).toBe(before + 1);
    expect(machine.violations()).toEqual([]);
  });

  it('a writer that is killed half-way has woken who waits for what it has put in', () => {
    const { machine, reader, writer } = couple();
    expect(machine.call(0, Sys.read, reader, HEAP, 100)).toBe(Next.Idle);
    const { nwrite } = pipe.fields;
    const { ram, layout } = machine;
    const [sleeper, killed] = layout.procs;
    const nwriteAt = file.fields.pipe.load(ram, layout.files[1]!) + nwrite.offset;
    machine.access.watcher = (op, address) => {
      // Of two pieces, as they lie on two pages, the first is in.
      if (op === Op.Store && address === nwriteAt) proc.fields.killed.store(ram, killed!, 1);
    };
    machine.call(1, Sys.write, writer, HEAP + PAGE_SIZE - 3, 6);
    machine.access.watcher = undefined;
    expect(proc.fields.state.load(ram, killed!)).toBe(ProcState.Zombie);
    machine.interrupt(0);
    expect(proc.fields.state.load(ram, sleeper!)).toBe(ProcState.Running);
    expect(machine.a0(0)).toBe(3);
  });

  it('a reader waits for a byte and gets what is there then', () => {
    const { machine, parent, child, reader, writer } = couple();
    expect(machine.call(1, Sys.read, reader, HEAP, 100)).toBe(Next.Idle);
    expect(parent.write(writer, 'news')).toBe(4);
    machine.interrupt(1);
    expect(machine.a0(1)).toBe(4);
    expect(child.letters(HEAP, 4)).toBe('news');
  });

  it('a reader is told the end when the last writer closes', () => {
    const { machine, parent, child, reader, writer } = couple();
    child.close(writer);
    expect(machine.call(1, Sys.read, reader, HEAP, 100)).toBe(Next.Idle);
    parent.close(writer);
    machine.interrupt(1);
    expect(machine.a0(1)).toBe(0);
  });

  it('a writer of more than fits waits again and again, and goes on where it was', () => {
    const { machine, parent, child, reader, writer } = couple();
    const all = content(3 * PIPESIZE + 10);
    child.put(HEAP, all);
    expect(machine.call(1, Sys.write, writer, HEAP, all.length)).toBe(Next.Idle);
    const got: number[] = [];
    for (const n of [1, 511, 300, 512, 512]) {
      const done = parent.result(Sys.read, reader, HEAP, n);
      got.push(...parent.get(HEAP, done));
      machine.interrupt(1);
    }
    expect(Uint8Array.from(got)).toEqual(all);
    expect(machine.running(1)).not.toBe(0);
    expect(machine.a0(1)).toBe(all.length);
    expect(machine.violations()).toEqual([]);
  });

  it('a write that goes on is no other write: a later one begins at its own beginning', () => {
    const { machine, parent, child, reader, writer } = couple();
    machine.call(1, Sys.write, writer, HEAP, PIPESIZE + 5);
    parent.result(Sys.read, reader, HEAP, PIPESIZE);
    machine.interrupt(1);
    parent.result(Sys.read, reader, HEAP, PIPESIZE);
    expect(child.write(writer, 'abc')).toBe(3);
    expect(parent.read(reader)).toBe('abc');
  });

  it('a write that wraps, across a page of the user’s, comes out in order', () => {
    const user = new DiskUser(KernelMachine.booted());
    const [reader, writer] = user.pipe();
    user.write(writer, 'x'.repeat(500));
    user.read(reader);
    const all = content(400);
    user.put(BUFFER - 200, all);
    expect(user.result(Sys.write, writer, BUFFER - 200, 400)).toBe(400);
    user.put(BUFFER - 200, new Uint8Array(400));
    expect(user.result(Sys.read, reader, BUFFER - 100, 512)).toBe(400);
    expect(user.get(BUFFER - 100, 400)).toEqual(all);
  });

  it('a writer whom nobody can read any more is told so, also one that waits', () => {
    const { machine, parent, child, reader, writer } = couple();
    child.close(reader);
    expect(machine.call(1, Sys.write, writer, HEAP, PIPESIZE + 1)).toBe(Next.Idle);
    parent.close(reader);
    machine.interrupt(1);
    expect(machine.a0(1)).toBe(-1);
    expect(child.write(writer, 'x')).toBe(-1);
  });

  it.each([
    ['reading', (machine: KernelMachine, [reader]: number[]) => machine.call(1, Sys.read, reader!, HEAP, 1)],
    [
      'writing',
      (machine: KernelMachine, [, writer]: number[]) => machine.call(1, Sys.write, writer!, HEAP, PIPESIZE + 1),
    ],
  ])('kill ends a process that sleeps %s, and its ends are closed', (_what, wait) => {
    const { machine, parent, reader, writer } = couple();
    const process = machine.running(1);
    expect(wait(machine, [reader, writer])).toBe(Next.Idle);
    parent.result(Sys.kill, machine.runningPid(0) + 1);
    expect(machine.interrupt(1)).toBe(Next.Idle);
    expect(proc.fields.state.load(machine.ram, process)).toBe(ProcState.Zombie);
    parent.close(writer);
    while (parent.read(reader) !== '');
    parent.close(reader);
    expect(parent.result(Sys.wait, 0)).toBe(2);
    expect(machine.violations()).toEqual([]);
  });

  it('bad addresses move nothing that was not moved before them', () => {
    const user = new DiskUser(KernelMachine.booted());
    const [reader, writer] = user.pipe();
    expect(user.result(Sys.write, writer, END, 8)).toBe(0);
    user.put(END - 2, 'ab');
    expect(user.result(Sys.write, writer, END - 2, 8)).toBe(2);
    for (const address of [END, GUARD, 0, -1]) expect(user.result(Sys.read, reader, address, 8)).toBe(-1);
    expect(user.read(reader)).toBe('ab');
    expect(user.result(Sys.write, writer, DATA, -1)).toBe(-1);
    user.write(writer, 'abcd');
    expect(user.result(Sys.read, reader, END - 3, 8)).toBe(3);
    expect(user.letters(END - 3, 3)).toBe('abc');
    expect(user.read(reader)).toBe('d');
  });

  it('the counts of bytes may wrap', () => {
    const user = new DiskUser(KernelMachine.booted());
    const [reader, writer] = user.pipe();
    const { ram, layout } = user.machine;
    const pi = file.fields.pipe.load(ram, layout.files[1]!);
    for (const field of [pipe.fields.nread, pipe.fields.nwrite]) field.store(ram, pi, 2 ** 32 - 3);
    expect(user.write(writer, 'wrapping')).toBe(8);
    expect(user.read(reader)).toBe('wrapping');
  });
});

describe('copyout into a shared page', () => {
  it.each(designs.map(({ name }) => name))('%s: what a pipe gives one sharer, the other does not see', (design) => {
    const { machine, parent, child, reader, writer } = couple({ design });
    expect(parent.write(writer, 'secret')).toBe(6);
    expect(child.result(Sys.read, reader, DATA, 6)).toBe(6);
    expect(child.letters(DATA, 6)).toBe('secret');
    expect(parent.get(DATA, 3)).toEqual(Uint8Array.of(1, 2, 3));
    expect(machine.violations()).toEqual([]);
  });

  it.each(designs.map(({ name }) => name))('%s: neither what a file gives, nor fstat, nor pipe', (design) => {
    const parent = DiskUser.booted({ design, harts: 2 });
    const { machine } = parent;
    const child = new DiskUser(machine, 1);
    const fd = parent.open('f', 0x202);
    parent.write(fd, 'from the disk');
    const file = parent.open('f');
    parent.result(Sys.fork);
    machine.interrupt(1);
    const before = parent.get(DATA, 32);
    expect(child.result(Sys.read, file, DATA, 13)).toBe(13);
    expect(child.letters(DATA, 13)).toBe('from the disk');
    expect(parent.get(DATA, 32)).toEqual(before);
    expect(parent.result(Sys.fstat, file, DATA)).toBe(0);
    expect(child.letters(DATA, 13)).toBe('from the disk');
    parent.result(Sys.fork);
    expect(parent.result(Sys.pipe, DATA)).toBe(0);
    expect(parent.ints(DATA, 2)).toEqual([5, 6]);
    expect(child.get(DATA, 4)).toEqual(text('from'));
    expect(machine.violations()).toEqual([]);
  });
});
