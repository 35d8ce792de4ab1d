import { rows } from '../../src/isa/rows.js';
import type { RandomNumbers } from '../../src/schedule/random-numbers.js';

/**
 * Random programs that end, in assembly: functions of blocks that branch to and fro, call one another, jump where a
 * register says, and load and store around s0 and s1. s11 is the fuel: whatever goes backwards or calls burns some, and
 * without any the program goes to its ebreak. s10 and a6 are scratch.
 */
const ordinary = ['a0', 'a1', 'a2', 'a3', 'a4', 'a5', 't0', 't1', 't2', 't3', 's2', 's3', 's4', 'sp', 'zero'];
const FUNCTIONS = 3;
const FUEL = 300;
/** Of offsets from s0 and s1, which point at the middle between two pages. */
const REACH = 64;

const named = (syntax: string, extensions: readonly string[]): readonly string[] =>
  rows.filter((row) => extensions.includes(row.extension) && row.syntax.join() === syntax).map((row) => row.name);
const onRegisters = named('rd,rs1,rs2', ['I', 'M']);
const onImmediates = named('rd,rs1,imm', ['I']).filter((name) => !/^s(ll|rl|ra)/.test(name));
const shifts = named('rd,rs1,imm', ['I']).filter((name) => /^s(ll|rl|ra)/.test(name));
const loads = named('rd,imm(rs1)', ['I']).filter((name) => name !== 'jalr');
const stores = named('rs2,imm(rs1)', ['I']);
const branches = named('rs1,rs2,target', ['I']);
const amos = named('.aqrl,rd,rs2,(rs1)', ['A']).filter((name) => name.startsWith('amo'));
const sizes: Readonly<Record<string, number>> = { b: 1, h: 2, w: 4, d: 8 };

export function randomProgram(random: RandomNumbers): string {
  const writer = new Writer(random);
  const functions = Array.from({ length: FUNCTIONS }, (_, number) => writer.body(number));
  return [`li s11,${FUEL}`, ...functions.flat(), 'end: ebreak'].join('\n');
}

class Writer {
  private labels = 0;

  constructor(private readonly random: RandomNumbers) {}

  /** Function 0 is the program; the others return. */
  body(number: number): string[] {
    const blocks = 2 + this.random.below(6);
    const label = (block: number): string => `f${number}b${block}`;
    const lines = Array.from({ length: blocks }, (_, block) => [
      `${label(block)}:`,
      ...Array.from({ length: this.random.below(8) }, () => this.instruction()).flat(),
      ...this.ending(number, block, blocks, label),
    ]);
    return [`f${number}:`, ...lines.flat(), number === 0 ? 'j end' : 'ret'];
  }

  private ending(number: number, block: number, blocks: number, label: (block: number) => string): string[] {
    const burn = ['addi s11,s11,-1', 'bltz s11,end'];
    const to = label(this.random.below(blocks));
    switch (this.random.below(6)) {
      case 0:
        return [...burn, `${this.one(branches)} ${this.register()},${this.register()},${to}`];
      case 1:
        return [...burn, `bnez s11,${label(this.random.below(block + 1))}`];
      case 2:
        return this.call(number, burn);
      case 3:
        return [...burn, `la a6,${to}`, 'jr a6'];
      case 4:
        // Within the reach of a compressed branch.
        return [
          ...burn,
          `c.beqz a${this.random.below(6)},${label(Math.min(block + this.random.below(2), blocks - 1))}`,
        ];
      default:
        return [];
    }
  }

  /** Functions call those with a higher number, so that one register per level keeps the way back. */
  private call(number: number, burn: readonly string[]): string[] {
    const callee = number + 1 + this.random.below(FUNCTIONS);
    if (callee >= FUNCTIONS) return [];
    const kept = `s${5 + number}`;
    return [...burn, `mv ${kept},ra`, ...this.jumpAndLink(callee), `mv ra,${kept}`];
  }
  /** By a register, mostly to the same place whenever it is executed. */
  private jumpAndLink(callee: number): string[] {
    if (this.random.below(2) === 0) return [`jal f${callee}`];
    const otherwise = FUNCTIONS - 1;
    const choice = this.random.below(2) === 0 ? this.over([`la a6,f${otherwise}`]) : [];
    return [`la a6,f${callee}`, ...choice, 'jalr a6'];
  }
  /** Skipped or not. */
  private over(lines: readonly string[]): string[] {
    const label = `over${this.labels++}`;
    return [`${this.one(branches)} ${this.register()},${this.register()},${label}`, ...lines, `${label}:`];
  }
  private computation(): string[] {
    return this.random.below(2) === 0
      ? [`${this.one(onRegisters)} ${this.register()},${this.register()},${this.register()}`]
      : [`${this.one(onImmediates)} ${this.register()},${this.register()},${this.random.below(4096) - 2048}`];
  }

  private instruction(): string[] {
    const [rd, rs1, rs2] = [this.register(), this.register(), this.register()];
    switch (this.random.below(13)) {
      case 0:
      case 1:
      case 2:
        return [`${this.one(onRegisters)} ${rd},${rs1},${rs2}`];
      case 3:
        return [`${this.one(onImmediates)} ${rd},${rs1},${this.random.below(4096) - 2048}`];
      case 4:
        return [`${this.one(shifts)} ${rd},${rs1},${this.random.below(32)}`];
      case 5:
        return [`${this.one(['lui', 'auipc'])} ${rd},${this.random.below(1 << 20)}`];
      case 6:
      case 7:
        return this.access(this.one(loads), rd);
      case 8:
      case 9:
        return this.access(this.one(stores), rs2);
      case 10:
        return this.atomic(rd, rs2);
      case 11:
        return this.over(Array.from({ length: 1 + this.random.below(4) }, () => this.computation()).flat());
      default:
        return [
          this.one([`c.mv a0,a${1 + this.random.below(5)}`, 'c.addi a2,-3', 'c.add a1,a0', 'fence', 'c.subw a3,a4']),
        ];
    }
  }

  /** Mostly aligned, sometimes not, so that some lie in two pages; rarely by way of s1, whose second page is not there. */
  private access(name: string, register: string): string[] {
    const size = sizes[/^[ls]([bhwd])/.exec(name)?.[1] ?? 'b']!;
    const offset = (this.random.below((2 * REACH) / size) - REACH / size) * size;
    const base = this.random.below(30) === 0 ? 's1' : 's0';
    const moved = this.random.below(8) === 0 ? [`addi a6,${base},${8 * (this.random.below(5) - 2)}`] : [];
    const by = moved.length > 0 ? 'a6' : base;
    return [...moved, `${name} ${register},${this.random.below(12) === 0 ? offset + 1 : offset}(${by})`];
  }
  private atomic(rd: string, rs2: string): string[] {
    const at = `addi a6,s0,${(this.random.below(2 * (REACH / 8)) - REACH / 8) * 8}`;
    if (this.random.below(4) > 0) return [at, `${this.one(amos)} ${rd},${rs2},(a6)`];
    return [at, `lr.d ${rd},(a6)`, `sc.d ${this.register()},${rs2},(a6)`];
  }
  private register(): string {
    return this.one(ordinary);
  }
  private one<T>(choices: readonly T[]): T {
    return choices[this.random.below(choices.length)]!;
  }
}
