import { describe, expect, it } from 'vitest';
import { designs } from '../../../kernel/page-sharing/designs.js';
import { MAXARG } from '../../../kernel/params.js';
import { Sys } from '../../../kernel/trap/syscall.js';
import { Next } from '../../../src/hart/trap-handler.js';
import { MAXVA, Pte } from '../../../src/isa/sv39.js';
import { DiskUser, disk, text } from '../../support/disk-user.js';
import { elfImage, type ImageFields } from '../../support/elf-image.js';
import { DATA, END, GUARD, KernelMachine, type Options, type StillEngine } from '../../support/kernel-machine.js';

const PAGE = 4096n;
/** Text of one page, data of two: entry 0x10; its guard page at 0x3000, its stack above. */
const program = elfImage({
  entry: 0x10n,
  segments: [
    { flags: 5, vaddr: 0n, fileSize: 20n, memSize: 100n },
    { flags: 6, vaddr: PAGE, fileSize: 4096n, memSize: PAGE + 1n },
  ],
}).fill(0x77, 64 + 2 * 56);
const STACK_TOP = 0x5000;

function booted(options: Options = {}, fields?: ImageFields): DiskUser {
  const data = fields === undefined ? program : elfImage(fields);
  return DiskUser.booted({
    disk: disk([
      { name: 'prog', data },
      { name: 'script', data: text('#!/bin/sh\n') },
    ]),
    ...options,
  });
}

/** exec that must fail: nothing has changed. */
function fails(user: DiskUser, path: string, argv: readonly string[] = [path]): void {
  const { machine } = user;
  const before = { free: machine.statistics().freePages, pc: machine.harts[0]!.pc, pagetable: machine.pagetable(0) };
  user.exec(path, argv);
  expect(machine.a0(0)).toBe(-1);
  expect(machine.harts[0]!.pc).toBe(before.pc + 4n);
  expect(machine.pagetable(0)).toBe(before.pagetable);
  expect(machine.statistics().freePages).toBe(before.free);
  expect(machine.violations()).toEqual([]);
  expect(user.result(Sys.sbrk, 0)).toBe(END);
}

describe('the exec call', () => {
  it('puts the program in the place of the old one, with its arguments, its name and its open files', () => {
    const user = booted();
    const { machine } = user;
    const fd = user.open('script');
    const hart = machine.harts[0]!;
    const free = machine.statistics().freePages;
    expect(user.exec('/prog', ['prog', 'one', '', 'two words'])).toBe(Next.Run);
    expect(machine.a0(0)).toBe(4);
    expect(hart.pc).toBe(0x10n);
    const sp = hart.getNumber(2);
    expect(hart.getNumber(11)).toBe(sp);
    expect(sp % 16).toBe(0);
    const pointers = user.ints(sp, 10);
    expect([0, 2, 4, 6].map((i) => user.string(pointers[i]!))).toEqual(['prog', 'one', '', 'two words']);
    expect(pointers.slice(8)).toEqual([0, 0]);
    expect(pointers[0]).toBe(STACK_TOP - 16);
    expect(user.result(Sys.sbrk, 0)).toBe(STACK_TOP);
    expect(machine.kernel.parts.table.describe(machine.running(0)).name).toBe('prog');
    expect(machine.statistics().freePages).toBe(free);
    expect(machine.violations()).toEqual([]);
    expect(user.read(fd, 3)).toBe('#!/');
  });

  it('loads what the file has, zeroes the rest, and gives each segment its permissions', () => {
    const user = booted();
    user.exec('prog', []);
    const { machine } = user;
    const { vm } = machine.kernel.parts;
    expect([0, 19, 20, 0xfff].map((va) => machine.userLoad(0, va))).toEqual([0x77, 0x77, 0, 0]);
    expect([DATA, DATA + 0xfff, DATA + 0x1000].map((va) => machine.userLoad(0, va))).toEqual([0x77, 0x77, 0]);
    const flags = (va: number) => machine.ram.load32(vm.walk(machine.pagetable(0), va, false)) & 0x1f;
    expect([0, DATA, DATA + 0x1000, GUARD, GUARD + 0x1000].map(flags)).toEqual([
      Pte.V | Pte.R | Pte.X | Pte.U,
      Pte.V | Pte.R | Pte.W | Pte.U,
      Pte.V | Pte.R | Pte.W | Pte.U,
      Pte.V | Pte.R | Pte.W,
      Pte.V | Pte.R | Pte.W | Pte.U,
    ]);
  });

  it('the hart is in the new address space, and its TLB empty', () => {
    const user = booted();
    const engine = user.machine.harts[0]!.engine as StillEngine;
    const before = engine.flushes;
    user.exec('prog', []);
    expect(user.machine.harts[0]!.getCsr('satp')).toBe((8n << 60n) | BigInt(user.machine.pagetable(0) / 4096));
    expect(engine.flushes).toBeGreaterThan(before);
  });

  it('a long path gives the first 15 letters of its last part as the name', () => {
    const user = booted();
    user.mkdir('a-directory');
    user.link('prog', 'a-directory/fourteen-chars');
    user.exec('./a-directory//fourteen-chars-and-more', []);
    expect(user.machine.kernel.parts.table.describe(user.machine.running(0)).name).toBe('fourteen-chars-');
  });

  it('without arguments main gets 0 and an empty argv', () => {
    const user = booted();
    user.exec('prog', []);
    expect(user.machine.a0(0)).toBe(0);
    expect(user.ints(user.machine.harts[0]!.getNumber(2), 2)).toEqual([0, 0]);
  });

  it('segments in any order, and over one another, as in xv6: pages come with the first that reaches them', () => {
    const user = booted(
      {},
      {
        segments: [
          { flags: 6, vaddr: PAGE, fileSize: 8n, memSize: PAGE },
          { flags: 5, vaddr: 0n, fileSize: 16n, memSize: 16n },
          { flags: 6, vaddr: PAGE, offset: 0n, fileSize: 4n, memSize: 4n },
          { type: 0x6474e551, flags: 6, vaddr: 5n, fileSize: 99n, memSize: 0n },
        ],
        content: 4096,
      },
    );
    expect(user.exec('prog', [])).toBe(Next.Run);
    expect(user.machine.a0(0)).toBe(0);
    expect(user.letters(0x1000, 4)).toBe('\x7fELF');
    expect(user.result(Sys.sbrk, 0)).toBe(0x4000);
    // Writable, as the segment above it.
    user.put(0, 'x');
    expect(user.machine.violations()).toEqual([]);
  });

  it.each<[string, ImageFields]>([
    ['a wrong magic', { magic: [0x7f, 0x45, 0x4c, 0x47] }],
    ['less memory than file', { segments: [{ fileSize: 4096n, memSize: 4095n }] }],
    ['a segment that wraps around', { segments: [{ vaddr: 2n ** 64n - PAGE, fileSize: 0n, memSize: 2n * PAGE }] }],
    ['a segment above MAXVA', { segments: [{ vaddr: BigInt(MAXVA), fileSize: 0n, memSize: 1n }] }],
    ['a segment that is not page aligned', { segments: [{ vaddr: 8n }] }],
    ['more memory than there is', { segments: [{ memSize: 2n ** 30n }] }],
    ['a good segment before a bad one', { segments: [{}, { vaddr: PAGE + 1n }] }],
    ['contents beyond the end of the file', { segments: [{ offset: 2n ** 40n }] }],
    ['contents that end beyond it', { segments: [{ fileSize: 4097n, memSize: 8192n }] }],
    ['an absurd size in the file', { segments: [{ fileSize: 2n ** 63n, memSize: 2n ** 63n }] }],
  ])('refuses a program with %s, and the old one goes on', (_what, fields) => {
    fails(booted({}, fields), 'prog');
  });

  it('refuses what is no program', () => {
    const user = booted();
    fails(user, 'script');
    fails(user, 'none');
    fails(user, '/');
    fails(user, '');
  });

  it('refuses a file that ends among its program headers', () => {
    const headers = elfImage({ segments: [{}, {}] }).subarray(0, 64 + 56 + 55);
    fails(DiskUser.booted({ disk: disk([{ name: 'prog', data: headers }]) }), 'prog');
    fails(DiskUser.booted({ disk: disk([{ name: 'prog', data: headers.subarray(0, 63) }]) }), 'prog');
  });

  it('takes 31 arguments and not 32, and no more than fit onto the stack', () => {
    const many = Array.from({ length: MAXARG }, (_, i) => `${i}`);
    const user = booted();
    fails(user, 'prog', many);
    fails(
      user,
      'prog',
      Array.from({ length: 5 }, () => 'x'.repeat(1000)),
    );
    user.exec('prog', many.slice(1));
    expect(user.machine.a0(0)).toBe(MAXARG - 1);
  });

  it('refuses arguments that are not the user’s, and strings without end', () => {
    const user = booted();
    user.put(DATA, 'prog\0');
    const pointers = DATA + 0x400;
    const call = (at: number) => user.result(Sys.exec, DATA, at);
    for (const at of [END, END - 7, GUARD, MAXVA, -1]) expect(call(at), `${at}`).toBe(-1);
    for (const at of [END, GUARD, 2 ** 40, 2 ** 63]) {
      user.put(pointers, new Uint8Array(BigUint64Array.of(BigInt(at), 0n).buffer));
      expect(call(pointers), `${at}`).toBe(-1);
    }
    user.result(Sys.sbrk, 8192);
    user.put(END, 'x'.repeat(4096));
    user.put(pointers, new Uint8Array(BigUint64Array.of(BigInt(END), 0n).buffer));
    expect(call(pointers)).toBe(-1);
    expect(user.result(Sys.exec, END + 4096, pointers)).toBe(-1);
    expect(user.machine.violations()).toEqual([]);
  });

  it('an entry that no process can fetch from is the process’s own misfortune', () => {
    const user = booted({}, { entry: 2n ** 64n - 2n });
    user.exec('prog', []);
    expect(user.machine.a0(0)).toBe(0);
    expect(user.machine.harts[0]!.pc).toBe(BigInt(MAXVA));
  });

  it.each(designs.map(({ name }) => name))('%s: exec after fork leaves the other its pages', (design) => {
    const parent = booted({ design, harts: 2 });
    const { machine } = parent;
    parent.put(DATA, 'the parent’s');
    parent.result(Sys.fork);
    machine.interrupt(1);
    const child = new DiskUser(machine, 1);
    child.exec('prog', ['prog']);
    expect(machine.a0(1)).toBe(1);
    expect(machine.violations()).toEqual([]);
    expect(parent.letters(DATA, 11)).toBe('the parent\x19');
    machine.userStore(0, DATA, 7);
    expect(child.get(DATA, 1)).toEqual(Uint8Array.of(0x77));
    child.result(Sys.fork);
    child.exec('/prog', ['again']);
    machine.call(1, Sys.exit, 0);
    while (machine.runningPid(1) !== 0) machine.call(1, Sys.exit, 0);
    expect(machine.violations()).toEqual([]);
  });

  it('the first process may come from the disk, or not be there', () => {
    const boot = (argv: string[]) => booted({ program: 'disk', argv, consoleOpen: false });
    const user = boot(['/prog', 'x']);
    expect(user.machine.harts[0]!.pc).toBe(0x10n);
    expect(user.open('script')).toBe(0);
    expect(() => boot(['prog'])).not.toThrow();
    expect(() => boot(['/none'])).toThrow('cannot start /none: the disk has no such program');
    expect(() => boot(['/script'])).toThrow('cannot start /script: the disk has no such program');
    expect(() => KernelMachine.booted({ program: 'disk' })).toThrow('cannot start init: the disk has no such program');
  });
});
