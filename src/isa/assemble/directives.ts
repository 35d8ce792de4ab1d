import type { Assembly } from './assembly.js';
import { AssemblyError } from './assembly-error.js';
import { Alignment, Bytes, Datum, Space } from './fragment.js';
import { stringBytes, type Token, textOf } from './scan.js';

type Directive = (assembly: Assembly, operands: readonly (readonly Token[])[], name: string) => void;

const LARGEST_ALIGNMENT = 1n << 30n;

const data =
  (bytes: number): Directive =>
  (assembly, operands) => {
    for (const operand of operands) assembly.append(new Datum(assembly.line, bytes, assembly.parse(operand)));
  };

const text =
  (terminated: boolean): Directive =>
  (assembly, operands, name) => {
    for (const [token, ...rest] of operands) {
      if (token?.kind !== 'string' || rest.length > 0) throw assembly.error(`${name} takes strings in double quotes`);
      const bytes = stringBytes(token);
      assembly.append(new Bytes(assembly.line, terminated ? Uint8Array.of(...bytes, 0) : bytes));
    }
  };

const space: Directive = (assembly, operands, name) => {
  const [count, fill] = operands;
  if (count === undefined || operands.length > 2)
    throw assembly.error(`write \`${name} bytes\` or \`${name} bytes,fill\``);
  const value = fill === undefined ? 0n : assembly.constant(fill);
  assembly.append(new Space(assembly.line, assembly.parse(count), Number(value & 0xffn)));
};

/** `power`: the operand is the logarithm to base 2 of the alignment. */
const align =
  (power: boolean): Directive =>
  (assembly, operands, name) => {
    const [amount, fill] = operands;
    if (amount === undefined || operands.length > 2)
      throw assembly.error(`write \`${name} amount\` or \`${name} amount,fill\``);
    const value = assembly.constant(amount);
    const alignment = power ? 1n << BigInt.asUintN(6, value) : value;
    if (value < 0n || alignment < 1n || alignment > LARGEST_ALIGNMENT || (alignment & (alignment - 1n)) !== 0n) {
      throw assembly.error(power ? `${name} takes a power of two from 0 to 30` : `${name} takes 1, 2, 4, 8 …`);
    }
    const { section } = assembly;
    section.alignment = Math.max(section.alignment, Number(alignment));
    const padding = fill === undefined || fill.length === 0 ? undefined : Number(assembly.constant(fill) & 0xffn);
    assembly.append(new Alignment(assembly.line, Number(alignment), padding ?? (isCode(section.name) ? 'nops' : 0)));
  };

const isCode = (section: string): boolean => section.startsWith('.text');

/** `.data`, `.text`; `.section` names the section in its first operand, and its flags change nothing here. */
const section: Directive = (assembly, operands, name) => {
  const [named] = operands;
  const wanted = name === '.section' ? textOf(named ?? []).replace(/^"(.*)"$/, '$1') : name;
  if (wanted === '') throw assembly.error('write `.section name`');
  assembly.openSection(wanted);
};

const constant: Directive = (assembly, operands, name) => {
  const [target, value] = operands;
  const [token] = target ?? [];
  if (token?.kind !== 'name' || target?.length !== 1 || value === undefined || operands.length !== 2) {
    throw assembly.error(`write \`${name} symbol,value\``);
  }
  assembly.defineConstant(token.text, assembly.parse(value));
};

/** Directives for linkers and debuggers, and `.option`: nothing is compressed or relaxed here unless the source says so. */
const ignored: Directive = () => undefined;

const directives: Readonly<Record<string, Directive>> = {
  '.byte': data(1),
  '.half': data(2),
  '.short': data(2),
  '.2byte': data(2),
  '.word': data(4),
  '.long': data(4),
  '.4byte': data(4),
  '.dword': data(8),
  '.quad': data(8),
  '.8byte': data(8),
  '.ascii': text(false),
  '.asciz': text(true),
  '.string': text(true),
  '.zero': space,
  '.space': space,
  '.skip': space,
  '.align': align(true),
  '.p2align': align(true),
  '.balign': align(false),
  '.text': section,
  '.data': section,
  '.bss': section,
  '.section': section,
  '.equ': constant,
  '.set': constant,
  '.globl': ignored,
  '.global': ignored,
  '.local': ignored,
  '.weak': ignored,
  '.type': ignored,
  '.size': ignored,
  '.file': ignored,
  '.ident': ignored,
  '.attribute': ignored,
  '.option': ignored,
};

/** Carries out a directive. Throws an AssemblyError that lists the known ones when this is none. */
export function runDirective(assembly: Assembly, name: string, operands: readonly (readonly Token[])[]): void {
  const directive = Object.hasOwn(directives, name) ? directives[name] : undefined;
  if (directive === undefined) {
    throw new AssemblyError(assembly.line, `${name} is not known; there are ${Object.keys(directives).join(' ')}`);
  }
  directive(assembly, operands, name);
}
