import { beforeEach, describe, expect, it } from 'vitest';
import { Family } from '../../../kernel/page-sharing/fork-tree/family.js';
import { Sys } from '../../../kernel/trap/syscall.js';
import { PGSIZE } from '../../../src/memory/map.js';
import { DATA, KernelMachine } from '../../support/kernel-machine.js';

/** Address spaces alone, without processes: who is related to whom. */
describe('the tree of address spaces', () => {
  let machine: KernelMachine;
  let family: Family;
  beforeEach(() => {
    machine = KernelMachine.booted({ design: 'fork-tree', memory: 4 });
    family = new Family(machine.ram);
  });

  const vm = () => machine.kernel.parts.vm;
  const space = (pages = 1) => {
    const root = vm().uvmcreate();
    expect(vm().uvmalloc(root, 0, pages * PGSIZE, 4)).toBe(true);
    return root;
  };
  const forkOf = (parent: number) => {
    const child = vm().uvmcreate();
    expect(vm().uvmcopy(parent, child, PGSIZE)).toBe(true);
    return child;
  };
  const childrenOf = (root: number) => {
    const children: number[] = [];
    for (let child = family.childOf(root); child !== 0; child = family.nextOf(child)) {
      expect(family.parentOf(child)).toBe(root);
      children.push(child);
    }
    return children;
  };
  const free = (root: number) => vm().uvmfree(root, PGSIZE);
  const frameOf = (root: number) => machine.ram.load32(vm().walk(root, 0, false)) >>> 10;
  /** Whether the address space keeps its frame when it writes. */
  const isAlone = (root: number) => {
    const before = frameOf(root);
    vm().resolveWrite(root, 0);
    return frameOf(root) === before;
  };

  it('has nobody in it who never forked, and they need no lock', () => {
    const root = space();
    expect(family.lockOf(root)).toBe(0);
    free(root);
    expect(machine.lockstat().locks.find(({ name }) => name === 'fork_tree')?.acquisitions ?? 0).toBe(0);
  });

  it('gives every relative the same lock', () => {
    const a = space();
    const b = forkOf(a);
    const c = forkOf(b);
    expect(family.lockOf(a)).not.toBe(0);
    expect([family.lockOf(b), family.lockOf(c)]).toEqual([family.lockOf(a), family.lockOf(a)]);
  });

  it('hands the children of one that goes on to its parent, in its place', () => {
    const a = space();
    const [b, c, d] = [forkOf(a), forkOf(a), forkOf(a)];
    const [e, f] = [forkOf(c), forkOf(c)];
    free(c);
    expect(childrenOf(a)).toEqual([d, f, e, b]);
    free(d);
    free(b);
    expect(childrenOf(a)).toEqual([f, e]);
    expect(isAlone(e)).toBe(false);
    expect(isAlone(f)).toBe(false);
    expect(isAlone(a)).toBe(true);
  });

  it('has the first child follow the one that all descend from', () => {
    const a = space();
    const [b, c] = [forkOf(a), forkOf(a)];
    const [d, e] = [forkOf(c), forkOf(b)];
    free(a);
    expect(family.parentOf(c)).toBe(0);
    expect(childrenOf(c)).toEqual([b, d]);
    expect(childrenOf(b)).toEqual([e]);
    free(c);
    free(e);
    expect(isAlone(d)).toBe(false);
    expect(isAlone(b)).toBe(true);
  });
});

describe('fork-tree, with processes', () => {
  it('lets the last sharer keep its page, and an orphan find its grandparent', () => {
    const machine = KernelMachine.booted({ design: 'fork-tree', harts: 2 });
    machine.userStore(0, DATA, 5);
    machine.result(0, Sys.fork);
    machine.interrupt(1);
    machine.result(1, Sys.fork);
    machine.call(1, Sys.exit, 0);
    expect(machine.runningPid(1)).toBe(3);
    machine.userStore(1, DATA, 6);
    expect(machine.userLoad(0, DATA)).toBe(5);
    const { pagesCopied } = machine.statistics();
    machine.userStore(0, DATA, 7);
    expect(machine.statistics()).toMatchObject({ pagesCopied, pagesReused: 1 });
    expect(machine.userLoad(1, DATA)).toBe(6);
    expect(machine.violations()).toEqual([]);
  });

  it('tells of a tree that has lost somebody, and of one that leads nowhere, without following it', () => {
    const machine = KernelMachine.booted({ design: 'fork-tree', harts: 2 });
    machine.result(0, Sys.fork);
    machine.interrupt(1);
    const family = new Family(machine.ram);
    const [parent, child] = [machine.pagetable(0), machine.pagetable(1)];
    family.setChild(parent, 0);
    expect(machine.violations()).toEqual([
      expect.stringMatching(/^fork tree: pid 2 has page table 0x[0-9a-f]+ for its parent's, which does not know it$/),
    ]);
    family.setParent(child, 0);
    expect(machine.violations().length).toBeGreaterThan(0);
    for (const violation of machine.violations())
      expect(violation).toMatch(/^fork tree: pid 1 at 0x[0-9a-f]+ and pid 2 at 0x[0-9a-f]+ share frame .* and no walk/);
    family.setParent(child, parent);
    family.setChild(parent, 0xfff0_0000);
    expect(machine.violations()).toContainEqual(
      expect.stringMatching(/^fork tree: pid 1 has page table 0xfff00000 for a child's, which is none$/),
    );
    expect(() => machine.userStore(0, DATA, 1)).toThrow('fork tree: no address space');
  });

  it('panics rather than walk in a circle', () => {
    const machine = KernelMachine.booted({ design: 'fork-tree', harts: 2 });
    machine.result(0, Sys.fork);
    machine.interrupt(1);
    const family = new Family(machine.ram);
    family.setParent(machine.pagetable(0), machine.pagetable(1));
    expect(() => machine.userStore(0, DATA, 1)).toThrow('fork tree: a loop');
  });
});
