import { describe, expect, it } from 'vitest';
import { Hart } from '../../src/hart/hart.js';
import { compileInterpreter } from '../../src/interpreter/compile-interpreter.js';
import { createInterpreter } from '../../src/interpreter/interpreter.js';
import { Privilege } from '../../src/isa/privilege.js';
import { PAGE_SIZE, Pte } from '../../src/isa/sv39.js';
import { HartMemory } from '../../src/machine/hart-memory.js';
import { KERNBASE } from '../../src/memory/map.js';
import { SharedMemory } from '../../src/memory/shared-memory.js';
import { PageTables } from '../support/page-tables.js';

const MIB_2 = 2 ** 21;

function machine() {
  const memory = SharedMemory.create({ harts: 1, memory: 8 });
  const map = memory.map.harts[0]!;
  const hart = new Hart(0, memory, createInterpreter(compileInterpreter())(memory, map));
  const tables = new PageTables(memory);
  return { memory, hart, tables, view: new HartMemory(memory, hart) };
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}

describe('memory as a hart sees it', () => {
  it('is RAM as it is in machine mode, and nothing outside', () => {
    const { view, hart, memory, tables } = machine();
    hart.setAddressSpace(tables.root);
    hart.privilege = Privilege.Machine;
    memory.ram.write(KERNBASE + 100, Buffer.from('plain'));
    expect(text(view.read(BigInt(KERNBASE + 100), 5))).toBe('plain');
    expect(view.read(0n, 8)).toHaveLength(0);
    expect(view.read(0x10000000n, 8)).toHaveLength(0);
    expect(view.read(BigInt(memory.map.physTop - 3), 8)).toHaveLength(3);
    expect(view.read(2n ** 64n - 2n, 8)).toHaveLength(0);
  });

  it('is what its page table says, page by page, superpages too', () => {
    const { view, hart, memory, tables } = machine();
    tables.map(0x1000, KERNBASE + 5 * PAGE_SIZE, Pte.R | Pte.U);
    tables.map(0x2000, KERNBASE + 3 * PAGE_SIZE, Pte.R | Pte.W);
    tables.map(MIB_2, KERNBASE + MIB_2, Pte.X, 1);
    tables.map(2n ** 64n - BigInt(PAGE_SIZE), KERNBASE + PAGE_SIZE, Pte.R);
    hart.setAddressSpace(tables.root);
    hart.privilege = Privilege.User;
    memory.ram.write(KERNBASE + 6 * PAGE_SIZE - 3, Buffer.from('abc'));
    memory.ram.write(KERNBASE + 3 * PAGE_SIZE, Buffer.from('def'));
    expect(text(view.read(0x1ffdn, 6))).toBe('abcdef');
    expect(view.translate(BigInt(MIB_2 + 0x12345))).toBe(KERNBASE + MIB_2 + 0x12345);
    expect(view.translate(2n ** 64n - 1n)).toBe(KERNBASE + 2 * PAGE_SIZE - 1);
    expect(view.translate(2n ** 39n), 'no copy of the highest bit').toBeUndefined();
    expect(view.read(0x2ffen, 8), 'up to where nothing is mapped').toHaveLength(2);
    expect(view.write(0x1ffen, Buffer.from('1234'))).toBe(true);
    expect(text(view.read(0x1ffdn, 6))).toBe('a1234f');
  });

  it('is written as a whole or not at all', () => {
    const { view, hart, memory, tables } = machine();
    tables.map(0x1000, KERNBASE, Pte.R | Pte.W);
    hart.setAddressSpace(tables.root);
    hart.privilege = Privilege.Supervisor;
    expect(view.write(0x1ffen, Buffer.from('1234'))).toBe(false);
    expect([...memory.ram.read(KERNBASE + 0xffe, 2)]).toEqual([0, 0]);
  });

  it('has nothing behind a table that leads out of RAM', () => {
    const { view, hart, memory, tables } = machine();
    memory.ram.store64(tables.root, 2 ** 29 + Pte.V);
    hart.setAddressSpace(tables.root);
    hart.privilege = Privilege.Supervisor;
    expect(view.translate(0x1000n)).toBeUndefined();
  });
});
