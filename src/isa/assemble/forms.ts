import { type Alias, aliases } from '../aliases.js';
import { csrNumber } from '../csrs.js';
import { fenceSetBits, orderingSuffixes } from '../ordering.js';
import { registerNumber } from '../registers.js';
import type { Operand, Row, Syntax } from '../row.js';
import { rowNamed, rows } from '../rows.js';
import { AssemblyError } from './assembly-error.js';
import { constantValue, type Expression, type Names, number, parseExpression } from './expression.js';
import { type Token, textOf } from './scan.js';

/** One way to write an instruction. */
export interface Form {
  readonly row: Row;
  /** Without the suffix of the mnemonic. */
  readonly syntax: readonly Syntax[];
  /** Operands that the text leaves out. */
  readonly fixed: Alias['fixed'];
}

/** An instruction as read: which row, and what the operands are. The immediate's text means what `immediate` says. */
export interface Instruction {
  readonly row: Row;
  readonly registers: Readonly<Partial<Record<Exclude<Operand, 'imm'>, number>>>;
  readonly imm: Expression;
  readonly immediate: 'value' | 'target' | 'upper';
}

const formsByName = new Map<string, Form[]>();
function addForm(name: string, form: Form): void {
  formsByName.set(name, [...(formsByName.get(name) ?? []), form]);
}
for (const row of rows) {
  if (!row.syntax.includes('.aqrl')) {
    addForm(row.name, { row, syntax: row.syntax, fixed: {} });
    continue;
  }
  const syntax = row.syntax.filter((part) => part !== '.aqrl');
  for (const [imm, suffix] of orderingSuffixes.entries()) addForm(row.name + suffix, { row, syntax, fixed: { imm } });
}
for (const { name, of, syntax, fixed } of aliases) addForm(name, { row: rowNamed(of), syntax, fixed });

/** The ways to write this mnemonic, the instruction's own first; empty when it is not known. */
export function formsOf(mnemonic: string): readonly Form[] {
  return formsByName.get(mnemonic) ?? [];
}

/** Reads an instruction that is in the tables. Throws an AssemblyError that shows how the mnemonic is written. */
export function readInstruction(mnemonic: string, operands: readonly Token[][], names: Names): Instruction {
  const fitting = formsOf(mnemonic).filter(({ syntax }) => fitsCount(syntax, operands.length));
  const problems: string[] = [];
  for (const form of fitting) {
    const result = matchForm(form, operands, names);
    if (typeof result !== 'string') return result;
    problems.push(result);
  }
  const [problem, ...others] = problems;
  if (problem !== undefined && others.length === 0) throw new AssemblyError(names.line, `${mnemonic}: ${problem}`);
  const usages = formsOf(mnemonic).map(({ syntax }) => `\`${[mnemonic, syntax.join(',')].join(' ').trim()}\``);
  throw new AssemblyError(names.line, `write ${usages.join(' or ')}`);
}

function fitsCount(syntax: readonly Syntax[], count: number): boolean {
  const required = syntax.filter((part) => part !== 'imm?').length;
  return count >= required && count <= syntax.length;
}

/** The operands, or what is wrong with the first that does not match. */
function matchForm(form: Form, operands: readonly Token[][], names: Names): Instruction | string {
  const { imm: fixedImmediate = 0, ...fixedRegisters } = form.fixed;
  let read: Omit<Instruction, 'row'> = { registers: fixedRegisters, imm: number(fixedImmediate), immediate: 'value' };
  for (const [index, part] of form.syntax.slice(0, operands.length).entries()) {
    const found = readers[part](operands[index] ?? [], names, read.imm);
    if (typeof found === 'string') return found;
    read = { ...read, ...found, registers: { ...read.registers, ...found.registers } };
  }
  return { row: form.row, ...read };
}

/** What an operand says, or what is wrong with it. `imm` is the immediate that earlier operands gave. */
type Reader = (tokens: readonly Token[], names: Names, imm: Expression) => Partial<Instruction> | string;

const register =
  (operand: 'rd' | 'rs1' | 'rs2'): Reader =>
  (tokens) => {
    const found = registerOf(tokens);
    return found === undefined ? `\`${textOf(tokens)}\` is not a register` : { registers: { [operand]: found } };
  };

const value =
  (immediate: Instruction['immediate']): Reader =>
  (tokens, names) =>
    registerOf(tokens) === undefined
      ? { imm: parseExpression(tokens, names), immediate }
      : `\`${textOf(tokens)}\` is a register; a number or symbol is expected`;

/** `offset(register)`, where the offset may be left out. */
const memory: Reader = (tokens, names) => {
  const split = splitMemory(tokens);
  if (split === undefined) return `\`${textOf(tokens)}\` is not of the form offset(register)`;
  const imm = split.offset.length === 0 ? number(0) : parseExpression(split.offset, names);
  return { registers: { rs1: split.register }, imm };
};

const withoutOffset: Reader = (tokens, names, imm) => {
  const found = memory(tokens, names, imm);
  if (typeof found === 'string') return found;
  const isZero = found.imm !== undefined && constantValue(found.imm, names.line) === 0n;
  return isZero ? { ...found, imm } : 'takes no offset; add it to the register first';
};

const fiveBits: Reader = (tokens, names) => {
  const constant =
    registerOf(tokens) === undefined ? constantValue(parseExpression(tokens, names), names.line) : undefined;
  return constant === undefined || constant < 0n || constant > 31n
    ? `\`${textOf(tokens)}\` is not a number from 0 to 31`
    : { registers: { rs1: Number(constant) } };
};

/** The two sets make one immediate, the predecessors in its upper half. */
const fenceSet: Reader = (tokens, names, imm) => {
  const bits = fenceSetBits(textOf(tokens));
  const earlier = constantValue(imm, names.line) ?? 0n;
  return bits === undefined
    ? `\`${textOf(tokens)}\` is not a set of i, o, r, w in this order (or 0)`
    : { imm: number((earlier << 4n) | BigInt(bits)) };
};

const csr: Reader = (tokens, names) => {
  const [token] = tokens;
  const known = tokens.length === 1 && token?.kind === 'name' ? csrNumber(token.text) : undefined;
  return { imm: known === undefined ? parseExpression(tokens, names) : number(known) };
};

const readers: Readonly<Record<Syntax, Reader>> = {
  rd: register('rd'),
  rs1: register('rs1'),
  rs2: register('rs2'),
  imm: value('value'),
  'imm?': value('value'),
  target: value('target'),
  upper: value('upper'),
  'imm(rs1)': memory,
  '(rs1)': withoutOffset,
  csr,
  zimm: fiveBits,
  pred: fenceSet,
  succ: fenceSet,
  '.aqrl': () => 'is a suffix of the mnemonic',
};

/** Number of the register when the operand is one. */
export function registerOf(tokens: readonly Token[]): number | undefined {
  const [token] = tokens;
  return tokens.length === 1 && token?.kind === 'name' ? registerNumber(token.text) : undefined;
}

/** `offset(register)`; undefined when the operand is not of this form. */
export function splitMemory(tokens: readonly Token[]): { register: number; offset: readonly Token[] } | undefined {
  if (tokens.at(-1)?.text !== ')' || tokens.at(-3)?.text !== '(') return undefined;
  const register = registerOf(tokens.slice(-2, -1));
  return register === undefined ? undefined : { register, offset: tokens.slice(0, -3) };
}
