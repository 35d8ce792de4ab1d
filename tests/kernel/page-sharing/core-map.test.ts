import { describe, expect, it } from 'vitest';
import { kmem } from '../../../kernel/layout.js';
import { Backing, FrameKind, frameRecord, kindAt, recordIn } from '../../../kernel/page-sharing/core-map/records.js';
import { mappersOf } from '../../../kernel/page-sharing/core-map/reverse-map.js';
import { segmentsOf } from '../../../kernel/page-sharing/core-map/segments.js';
import { frameNumber } from '../../../kernel/page-sharing/entries.js';
import { Sys } from '../../../kernel/trap/syscall.js';
import { Next } from '../../../src/hart/trap-handler.js';
import { Cause } from '../../../src/isa/causes.js';
import { KERNBASE, PGSIZE } from '../../../src/memory/map.js';
import { DATA, END, GUARD, KernelMachine, type Options } from '../../support/kernel-machine.js';
import { entryOf, frameOf, leafOf } from '../../support/pages.js';

const { fields } = frameRecord;
const UART0 = 0x1000_0000;

/** Parent on hart 0 and child on hart 1. */
function family(options: Options): KernelMachine {
  const machine = KernelMachine.booted({ harts: 2, ...options });
  machine.result(0, Sys.fork);
  expect(machine.interrupt(1)).toBe(Next.Run);
  return machine;
}

/** Who maps the frame, by the reverse map: page numbers by root of the page table. */
function mappers(machine: KernelMachine, pa: number): Map<number, number> {
  return new Map(mappersOf(machine.ram, machine.layout, pa).map(({ space, page }) => [space, page]));
}

describe.each(['sound', 'published'] as const)('core-map, %s', (form) => {
  const options: Options = { design: 'core-map', form };

  it('has a record for each frame, with a name', () => {
    const { layout } = KernelMachine.booted(options);
    const pa = layout.firstFrame;
    expect(layout.symbols.describe(recordIn(layout, pa) + fields.count.offset)).toBe(
      `coreMap[${frameNumber(pa)}].count`,
    );
  });

  it('knows what every frame is', () => {
    const machine = KernelMachine.booted(options);
    const { ram, layout } = machine;
    expect(kindAt(ram, layout, KERNBASE)).toBe(FrameKind.Kernel);
    expect(kindAt(ram, layout, frameOf(machine, 0, DATA))).toBe(FrameKind.User);
    expect(kindAt(ram, layout, machine.pagetable(0))).toBe(FrameKind.PageTable);
    const leaf = leafOf(machine, 0, DATA);
    expect(kindAt(ram, layout, leaf - (leaf % PGSIZE))).toBe(FrameKind.PageTable);
    expect(kindAt(ram, layout, kmem.fields.freelist.load(ram, layout.kmems[0]!))).toBe(FrameKind.Free);
    expect(kindAt(ram, layout, UART0)).toBe(FrameKind.Device);
    const pa = machine.kernel.parts.kalloc.kalloc();
    expect(kindAt(ram, layout, pa)).toBe(FrameKind.Kernel);
  });

  it('threads the free list through the records: a free frame is not touched', () => {
    const machine = KernelMachine.booted(options);
    const { ram, layout } = machine;
    const { kalloc } = machine.kernel.parts;
    const pa = kalloc.kalloc();
    const head = kmem.fields.freelist.load(ram, layout.kmems[0]!);
    kalloc.kfree(pa);
    expect(fields.next.load(ram, recordIn(layout, pa))).toBe(head);
    expect(new Set(ram.read(pa, PGSIZE)).size).toBe(1);
    expect(machine.violations()).toEqual([]);
  });

  it('has the owner of a page in its record, and a list of further mappings when it is shared', () => {
    const machine = KernelMachine.booted({ harts: 2, ...options });
    const { ram, layout } = machine;
    const pa = frameOf(machine, 0, DATA);
    const record = recordIn(layout, pa);
    expect(fields.count.load(ram, record)).toBe(1);
    expect(fields.space.load(ram, record)).toBe(machine.pagetable(0));
    expect(fields.page.load(ram, record)).toBe(DATA / PGSIZE);
    expect(fields.list.load(ram, record)).toBe(0);
    machine.result(0, Sys.fork);
    machine.interrupt(1);
    expect(fields.count.load(ram, record)).toBe(2);
    expect(fields.list.load(ram, record)).not.toBe(0);
    expect(mappers(machine, pa)).toEqual(
      new Map([
        [machine.pagetable(0), DATA / PGSIZE],
        [machine.pagetable(1), DATA / PGSIZE],
      ]),
    );
  });

  it.each(['parent', 'child'])(
    'finds by the reverse map that the %s is the last sharer, who keeps the page',
    (last) => {
      const machine = family(options);
      const pa = frameOf(machine, 0, DATA);
      const [leaver, keeper] = last === 'parent' ? [1, 0] : [0, 1];
      machine.userStore(leaver, DATA, 5);
      const record = recordIn(machine.layout, pa);
      expect(fields.space.load(machine.ram, record)).toBe(machine.pagetable(keeper));
      expect(fields.list.load(machine.ram, record)).toBe(0);
      machine.userStore(keeper, DATA, 6);
      expect(frameOf(machine, keeper, DATA)).toBe(pa);
      expect(machine.statistics()).toMatchObject({ cowFaults: 2, pagesCopied: 1, pagesReused: 1, needlessCopies: 0 });
    },
  );

  it('takes a sharer out of the middle of the list', () => {
    const machine = KernelMachine.booted({ harts: 2, ...options });
    const pa = frameOf(machine, 0, DATA);
    for (let child = 0; child < 3; child++) machine.result(0, Sys.fork);
    machine.interrupt(1);
    expect(mappers(machine, pa).size).toBe(4);
    const left = machine.pagetable(1);
    machine.userStore(1, DATA, 5);
    expect(mappers(machine, pa).size).toBe(3);
    expect(mappers(machine, pa).has(left)).toBe(false);
    expect(machine.violations()).toEqual([]);
  });

  it('keeps segments: zero-filled at first, copy-on-write on both sides of a fork, and new again behind them', () => {
    const machine = KernelMachine.booted({ harts: 2, ...options });
    const segments = (hart: number) => segmentsOf(machine.ram, machine.layout, machine.pagetable(hart));
    const text = { start: 0, end: 1, writable: false };
    const rest = { start: 1, end: END / PGSIZE, writable: true };
    const { ZeroFill, CopyOnWrite } = Backing;
    expect(segments(0)).toEqual([
      { ...text, backing: ZeroFill },
      { ...rest, backing: ZeroFill },
    ]);
    machine.result(0, Sys.fork);
    machine.interrupt(1);
    const shared = [text, rest].map((segment) => ({ ...segment, backing: CopyOnWrite }));
    expect(segments(0)).toEqual(shared);
    expect(segments(1)).toEqual(shared);
    machine.result(0, Sys.sbrk, 3 * PGSIZE);
    const heap = { start: rest.end, end: rest.end + 3, backing: ZeroFill, writable: true };
    expect(segments(0)).toEqual([...shared, heap]);
    machine.result(0, Sys.sbrk, -PGSIZE);
    expect(segments(0)).toEqual([...shared, { ...heap, end: heap.end - 1 }]);
    machine.result(0, Sys.sbrk, -3 * PGSIZE);
    expect(segments(0)).toEqual([shared[0], { ...shared[1], end: rest.end - 1 }]);
    // What a fork makes equal becomes one.
    machine.result(0, Sys.sbrk, 2 * PGSIZE);
    machine.result(0, Sys.fork);
    expect(segments(0)).toEqual([shared[0], { ...shared[1], end: rest.end + 1 }]);
    expect(machine.violations()).toEqual([]);
  });

  it('asks the segment first: an entry that says otherwise does not help a write', () => {
    const machine = family(options);
    // As if the page table had been damaged: text that looks like a shared page that was writable.
    const at = leafOf(machine, 0, 0);
    machine.ram.store32(at, entryOf(machine, 0, 0) | (1 << 8));
    machine.userStore(0, 0, 1);
    expect(machine.output).toContain('unexpected scause 0xf pid=1');
  });

  it('keeps the guard page, and what lies beyond all segments, from being written', () => {
    for (const va of [GUARD, END, 2 ** 38 - PGSIZE, 2 ** 40]) {
      const machine = KernelMachine.booted(options);
      machine.fault(0, Cause.StorePageFault, va);
      expect(machine.output).toContain('unexpected scause 0xf pid=1');
    }
  });

  it('fails a fork cleanly when there are no more nodes for mappings', () => {
    const machine = KernelMachine.booted({ processes: 16, ...options });
    machine.result(0, Sys.sbrk, 100 * PGSIZE);
    let children = 0;
    let before = entryOf(machine, 0, END);
    while (machine.result(0, Sys.fork) !== -1) {
      children++;
      before = entryOf(machine, 0, END);
    }
    // Two nodes for each of the 512 frames, of which each child takes 105.
    expect(children).toBe(Math.floor((2 * 512) / 105));
    expect(machine.statistics().freePages).toBeGreaterThan(0);
    expect(entryOf(machine, 0, END)).toBe(before);
    expect(machine.violations()).toEqual([]);
    // What a child gives back is there for the next.
    machine.call(0, Sys.wait, 0);
    machine.call(0, Sys.exit, 0);
    while (machine.runningPid(0) !== 1) machine.call(0, Sys.exit, 0);
    expect(machine.result(0, Sys.fork)).toBeGreaterThan(1);
    expect(machine.violations()).toEqual([]);
  });
});

describe('the ledger of core-map', () => {
  it('compares the reverse map, kinds and segments with the page tables', () => {
    const machine = family({ design: 'core-map' });
    const { ram, layout } = machine;
    const pa = frameOf(machine, 0, DATA);
    const name = `core map: frame 0x${pa.toString(16)}`;
    const record = recordIn(layout, pa);
    const first = fields.list.load(ram, record);
    fields.list.store(ram, record, 0);
    expect(machine.violations()).toEqual([
      `${name} is said to be mapped by pid 1 at 0x1000, but is by pid 1 at 0x1000 and pid 2 at 0x1000`,
    ]);
    fields.list.store(ram, record, first);
    fields.kind.store(ram, record, FrameKind.PageTable);
    expect(machine.violations()).toEqual([`${name} is called PageTable, but is User`]);
    fields.kind.store(ram, record, FrameKind.User);
    fields.list.store(ram, recordIn(layout, machine.pagetable(1)), 0);
    expect(machine.violations()[0]).toBe('core map: pid 2 has a page at 0x0, where it has no segment');
  });
});
