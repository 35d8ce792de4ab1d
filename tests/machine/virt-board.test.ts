import { beforeEach, describe, expect, it } from 'vitest';
import { Hart } from '../../src/hart/hart.js';
import { Interrupt } from '../../src/isa/causes.js';
import { boardTree } from '../../src/machine/board-tree.js';
import { boardBlock, EndCode, resetBoard, VirtBoard, virtioWasRefused } from '../../src/machine/virt-board.js';
import { hartBlock } from '../../src/memory/map.js';
import { SharedMemory } from '../../src/memory/shared-memory.js';

let memory: SharedMemory;
let board: VirtBoard;
let finished: number;
let typed: number[];
let ticks: number;

beforeEach(() => {
  memory = SharedMemory.create({ harts: 2, memory: 2, devices: boardBlock.size, disk: 1024 });
  finished = 0;
  ticks = 0;
  typed = [];
  resetBoard(memory, () => ticks);
  board = new VirtBoard(memory, {
    ticks: () => ticks,
    date: () => 5n,
    console: {
      write: () => {},
      pending: () => typed.length > 0,
      take: (most) => Uint8Array.from(typed.splice(0, most)),
    },
    virtio: 2,
    finish: () => finished++,
  });
});

const word = (address: number) => board.load(address, 4);

describe('the board', () => {
  it('has its devices where QEMU’s virt has them', () => {
    expect(board.load(0x1000_0005, 1)).toBe(0x60n);
    expect(word(0x1000_1000)).toBe(0x7472_6976n);
    expect(word(0x0c00_0004)).toBe(0n);
    expect(board.load(0x0200_4000, 8)).toBe(2n ** 64n - 1n);
    expect(word(0x10_1000)).toBe(5n);
    expect(word(0x10_0000)).toBe(0n);
  });

  it('has the window of a bridge with nothing behind it below RAM', () => {
    for (const address of [0x4000_0000, 0x7fff_fff8]) {
      expect(board.store(address, 8, 5n)).toBe(true);
      expect([1, 2, 4, 8].map((size) => board.load(address, size))).toEqual([
        0xffn,
        0xffffn,
        2n ** 32n - 1n,
        2n ** 64n - 1n,
      ]);
    }
  });

  it('answers nowhere else', () => {
    for (const address of [0, 0x1000, 0x0201_0000, 0x0c60_0000, 0x1000_0100, 0x1000_2000, 0x3000_0000]) {
      expect(word(address), address.toString(16)).toBeUndefined();
      expect(board.store(address, 4, 0n), address.toString(16)).toBe(false);
    }
  });

  it('takes the UART’s and the disk’s interrupts to the harts by their numbers', () => {
    const hart = new Hart(1, memory, { run: () => 0, flushTlb: () => {}, flushCode: () => {} });
    board.store(0x0c00_0000 + 4 * 10, 4, 1n);
    board.store(0x0c00_2000 + 0x80 * 3, 4, 1n << 10n);
    board.store(0x1000_0001, 1, 1n);
    typed = [65];
    board.update(hart);
    expect(hart.pending).toBe(1 << Interrupt.SupervisorExternal);
    expect(word(0x0c20_3004)).toBe(10n);
  });

  it('brings a hart’s timers up to the time, and says when the next one is due', () => {
    const hart = new Hart(0, memory, { run: () => 0, flushTlb: () => {}, flushCode: () => {} });
    expect(board.deadline(hart)).toBe(2 ** 64);
    board.store(0x0200_4000, 8, 50n);
    hart.setCsr('menvcfg', 1n << 63n);
    hart.setCsr('stimecmp', 40n);
    expect(board.deadline(hart)).toBe(40);
    ticks = 45;
    board.update(hart);
    expect([hart.pending, board.deadline(hart)]).toEqual([1 << Interrupt.SupervisorTimer, 50]);
    ticks = 50;
    board.update(hart);
    expect(hart.pending).toBe((1 << Interrupt.SupervisorTimer) | (1 << Interrupt.MachineTimer));
    expect(board.deadline(hart)).toBe(Number.POSITIVE_INFINITY);
  });

  it('in virtual time goes on to the next timer of any hart once all are idle, and wakes them', () => {
    const skipped: number[] = [];
    let idle = false;
    const skip = {
      allIdle: () => idle,
      ticks: (by: number) => {
        skipped.push(by);
        ticks += by;
      },
    };
    const parts = { date: () => 0n, console: { write: () => {}, pending: () => false, take: () => new Uint8Array() } };
    const virtual = new VirtBoard(memory, { ...parts, ticks: () => ticks, virtio: 2, finish: () => {}, skip });
    const bell = () => hartBlock.fields.doorbell.load(memory.host, memory.map.harts[1]!.block);
    idle = true;
    expect(virtual.skipsSleep()).toBe(false);
    board.store(0x0200_4008, 8, 70n);
    idle = false;
    expect(virtual.skipsSleep()).toBe(false);
    idle = true;
    const before = bell();
    expect([virtual.skipsSleep(), skipped, virtual.time(), bell() > before]).toEqual([true, [70], 70, true]);
    expect(virtual.skipsSleep()).toBe(false);
    expect(board.skipsSleep()).toBe(false);
  });

  it('notes who ended the machine first, and how', () => {
    board.store(0x10_0000, 4, (9n << 16n) | 0x3333n);
    board.store(0x10_0000, 4, 0x7777n);
    const { end, status } = boardBlock.fields;
    expect([end.load(memory.host, memory.map.devices), status.load(memory.host, memory.map.devices)]).toEqual([
      EndCode.exit,
      9,
    ]);
    expect(finished).toBe(2);
  });

  it('notes a driver that turns away from the disk’s version', () => {
    expect(virtioWasRefused(memory)).toBe(false);
    word(0x1000_1004);
    expect(virtioWasRefused(memory)).toBe(true);
    board.store(0x1000_1070, 4, 0n);
    expect(virtioWasRefused(memory)).toBe(false);
  });
});

describe('the device tree', () => {
  it('has a node for each hart, and names what is there', () => {
    const text = Buffer.from(boardTree(3, 0x800_0000)).toString('latin1');
    expect(text.match(/cpu@\d/g)).toEqual(['cpu@0', 'cpu@1', 'cpu@2']);
    for (const name of [
      'ns16550a',
      'virtio,mmio',
      'riscv,plic0',
      'riscv,clint0',
      'sifive,test0',
      'google,goldfish-rtc',
    ])
      expect(text, name).toContain(`${name}\0`);
  });
});
