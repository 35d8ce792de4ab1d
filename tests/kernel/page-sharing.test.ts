import { describe, expect, it } from 'vitest';
import { designs } from '../../kernel/page-sharing/designs.js';
import { formNames } from '../../kernel/page-sharing/page-sharing.js';
import { Sys } from '../../kernel/trap/syscall.js';
import { Next } from '../../src/hart/trap-handler.js';
import { Cause } from '../../src/isa/causes.js';
import { Pte, ptePa } from '../../src/isa/sv39.js';
import { DATA, END, GUARD, KernelMachine, type Options, STACK } from '../support/kernel-machine.js';

const HEAP_PAGES = 20;
/** Registers of the serial line, outside RAM, and where a process may have them: just behind the heap. */
const UART0 = 0x1000_0000;
const DEVICE_VA = END + HEAP_PAGES * 4096;

/** Two harts: the parent on 0, its child on 1, with a heap that the parent has written. */
function family(options: Options): KernelMachine {
  const machine = KernelMachine.booted({ harts: 2, ...options });
  expect(machine.result(0, Sys.sbrk, HEAP_PAGES * 4096)).toBe(END);
  for (let page = 0; page < HEAP_PAGES; page++) machine.userStore(0, END + page * 4096, 100 + page);
  expect(machine.result(0, Sys.fork)).toBe(2);
  expect(machine.interrupt(1)).toBe(Next.Run);
  expect(machine.runningPid(1)).toBe(2);
  return machine;
}

/** Leaf entries of the process on a hart. */
function entries(machine: KernelMachine, hart: number): number[] {
  const { vm } = machine.kernels[hart]!.parts;
  const pages = END / 4096 + HEAP_PAGES;
  return Array.from({ length: pages }, (_, page) =>
    machine.ram.load32(vm.walk(machine.pagetable(hart), page * 4096, false)),
  );
}

/** On one thread the published forms do all that the sound ones do: what is wrong with them takes two harts at once. */
const forms = designs.flatMap(({ name }) => formNames.map((form) => [name, form] as const));

describe.each(forms)('page-sharing design %s, %s', (design, form) => {
  const options: Options = { design, form };

  it('a child has what its parent had, and returns 0 from fork', () => {
    const machine = family(options);
    expect(machine.a0(1)).toBe(0);
    for (let page = 0; page < HEAP_PAGES; page++) expect(machine.userLoad(1, END + page * 4096)).toBe(100 + page);
    expect(machine.violations()).toEqual([]);
  });

  it('neither parent nor child sees what the other writes after fork, whoever writes first', () => {
    const machine = family(options);
    for (let page = 0; page < HEAP_PAGES; page++) {
      const va = END + page * 4096;
      const [first, second] = page % 2 === 0 ? [0, 1] : [1, 0];
      expect(machine.userStore(first, va, 200 + first)).toBe(Next.Run);
      expect(machine.userLoad(second, va)).toBe(100 + page);
      expect(machine.violations()).toEqual([]);
      expect(machine.userStore(second, va, 200 + second)).toBe(Next.Run);
      expect(machine.userLoad(first, va)).toBe(200 + first);
      expect(machine.violations()).toEqual([]);
    }
  });

  it('every page of a fork is either shared or copied', () => {
    const machine = family(options);
    const { pagesShared, pagesCopied, forks } = machine.statistics();
    expect(forks).toBe(1);
    expect(pagesShared + pagesCopied).toBe(END / 4096 + HEAP_PAGES);
  });

  it('no frame is writable in two page tables', () => {
    const machine = family(options);
    const mine = entries(machine, 0);
    const theirs = entries(machine, 1);
    for (const [page, entry] of mine.entries()) {
      const shared = entry >>> 10 === theirs[page]! >>> 10;
      if (shared) expect((entry | theirs[page]!) & Pte.W, `page ${page}`).toBe(0);
    }
  });

  it('text stays read-only on both sides: a write to it kills the writer alone', () => {
    const machine = family(options);
    machine.userStore(1, 0, 1);
    expect(machine.output).toContain('usertrap(): unexpected scause 0xf pid=2');
    expect(machine.runningPid(1)).toBe(0);
    expect(machine.runningPid(0)).toBe(1);
    expect(machine.violations()).toEqual([]);
  });

  it('the guard page stays out of reach on both sides', () => {
    const machine = family(options);
    machine.userStore(1, GUARD + 8, 1);
    expect(machine.output).toContain('unexpected scause 0xf pid=2');
    expect(machine.userStore(0, STACK + 8, 1)).toBe(Next.Run);
    expect(machine.violations()).toEqual([]);
  });

  it('copyout writes the page of the process alone', () => {
    const machine = family(options);
    expect(machine.call(1, Sys.exit, 77)).toBe(Next.Idle);
    expect(machine.result(0, Sys.fork)).toBe(3);
    machine.interrupt(1);
    expect(machine.runningPid(1)).toBe(3);
    const before = machine.userLoad(1, DATA);
    expect(machine.result(0, Sys.wait, DATA)).toBe(2);
    expect(machine.userLoad(0, DATA)).toBe(77);
    expect(machine.userLoad(1, DATA)).toBe(before);
    expect(machine.violations()).toEqual([]);
  });

  it('all memory is free again when the child is gone, in whatever order both wrote', () => {
    const machine = KernelMachine.booted({ harts: 2, ...options });
    machine.result(0, Sys.sbrk, HEAP_PAGES * 4096);
    const before = machine.statistics().freePages;
    for (let round = 0; round < 6; round++) {
      expect(machine.result(0, Sys.fork)).toBeGreaterThan(1);
      machine.interrupt(1);
      for (let page = 0; page < HEAP_PAGES; page++) {
        const va = END + page * 4096;
        if ((page + round) % 2 === 0) machine.userStore(1, va, 1);
        if ((page + round) % 3 === 0) machine.userStore(0, va, 2);
      }
      machine.call(1, Sys.exit, 0);
      expect(machine.result(0, Sys.wait, 0)).toBeGreaterThan(1);
      expect(machine.violations()).toEqual([]);
    }
    expect(machine.statistics().freePages).toBe(before);
  });

  it('a frame with many sharers is freed once, by the last of them', () => {
    const machine = KernelMachine.booted({ harts: 1, memory: 4, processes: 32, ...options });
    machine.result(0, Sys.sbrk, 4096);
    machine.userStore(0, END, 9);
    const before = machine.statistics().freePages;
    const children = 30;
    for (let child = 0; child < children; child++) machine.result(0, Sys.fork);
    // The parent waits; each child in turn writes or not, and leaves.
    expect(machine.call(0, Sys.wait, 0)).toBe(Next.Run);
    for (let child = 0; child < children; child++) {
      while (machine.runningPid(0) === 1) machine.call(0, Sys.wait, 0);
      expect(machine.userLoad(0, END)).toBe(9);
      if (child % 2 === 0) machine.userStore(0, END, child);
      machine.call(0, Sys.exit, 0);
      expect(machine.violations()).toEqual([]);
    }
    while (machine.runningPid(0) === 1 && machine.a0(0) !== -1) machine.call(0, Sys.wait, 0);
    expect(machine.userLoad(0, END)).toBe(9);
    expect(machine.statistics().freePages).toBe(before);
  });

  it('a fork that runs out of memory, wherever it does, changes nothing', () => {
    const machine = family(options);
    const before = entries(machine, 0);
    const free = machine.statistics().freePages;
    let failures = 0;
    for (; ; failures++) {
      machine.allocations = failures;
      const pid = machine.result(0, Sys.fork);
      machine.allocations = Number.POSITIVE_INFINITY;
      if (pid !== -1) break;
      expect(entries(machine, 0)).toEqual(before);
      expect(machine.statistics().freePages).toBe(free);
      expect(machine.violations()).toEqual([]);
    }
    // A root and two tables at least.
    expect(failures).toBeGreaterThanOrEqual(3);
  });

  it('shrinking the heap drops shared pages and leaves the other side its own', () => {
    const machine = family(options);
    expect(machine.result(1, Sys.sbrk, -10 * 4096)).toBe(END + HEAP_PAGES * 4096);
    expect(machine.userLoad(1, END + 10 * 4096)).toBeUndefined();
    for (let page = 0; page < HEAP_PAGES; page++) expect(machine.userLoad(0, END + page * 4096)).toBe(100 + page);
    expect(machine.violations()).toEqual([]);
    machine.result(1, Sys.sbrk, 4096);
    expect(machine.userLoad(1, END + 10 * 4096)).toBe(0);
  });

  it('a process without memory for its own copy is killed, and nobody else is hurt', () => {
    const machine = family(options);
    machine.allocations = 0;
    const next = machine.userStore(1, END, 5);
    machine.allocations = Number.POSITIVE_INFINITY;
    if (machine.runningPid(1) === 2) {
      // A design that shares nothing has nothing to copy.
      expect(machine.userLoad(1, END)).toBe(5);
    } else {
      expect(next).toBe(Next.Idle);
      expect(machine.output).toContain('no memory for a page of its own pid=2');
    }
    expect(machine.userLoad(0, END)).toBe(100);
    expect(machine.violations()).toEqual([]);
  });

  it('a device in a page table is mapped, inherited and unmapped, and neither counted nor freed', () => {
    const machine = family(options);
    const { vm } = machine.kernel.parts;
    const before = machine.statistics().freePages;
    const root = machine.pagetable(0);
    const child = vm.uvmcreate();
    expect(vm.mappages(root, DEVICE_VA, UART0, Pte.R | Pte.W | Pte.U)).toBe(true);
    expect(vm.uvmcopy(root, child, DEVICE_VA + 4096)).toBe(true);
    expect(ptePa(machine.ram.load32(vm.walk(child, DEVICE_VA, false)))).toBe(UART0);
    expect(machine.ram.load32(vm.walk(root, DEVICE_VA, false)) & Pte.W).not.toBe(0);
    vm.uvmfree(child, DEVICE_VA + 4096);
    vm.uvmunmap(root, DEVICE_VA, 1);
    expect(machine.violations()).toEqual([]);
    expect(machine.statistics().freePages).toBe(before);
  });

  it('a child that forks shares with its parent and its grandparent', () => {
    const machine = family(options);
    expect(machine.result(1, Sys.fork)).toBe(3);
    machine.userStore(0, END, 50);
    expect(machine.call(0, Sys.wait, 0)).toBe(Next.Run);
    expect(machine.runningPid(0)).toBe(3);
    machine.userStore(1, END, 51);
    expect(machine.userLoad(0, END)).toBe(100);
    machine.userStore(0, END, 52);
    expect(machine.userLoad(1, END)).toBe(51);
    expect(machine.violations()).toEqual([]);
    machine.call(1, Sys.exit, 0);
    expect(machine.violations()).toEqual([]);
    machine.call(0, Sys.exit, 0);
    expect(machine.violations()).toEqual([]);
  });

  it('a fault for a page that is writable by now only forgets the stale translation', () => {
    const machine = family(options);
    machine.userStore(0, END, 1);
    const { pagesCopied } = machine.statistics();
    expect(machine.fault(0, Cause.StorePageFault, END)).toBe(Next.Run);
    expect(machine.statistics().pagesCopied).toBe(pagesCopied);
    expect(machine.output).toBe('');
  });
});
