import { describe, expect, it } from 'vitest';
import type { Board } from '../../../src/hart/board.js';
import { CsrFile } from '../../../src/hart/csr-file.js';
import { Hart } from '../../../src/hart/hart.js';
import { compileInterpreter } from '../../../src/interpreter/compile-interpreter.js';
import { createInterpreter } from '../../../src/interpreter/interpreter.js';
import { assemble } from '../../../src/isa/assemble.js';
import { Cause } from '../../../src/isa/causes.js';
import { Privilege } from '../../../src/isa/privilege.js';
import { stepInstruction } from '../../../src/machine/gdb/step-instruction.js';
import { HartMemory } from '../../../src/machine/hart-memory.js';
import { KERNBASE } from '../../../src/memory/map.js';
import { SharedMemory } from '../../../src/memory/shared-memory.js';

const DEVICE = 0x10000000;
const A0 = 10;
const A1 = 11;

/** A hart in machine mode at the beginning of the code, on a board with one device that answers with what was stored there. */
function machine(source: string) {
  const memory = SharedMemory.create({ harts: 1, memory: 2, devices: 64 });
  const map = memory.map.harts[0]!;
  const hart = new Hart(0, memory, createInterpreter(compileInterpreter())(memory, map));
  let stored = 0x41n;
  const board: Board = {
    time: () => 0,
    load: (address) => (address === DEVICE ? stored : undefined),
    store: (address, _size, value) => {
      stored = value;
      return address === DEVICE;
    },
    update: () => {},
    skipsSleep: () => false,
    deadline: () => Number.POSITIVE_INFINITY,
  };
  const { bytes, symbols } = assemble(source, { origin: KERNBASE });
  memory.ram.write(KERNBASE, bytes);
  hart.privilege = Privilege.Machine;
  hart.pc = BigInt(KERNBASE);
  const view = new HartMemory(memory, hart);
  const csrs = new CsrFile(hart, () => 0n);
  return {
    memory,
    hart,
    bytes,
    symbols,
    step: () => stepInstruction(hart, view, board, csrs),
    at: () => Number(hart.pc) - KERNBASE,
  };
}

describe('one step', () => {
  it('is one instruction, whatever comes behind it', () => {
    const { hart, step, at } = machine('li a0, 1\naddi a0, a0, 1\naddi a0, a0, 1\nc.addi a0, 1\nnop');
    const seen = Array.from({ length: 4 }, () => {
      step();
      return [at(), hart.getNumber(A0)];
    });
    expect(seen).toEqual([
      [4, 1],
      [8, 2],
      [12, 3],
      [14, 4],
    ]);
    expect(hart.instret).toBe(4);
  });

  it('follows branches, jumps and returns', () => {
    const { step, at, hart } = machine(`
      li a0, 2
loop: addi a0, a0, -1
      bnez a0, loop
      jal ra, leaf
      j end
leaf: ret
end:  nop`);
    const seen: number[] = [];
    for (let i = 0; i < 8; i++) {
      step();
      seen.push(at());
    }
    expect(seen).toEqual([4, 8, 4, 8, 12, 20, 16, 24]);
    expect(hart.getNumber(A0)).toBe(0);
  });

  it('leaves the code as it was', () => {
    const { step, memory, bytes } = machine('li a0, 1\nbeqz a0, 1f\nnop\n1: nop');
    step();
    step();
    expect(memory.ram.read(KERNBASE, bytes.length)).toEqual(bytes);
  });

  it('of an instruction that jumps to itself ends', () => {
    for (const source of ['1: j 1b', '1: beqz x0, 1b']) {
      const { step, at } = machine(source);
      step();
      expect(at()).toBe(0);
    }
  });

  it('carries out what engines leave to the hart, and devices', () => {
    const { step, hart, at } = machine(
      `csrw mscratch, sp\nlui a1, ${DEVICE >> 12}\nlb a0, 0(a1)\nsb a1, 0(a1)\nlb a0, 0(a1)`,
    );
    hart.setX(2, 77n);
    step();
    expect([at(), hart.getCsr('mscratch')]).toEqual([4, 77n]);
    step();
    step();
    expect([at(), hart.getNumber(A0)]).toEqual([12, 0x41]);
    step();
    step();
    expect([at(), hart.getNumber(A0), hart.getNumber(A1)]).toEqual([20, 0, DEVICE]);
  });

  it('of one that traps goes to the handler', () => {
    for (const [instruction, cause] of [
      ['ecall', Cause.MachineEcall],
      ['ebreak', Cause.Breakpoint],
      ['lw a0, 0(x0)', Cause.LoadAccessFault],
      ['.word 0', Cause.IllegalInstruction],
    ] as const) {
      const { step, hart, at } = machine(`${instruction}\nnop\n.balign 64\nnop`);
      hart.setCsr('mtvec', BigInt(KERNBASE + 64));
      step();
      expect([at(), Number(hart.getCsr('mcause')), Number(hart.getCsr('mepc'))], instruction).toEqual([
        64,
        cause,
        KERNBASE,
      ]);
    }
  });

  it('to where nothing can be fetched leaves the fault to the next one', () => {
    const { step, hart } = machine('jr a1\nnop');
    hart.setX(A1, 0x1000n);
    hart.setCsr('mtvec', BigInt(KERNBASE + 4));
    step();
    expect(hart.pc).toBe(0x1000n);
    step();
    expect([Number(hart.pc), Number(hart.getCsr('mcause'))]).toEqual([KERNBASE + 4, Cause.InstructionAccessFault]);
  });
});
