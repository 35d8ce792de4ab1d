import { describe, expect, it } from 'vitest';
import { Sys } from '../../../kernel/trap/syscall.js';
import { Next } from '../../../src/hart/trap-handler.js';
import { Cause, causeName } from '../../../src/isa/causes.js';
import { MAXVA } from '../../../src/isa/sv39.js';
import { DATA, END, GUARD, KernelMachine, STACK } from '../../support/kernel-machine.js';

describe('system calls and traps', () => {
  it('write puts the bytes on the console, across a page boundary, and says how many', () => {
    const machine = KernelMachine.booted();
    const text = 'across the boundary';
    for (const [index, letter] of [...text].entries()) machine.userStore(0, DATA + 0xff8 + index, letter.charCodeAt(0));
    expect(machine.result(0, Sys.write, 1, DATA + 0xff8, text.length)).toBe(text.length);
    expect(machine.output).toBe(text);
    expect(machine.result(0, Sys.write, 2, DATA + 0xff8, 6)).toBe(6);
  });

  it('write refuses other files, and memory that is not the user’s', () => {
    const machine = KernelMachine.booted();
    for (const fd of [3, 15, 16, -1]) expect(machine.result(0, Sys.write, fd, DATA, 1)).toBe(-1);
    expect(machine.result(0, Sys.write, 1, DATA, -1)).toBe(-1);
    for (const address of [END, GUARD, MAXVA - 1, MAXVA, 2 ** 40, -1, -4096])
      expect(machine.result(0, Sys.write, 1, address, 8), `${address}`).toBe(-1);
    expect(machine.result(0, Sys.write, 1, DATA, 0)).toBe(0);
    expect(machine.output).toBe('');
  });

  it('sbrk gives zeroed pages upward, takes them back, and gives zeroed ones again', () => {
    const machine = KernelMachine.booted();
    expect(machine.result(0, Sys.sbrk, 5000)).toBe(END);
    expect(machine.result(0, Sys.sbrk, 0)).toBe(END + 5000);
    machine.userStore(0, END + 4999, 7);
    expect(machine.result(0, Sys.sbrk, -5000)).toBe(END + 5000);
    expect(machine.userLoad(0, END)).toBeUndefined();
    machine.result(0, Sys.sbrk, 5000);
    expect(machine.userLoad(0, END + 4999)).toBe(0);
    expect(machine.violations()).toEqual([]);
  });

  it('sbrk that runs out of memory, wherever it does, changes nothing', () => {
    const machine = KernelMachine.booted({ memory: 4 });
    const free = machine.statistics().freePages;
    expect(machine.result(0, Sys.sbrk, 2 ** 30)).toBe(-1);
    expect(machine.statistics().freePages).toBeGreaterThanOrEqual(free - 2);
    expect(machine.result(0, Sys.sbrk, 0)).toBe(END);
    expect(machine.violations()).toEqual([]);
    for (let allowed = 0; allowed < 4; allowed++) {
      machine.allocations = allowed;
      expect(machine.result(0, Sys.sbrk, 5 * 4096)).toBe(-1);
      expect(machine.violations()).toEqual([]);
    }
    machine.allocations = Number.POSITIVE_INFINITY;
    expect(machine.result(0, Sys.sbrk, 4096)).toBe(END);
  });

  it('sbrk below nothing changes nothing, as in xv6', () => {
    const machine = KernelMachine.booted();
    expect(machine.result(0, Sys.sbrk, -(END + 1))).toBe(END);
    expect(machine.result(0, Sys.sbrk, 0)).toBe(END);
  });

  it('getpid gives the pid', () => {
    expect(KernelMachine.booted().result(0, Sys.getpid)).toBe(1);
  });

  it('an unknown call prints xv6’s line and returns -1', () => {
    const machine = KernelMachine.booted({ argv: ['/bin/probe'] });
    expect(machine.result(0, 99)).toBe(-1);
    expect(machine.result(0, -1)).toBe(-1);
    expect(machine.output).toBe('1 probe: unknown sys call 99\n1 probe: unknown sys call -1\n');
  });

  it.each([
    ['a bad load', Cause.LoadPageFault, 0x9000],
    ['a bad jump', Cause.InstructionPageFault, 0x8000_0000_0000],
    ['an illegal instruction', Cause.IllegalInstruction, 0],
    ['a store beyond MAXVA', Cause.StorePageFault, 2 ** 39],
    ['a store to the guard page', Cause.StorePageFault, GUARD],
  ])('%s kills the process alone, with the line xv6 prints and the cause in words', (_what, cause, value) => {
    const machine = KernelMachine.booted({ harts: 2 });
    machine.result(0, Sys.fork);
    machine.interrupt(1);
    machine.harts[1]!.pc = 0x10n;
    expect(machine.fault(1, cause, value)).toBe(Next.Idle);
    expect(machine.output).toBe(
      `usertrap(): unexpected scause 0x${cause.toString(16)} pid=2\n` +
        `            sepc=0x10 stval=0x${value.toString(16)}\n` +
        `            (${causeName(cause)} at 0x${(cause === Cause.IllegalInstruction ? 0x10 : value).toString(16)})\n`,
    );
    expect(machine.result(0, Sys.wait, STACK)).toBe(2);
    expect(machine.userLoad(0, STACK)).toBe(255);
    expect(machine.violations()).toEqual([]);
  });
});
