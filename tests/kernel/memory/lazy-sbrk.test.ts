import { describe, expect, it } from 'vitest';
import { DEFAULT_ABI } from '../../../kernel/abi.js';
import { abiOf } from '../../../kernel/config.js';
import { BootError } from '../../../kernel/kernel-panic.js';
import { designs } from '../../../kernel/page-sharing/designs.js';
import { formNames } from '../../../kernel/page-sharing/page-sharing.js';
import { TRAPFRAME } from '../../../kernel/params.js';
import { SBRK_EAGER, SBRK_LAZY } from '../../../kernel/trap/sys-proc.js';
import { Sys } from '../../../kernel/trap/syscall.js';
import { Next } from '../../../src/hart/trap-handler.js';
import { Cause } from '../../../src/isa/causes.js';
import { BUFFER, DiskUser, disk } from '../../support/disk-user.js';
import { DATA, END, KernelMachine, type Options } from '../../support/kernel-machine.js';

const PAGE = 4096;
const PAGES = 600;
/** The last of them has another page table than the first. */
const TOUCHED = [END + PAGE, END + (PAGES - 1) * PAGE];
/** Not one of them. */
const UNTOUCHED = END + 2 * PAGE;

/** Hart 0 runs a process that has been promised pages, and has touched two. */
function promised(options: Options): KernelMachine {
  const machine = KernelMachine.booted({ harts: 2, abi: 'xv6-2025', ...options });
  expect(machine.result(0, Sys.sbrk, PAGES * PAGE, SBRK_LAZY)).toBe(END);
  for (const va of TOUCHED) expect(machine.userStore(0, va, 7)).toBe(Next.Run);
  return machine;
}

/** Whether a page is there, for the process on a hart. */
function isThere(machine: KernelMachine, hart: number, va: number): boolean {
  return machine.kernels[hart]!.parts.vm.userPte(machine.pagetable(hart), va) !== 0;
}

const forms = designs.flatMap(({ name }) => formNames.map((form) => [name, form] as const));

describe.each(forms)('memory that sbrk promises, %s, %s', (design, form) => {
  const options: Options = { design, form };

  it('comes page by page, zeroed, whoever touches it, and goes with sbrk and exit', () => {
    const machine = KernelMachine.booted({ ...options, abi: 'xv6-2025' });
    const before = machine.statistics().freePages;
    expect(machine.result(0, Sys.sbrk, PAGES * PAGE, SBRK_LAZY)).toBe(END);
    expect(machine.statistics().freePages).toBe(before);
    expect(machine.userStore(0, END, 7)).toBe(Next.Run);
    expect(machine.fault(0, Cause.LoadPageFault, END + PAGE + 8)).toBe(Next.Run);
    expect(isThere(machine, 0, END + PAGE)).toBe(true);
    expect(machine.userLoad(0, END + 2 * PAGE)).toBe(0);
    expect(machine.statistics().freePages).toBe(before - 3);
    expect(machine.violations()).toEqual([]);
    machine.result(0, Sys.sbrk, -PAGES * PAGE, SBRK_LAZY);
    expect(machine.statistics().freePages).toBe(before);
    expect(machine.violations()).toEqual([]);
    expect(machine.fault(0, Cause.LoadPageFault, END)).not.toBe(Next.Run);
    expect(machine.output).toContain('load page fault');
  });

  it('is promised to a child too, and what was touched is its own', () => {
    const machine = promised(options);
    const [first, last] = TOUCHED as [number, number];
    expect(machine.result(0, Sys.fork)).toBe(2);
    machine.interrupt(1);
    expect(isThere(machine, 1, UNTOUCHED)).toBe(false);
    machine.userStore(1, first, 8);
    machine.userStore(1, UNTOUCHED, 9);
    expect(machine.userLoad(0, first)).toBe(7);
    expect(machine.userLoad(1, last)).toBe(7);
    expect(machine.userLoad(0, UNTOUCHED)).toBe(0);
    machine.userStore(0, last, 6);
    expect(machine.userLoad(1, last)).toBe(7);
    expect(machine.violations()).toEqual([]);
    machine.call(1, Sys.exit, 0);
    expect(machine.result(0, Sys.wait, 0)).toBe(2);
    expect(machine.violations()).toEqual([]);
  });

  it('survives a fork that runs out of memory, wherever it does', () => {
    const machine = promised(options);
    const free = machine.statistics().freePages;
    let failures = 0;
    for (; ; failures++) {
      machine.allocations = failures;
      const pid = machine.result(0, Sys.fork);
      machine.allocations = Number.POSITIVE_INFINITY;
      if (pid !== -1) break;
      expect(machine.statistics().freePages).toBe(free);
      expect(machine.violations()).toEqual([]);
      for (const va of TOUCHED) expect(machine.userLoad(0, va)).toBe(7);
    }
    // A root, a middle table and two leaf tables at least.
    expect(failures).toBeGreaterThanOrEqual(4);
    for (const va of TOUCHED) {
      machine.userStore(0, va, 5);
      expect(machine.userLoad(0, va)).toBe(5);
    }
  });

  it('ends the process that touches it when there is none, and nobody else', () => {
    const machine = promised(options);
    expect(machine.result(0, Sys.fork)).toBe(2);
    machine.interrupt(1);
    for (const allocations of [0, 1]) {
      machine.allocations = allocations;
      expect(machine.kernels[1]!.parts.copyUser.copyout(machine.pagetable(1), END + 520 * PAGE, DATA_BYTES)).toBe(
        allocations === 1,
      );
    }
    machine.allocations = 0;
    expect(machine.fault(1, Cause.LoadPageFault, UNTOUCHED)).toBe(Next.Idle);
    machine.allocations = Number.POSITIVE_INFINITY;
    expect(machine.output).toContain('no memory for a page of its own pid=2');
    expect(machine.userLoad(0, TOUCHED[0]!)).toBe(7);
    expect(machine.violations()).toEqual([]);
  });
});
const DATA_BYTES = Uint8Array.of(1);

describe('sbrk with a second argument', () => {
  const machine = () => KernelMachine.booted({ abi: 'xv6-2025' });

  it('gives pages at once when asked to, behind those that it has promised', () => {
    const m = machine();
    m.result(0, Sys.sbrk, 100, SBRK_LAZY);
    const before = m.statistics().freePages;
    expect(m.result(0, Sys.sbrk, 2 * PAGE, SBRK_EAGER)).toBe(END + 100);
    expect(m.statistics().freePages).toBe(before - 2);
    expect([0, 1, 2].map((page) => isThere(m, 0, END + page * PAGE))).toEqual([false, true, true]);
  });

  it('promises far more than there is, up to where xv6’s trapframe lies, and no more', () => {
    const m = machine();
    const most = TRAPFRAME - END;
    const step = 2 ** 30;
    for (let taken = step; taken < most; taken += step) expect(m.result(0, Sys.sbrk, step, SBRK_LAZY)).not.toBe(-1);
    const rest = (most % step) - PAGE;
    expect(m.result(0, Sys.sbrk, rest, SBRK_LAZY)).toBe(TRAPFRAME - PAGE - rest);
    expect(m.result(0, Sys.sbrk, PAGE, SBRK_EAGER)).toBe(TRAPFRAME - PAGE);
    for (const how of [SBRK_EAGER, SBRK_LAZY]) expect(m.result(0, Sys.sbrk, 1, how)).toBe(-1);
    expect(m.result(0, Sys.fork)).toBe(2);
    expect(m.violations()).toEqual([]);
    m.call(0, Sys.exit, 0);
    expect(m.violations()).toEqual([]);
  });

  it('is filled by what the kernel reads and writes for a call', () => {
    const user = DiskUser.booted({ abi: 'xv6-2025', disk: disk([]) });
    const at = user.result(Sys.sbrk, 4 * PAGE, SBRK_LAZY);
    const [reader, writer] = user.pipe();
    expect(user.result(Sys.write, writer, at, 8)).toBe(8);
    user.put(BUFFER, 'sentence');
    expect(user.result(Sys.write, writer, BUFFER, 8)).toBe(8);
    expect(user.result(Sys.read, reader, at + 2 * PAGE - 8, 16)).toBe(16);
    expect(user.letters(at + 2 * PAGE, 8)).toBe('sentence');
    // An empty name, which leads to the current directory.
    expect(user.result(Sys.open, at + 3 * PAGE, 0)).toBeGreaterThan(0);
    expect(user.machine.violations()).toEqual([]);
  });

  it('is not looked at where programs have none: a page is there at once, and a hole is a broken page table', () => {
    const m = KernelMachine.booted();
    const before = m.statistics().freePages;
    expect(m.result(0, Sys.sbrk, 3 * PAGE, SBRK_LAZY)).toBe(END);
    expect(m.statistics().freePages).toBe(before - 3);
    const { vm } = m.kernel.parts;
    vm.uvmunmap(m.pagetable(0), END, 1);
    expect(() => m.result(0, Sys.sbrk, -3 * PAGE)).toThrow('uvmunmap: not mapped');
    expect(m.fault(0, Cause.LoadPageFault, END)).not.toBe(Next.Run);
  });

  it('is one of an interface with a name', () => {
    expect(abiOf({})).toBe(DEFAULT_ABI);
    expect(() => abiOf({ abi: 'xv6-1975' })).toThrow(BootError);
  });
});

describe('what is not promised', () => {
  it.each([
    ['behind the end', END + PAGES * PAGE],
    ['the guard page', 0x3000],
    ['above all', TRAPFRAME],
    ['no address at all', 2 ** 40],
  ])('is refused: %s', (_, va) => {
    const machine = promised({});
    expect(machine.kernel.parts.copyUser.copyin(machine.pagetable(0), va, 1)).toBeUndefined();
    expect(machine.kernel.parts.copyUser.copyout(machine.pagetable(0), va, DATA_BYTES)).toBe(false);
    expect(machine.fault(0, Cause.LoadPageFault, va)).not.toBe(Next.Run);
  });

  it('nor is anything in another address space, such as the one that exec builds', () => {
    const machine = promised({});
    const { vm } = machine.kernel.parts;
    const other = vm.uvmcreate();
    expect(machine.kernel.parts.copyUser.copyin(other, DATA, 1)).toBeUndefined();
    vm.uvmfree(other, 0);
    expect(machine.violations()).toEqual([]);
  });
});
