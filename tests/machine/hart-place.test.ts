import { describe, expect, it } from 'vitest';
import { Exit } from '../../src/hart/engine.js';
import { Hart } from '../../src/hart/hart.js';
import { compileInterpreter } from '../../src/interpreter/compile-interpreter.js';
import { createInterpreter } from '../../src/interpreter/interpreter.js';
import { Cause } from '../../src/isa/causes.js';
import { Privilege } from '../../src/isa/privilege.js';
import { PAGE_SIZE, Pte } from '../../src/isa/sv39.js';
import { placeOfHart } from '../../src/machine/hart-place.js';
import { parseKernel } from '../../src/machine/kernel-image.js';
import { KERNBASE } from '../../src/memory/map.js';
import { SharedMemory } from '../../src/memory/shared-memory.js';
import { type DescribedProgram, describedProgram } from '../support/described-program.js';
import { PageTables } from '../support/page-tables.js';

const SP = 2;
const STACK_END = KERNBASE + 2 ** 20;

/** The program in machine mode at its `ebreak`, with a stack in the middle of RAM. */
function stopped(name: DescribedProgram) {
  const memory = SharedMemory.create({ harts: 1, memory: 2 });
  const { map } = memory;
  const kernel = parseKernel(describedProgram(name), { start: KERNBASE, end: map.physTop });
  for (const { at, fileBytes } of kernel.pieces) memory.ram.write(at, fileBytes);
  const hart = new Hart(0, memory, createInterpreter(compileInterpreter())(memory, map.harts[0]!));
  hart.privilege = Privilege.Machine;
  hart.pc = BigInt(kernel.entry);
  hart.setX(SP, BigInt(STACK_END));
  hart.budget = 10_000;
  expect(hart.engine.run()).toBe(Exit.Trap);
  expect(hart.cause).toBe(Cause.Breakpoint);
  return { memory, hart, place: () => placeOfHart(memory, 0, kernel.symbols) };
}

const STACK = [
  'stop (sum.c:16)',
  'sum (sum.c:27)',
  ...Array<string>(3).fill('sum (sum.c:28)'),
  'main (main.c:47)',
  '_start (start.S:6)',
];

describe('where a hart is', () => {
  it('is a function, and the stack in C', () => {
    const { hart, place } = stopped('dwarf-4');
    expect(place()).toEqual({ pc: `0x${hart.pc.toString(16)} <stop+0x6>`, stack: STACK });
  });

  it('is functions without lines where there is no debug information, and a number without symbols', () => {
    expect(stopped('symbols-only').place().stack).toEqual(['stop', 'sum', 'sum', 'sum', 'sum', 'main', '_start']);
    const { hart, place } = stopped('stripped');
    expect(place()).toEqual({ pc: `0x${hart.pc.toString(16)}`, stack: [] });
  });

  it('is named where the kernel has mapped its code to another place', () => {
    const { memory, hart, place } = stopped('dwarf-4');
    const tables = new PageTables(memory);
    const trampoline = 0x3ffffff000;
    tables.map(trampoline, KERNBASE, Pte.R | Pte.X);
    tables.map(STACK_END - PAGE_SIZE, STACK_END - PAGE_SIZE, Pte.R | Pte.W);
    hart.setAddressSpace(tables.root);
    hart.privilege = Privilege.Supervisor;
    hart.pc = BigInt(trampoline) + (hart.pc - BigInt(KERNBASE));
    expect(place().pc).toBe(`0x${hart.pc.toString(16)} <stop+0x6>`);
    expect(place().stack).toEqual(STACK);
  });

  it('is a number in user mode, whatever the kernel has at that address', () => {
    const { hart, place } = stopped('dwarf-4');
    hart.privilege = Privilege.User;
    expect(place()).toEqual({ pc: `0x${hart.pc.toString(16)} in user mode`, stack: [] });
  });
});
