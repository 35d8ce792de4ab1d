import { Assembly } from './assemble/assembly.js';
import { runDirective } from './assemble/directives.js';
import { formsOf, readInstruction } from './assemble/forms.js';
import { InstructionFragment } from './assemble/instruction-fragment.js';
import { emit, layOut } from './assemble/layout.js';
import { expandPseudo } from './assemble/pseudo.js';
import { scan, splitOperands, type Token, textOf } from './assemble/scan.js';

export { AssemblyError } from './assemble/assembly-error.js';

export interface AssembleOptions {
  /** Address of the first byte; default 0. */
  readonly origin?: bigint | number;
}

export interface Program {
  /** From `origin` to the end of the last section, gaps filled with zeros. */
  readonly bytes: Uint8Array;
  readonly origin: bigint;
  /** Addresses of labels and values of constants; not numeric labels, nor names that begin with `.L`. */
  readonly symbols: ReadonlyMap<string, bigint>;
  /** In memory order. */
  readonly sections: readonly { readonly name: string; readonly address: bigint; readonly size: number }[];
}

/**
 * Assembles RISC-V source in the GNU assembler's syntax: instructions, the usual pseudo-instructions, labels, sections and
 * data directives (`assemble/directives.ts` lists them). A branch that does not reach becomes the opposite branch around a
 * jump; nothing is compressed unless it is written `c.…`. Throws an AssemblyError with the line and what to change.
 */
export function assemble(source: string, options: AssembleOptions = {}): Program {
  const origin = BigInt(options.origin ?? 0);
  const assembly = new Assembly();
  for (const { line, tokens } of scan(source)) {
    assembly.line = line;
    addStatement(assembly, tokens);
  }
  layOut(assembly, origin);
  return {
    bytes: emit(assembly, origin),
    origin,
    symbols: assembly.symbols(),
    sections: [...assembly.sections.values()].map(({ name, start, end }) => ({
      name,
      address: start,
      size: Number(end - start),
    })),
  };
}

function addStatement(assembly: Assembly, tokens: readonly Token[]): void {
  const [first, second] = tokens;
  if (first === undefined) return;
  if (second?.text === ':' && (first.kind === 'name' || first.kind === 'number')) {
    assembly.defineLabel(first.text);
    addStatement(assembly, tokens.slice(2));
  } else if (second?.text === '=' && first.kind === 'name') {
    runDirective(assembly, '.set', [[first], tokens.slice(2)]);
  } else if (first.kind !== 'name') {
    throw assembly.error(`\`${textOf(tokens)}\` begins with neither a label nor an instruction`);
  } else if (first.text.startsWith('.')) {
    runDirective(assembly, first.text, splitOperands(tokens.slice(1)));
  } else {
    addInstruction(assembly, first.text, splitOperands(tokens.slice(1)));
  }
}

function addInstruction(assembly: Assembly, mnemonic: string, operands: readonly Token[][]): void {
  const expansion = expandPseudo(mnemonic, operands, assembly);
  if (expansion !== undefined) {
    for (const { tokens } of scan(expansion.join('\n'))) addStatement(assembly, tokens);
    return;
  }
  if (formsOf(mnemonic).length === 0) throw assembly.error(`there is no instruction ${mnemonic}`);
  assembly.append(new InstructionFragment(assembly.line, readInstruction(mnemonic, operands, assembly)));
}
