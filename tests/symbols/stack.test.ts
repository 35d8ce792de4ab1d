import { describe, expect, it } from 'vitest';
import { Exit } from '../../src/hart/engine.js';
import { Cause } from '../../src/isa/causes.js';
import { PAGE_SIZE, ptePa } from '../../src/isa/sv39.js';
import { ProgramSymbols, type StackFrame } from '../../src/symbols/program-symbols.js';
import type { ReadStack, Standing } from '../../src/symbols/stack.js';
import { type DescribedProgram, DWARF_VERSIONS, describedProgram, OTHER_DWARF } from '../support/described-program.js';
import { LoneProgram } from '../support/lone-program.js';

const BOTTOM = 0x40000000 - 4 * PAGE_SIZE;

/** The program on a hart, up to its `ebreak` in `stop`, four calls of `sum` deep. */
class Stopped {
  private readonly program: LoneProgram;
  readonly symbols: ProgramSymbols;

  constructor(name: DescribedProgram, described = describedProgram(name)) {
    this.program = new LoneProgram(describedProgram(name), []);
    this.symbols = new ProgramSymbols(described);
    const { hart } = this.program;
    hart.budget = 10_000;
    expect(hart.engine.run()).toBe(Exit.Trap);
    expect(hart.cause).toBe(Cause.Breakpoint);
  }

  get standing(): Standing {
    const { hart } = this.program;
    return { pc: Number(hart.pc), registers: Array.from({ length: 32 }, (_, i) => hart.getNumber(i)) };
  }

  /** Of the stack's pages; nothing else is mapped as far as the walk is concerned. */
  readonly read: ReadStack = (address) => {
    if (!(address >= BOTTOM && address <= BOTTOM + 4 * PAGE_SIZE - 8) || address % 8 !== 0) return undefined;
    const { hart, tables } = this.program;
    const { ram } = hart.memory;
    return ram.load64(ptePa(ram.load64(tables.pteAddress(address))) + (address % PAGE_SIZE));
  };

  get stack(): StackFrame[] {
    return this.symbols.stack(this.standing, this.read);
  }
}

function names(stack: readonly StackFrame[]): (string | undefined)[] {
  return stack.map((frame) => frame.function);
}

const CALLS = ['stop', 'sum', 'sum', 'sum', 'sum', 'main', '_start'];

describe('the stack of a hart that stands still', () => {
  it.each(DWARF_VERSIONS)('%s: has every call, with its line', (name) => {
    const { stack } = new Stopped(name);
    expect(names(stack)).toEqual(CALLS);
    expect(stack.map(({ source }) => `${source?.file}:${source?.line}`)).toEqual([
      'sum.c:16',
      'sum.c:27',
      'sum.c:28',
      'sum.c:28',
      'sum.c:28',
      'main.c:47',
      'start.S:6',
    ]);
  });

  it('is found by the frame information where there is no frame pointer', () => {
    const { stack, standing } = new Stopped('no-frame-pointer');
    expect(standing.registers[8], 'fp is no address').toBeLessThan(100);
    // With -O2 the compiler makes a loop of the calls of itself.
    expect(names(stack)).toEqual(['stop', 'sum', 'main', '_start']);
  });

  it('is found by frame pointers where there is no debug information, the function that saves nothing included', () => {
    const { stack, symbols } = new Stopped('symbols-only');
    expect(symbols.hasDebugInformation).toBe(false);
    expect(names(stack)).toEqual(CALLS);
    expect(stack.every(({ source }) => source === undefined)).toBe(true);
  });

  it('is the pc alone without symbols', () => {
    const stopped = new Stopped('stripped');
    const { stack } = stopped;
    expect(stack).toHaveLength(1);
    expect(stopped.symbols.describeCode(stopped.standing.pc)).toBe(`0x${stopped.standing.pc.toString(16)}`);
  });

  it('is found at every instruction of every function, whatever it has saved by then', () => {
    for (const name of [...DWARF_VERSIONS, ...OTHER_DWARF]) {
      const program = new LoneProgram(describedProgram(name), []);
      const symbols = new ProgramSymbols(describedProgram(name));
      const stopped = new Stopped(name);
      const { hart } = program;
      const read: ReadStack = (address) => {
        if (!(address >= BOTTOM && address <= BOTTOM + 4 * PAGE_SIZE - 8)) return undefined;
        const { ram } = hart.memory;
        return ram.load64(ptePa(ram.load64(program.tables.pteAddress(address))) + (address % PAGE_SIZE));
      };
      for (let steps = 0; Number(hart.pc) !== stopped.standing.pc; steps++) {
        expect(steps).toBeLessThan(1000);
        const registers = Array.from({ length: 32 }, (_, i) => hart.getNumber(i));
        const stack = symbols.stack({ pc: Number(hart.pc), registers }, read).filter((frame) => !frame.isInlined);
        const outermost = stack.at(-1)?.function;
        expect(outermost, `${name}, pc ${hart.pc.toString(16)}: ${names(stack)}`).toBe('_start');
        hart.budget = 1;
        hart.engine.run();
      }
    }
  });

  it('ends where memory ends, and where a frame leads back to itself', () => {
    const stopped = new Stopped('symbols-only');
    const blind = stopped.symbols.stack(stopped.standing, () => undefined);
    expect(names(blind)).toEqual(['stop']);
    const registers = stopped.standing.registers.slice();
    const main = stopped.symbols.findFunction('main')?.address ?? 0;
    const circle = stopped.symbols.stack({ pc: main + 8, registers }, (address) =>
      address === registers[8]! - 8 ? main + 8 : registers[8],
    );
    expect(circle.length).toBeLessThan(4);
  });
});
