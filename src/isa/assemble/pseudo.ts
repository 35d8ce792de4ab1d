import { rowNamed, rows } from '../rows.js';
import { AssemblyError } from './assembly-error.js';
import { splitMemory } from './forms.js';
import { loadImmediate } from './load-immediate.js';
import { type Token, textOf } from './scan.js';

/** What an expansion may ask of the assembly it stands in. */
export interface Surroundings {
  readonly line: number;
  /** A label that no source can name. */
  freshLabel(): string;
  /** The value of an operand that must not depend on an address. */
  constant(tokens: readonly Token[]): bigint;
}

/** Source text of the instructions that a pseudo-instruction stands for. */
type Expansion = (operands: readonly string[], around: Surroundings) => string[];

/** The address of `symbol` relative to pc: the upper part to `register`, then `last`, which is given the lower part. */
function relative(around: Surroundings, register: string, symbol: string, last: (low: string) => string): string[] {
  const label = around.freshLabel();
  return [`${label}: auipc ${register},%pcrel_hi(${symbol})`, last(`%pcrel_lo(${label})`)];
}

const loadAddress: Expansion = ([rd = '', symbol = ''], around) =>
  relative(around, rd, symbol, (low) => `addi ${rd},${rd},${low}`);

/** Sign- or zero-extension by two shifts from the top. */
const extend =
  (right: 'srli' | 'srai', bits: number): Expansion =>
  ([rd, rs]) => [`slli ${rd},${rs},${64 - bits}`, `${right} ${rd},${rd},${64 - bits}`];

/** Pseudo-instructions that are always several, and how many operands each takes. */
const expansions: Readonly<Record<string, { readonly operands: number; readonly expand: Expansion }>> = {
  la: { operands: 2, expand: loadAddress },
  lla: { operands: 2, expand: loadAddress },
  call: {
    operands: 1,
    expand: ([symbol = ''], around) => relative(around, 'ra', symbol, (low) => `jalr ra,${low}(ra)`),
  },
  tail: {
    operands: 1,
    expand: ([symbol = ''], around) => relative(around, 't1', symbol, (low) => `jalr zero,${low}(t1)`),
  },
  'sext.b': { operands: 2, expand: extend('srai', 8) },
  'sext.h': { operands: 2, expand: extend('srai', 16) },
  'zext.h': { operands: 2, expand: extend('srli', 16) },
  'zext.w': { operands: 2, expand: extend('srli', 32) },
};

/** Signed or unsigned, as long as 64 bits hold it. */
function wide(tokens: readonly Token[], around: Surroundings): bigint {
  const value = around.constant(tokens);
  if (value < -(1n << 63n) || value >= 1n << 64n)
    throw new AssemblyError(around.line, `${value} needs more than 64 bits`);
  return value;
}

const OPCODE = 0x7f;
const namesWithOpcodeOf = (example: string): ReadonlySet<string> =>
  new Set(
    rows
      .filter((row) => row.size === 4 && ((row.match ^ rowNamed(example).match) & OPCODE) === 0)
      .map((row) => row.name),
  );
const loads = namesWithOpcodeOf('lw');
const stores = namesWithOpcodeOf('sw');

/** The instructions that the statement stands for; undefined when it is no pseudo-instruction of several. */
export function expandPseudo(
  mnemonic: string,
  operands: readonly Token[][],
  around: Surroundings,
): string[] | undefined {
  const texts = operands.map(textOf);
  const [first = [], second = []] = operands;
  const [register = '', symbol = '', temporary = ''] = texts;
  if (mnemonic === 'li' && operands.length === 2) return loadImmediate(textOf(first), wide(second, around));
  if (loads.has(mnemonic) && operands.length === 2 && splitMemory(second) === undefined) {
    return relative(around, register, symbol, (low) => `${mnemonic} ${register},${low}(${register})`);
  }
  if (stores.has(mnemonic) && operands.length === 3) {
    return relative(around, temporary, symbol, (low) => `${mnemonic} ${register},${low}(${temporary})`);
  }
  const expansion = Object.hasOwn(expansions, mnemonic) ? expansions[mnemonic] : undefined;
  if (expansion === undefined) return undefined;
  if (operands.length !== expansion.operands) {
    const count = `${expansion.operands} operand${expansion.operands === 1 ? '' : 's'}`;
    throw new AssemblyError(around.line, `${mnemonic} takes ${count}, not ${operands.length}`);
  }
  return expansion.expand(texts, around);
}
