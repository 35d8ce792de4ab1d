import { Hart } from '../hart/hart.js';
import { stillEngine } from '../hart/still-engine.js';
import { Privilege } from '../isa/privilege.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import { type ProgramSymbols, type StackFrame, sourceText } from '../symbols/program-symbols.js';
import { HartMemory } from './hart-memory.js';

const X_REGISTERS = 32;
const WORD = 8;

/** Where a hart is, in a kernel's own names. */
export interface HartPlace {
  /** `0x80000abc <panic+0x1a>`, the number alone where nothing is known, or `0x1a4 in user mode`. */
  readonly pc: string;
  /** The kernel's functions that it is in, innermost first: `panic (kernel/printf.c:118)`. None in user mode. */
  readonly stack: readonly string[];
}

/** Of a hart that stands still, or whose machine has ended; what is read while it runs says where it may have been. */
export function placeOfHart(memory: SharedMemory, id: number, symbols: ProgramSymbols): HartPlace {
  const { hart, pc } = look(memory, id);
  const number = `0x${hart.pc.toString(16)}`;
  if (hart.privilege === Privilege.User) return { pc: `${number} in user mode`, stack: [] };
  const name = symbols.nameOfCode(pc);
  const stack = stackOfHart(memory, id, symbols).filter((frame) => frame.function !== undefined);
  return { pc: name === undefined ? number : `${number} <${name}>`, stack: stack.map(describeFrame) };
}

/** The same for the stack alone, innermost first; empty in user mode. */
export function stackOfHart(memory: SharedMemory, id: number, symbols: ProgramSymbols): StackFrame[] {
  const { hart, view, pc } = look(memory, id);
  if (hart.privilege === Privilege.User) return [];
  const registers = Array.from({ length: X_REGISTERS }, (_, i) => hart.getNumber(i));
  const read = (address: number): number | undefined => {
    if (!Number.isSafeInteger(address) || address < 0) return undefined;
    const bytes = Buffer.from(view.read(BigInt(address), WORD));
    return bytes.length === WORD ? Number(bytes.readBigUInt64LE()) : undefined;
  };
  return symbols.stack({ pc, registers }, read);
}

/** `pc`: as the kernel's symbols have it. */
function look(memory: SharedMemory, id: number): { hart: Hart; view: HartMemory; pc: number } {
  const hart = new Hart(id, memory, stillEngine);
  const view = new HartMemory(memory, hart);
  // A kernel runs where it lies but for the pages that it maps elsewhere too, such as xv6's trampoline.
  return { hart, view, pc: view.translate(hart.pc) ?? Number(hart.pc) };
}

function describeFrame(frame: StackFrame): string {
  return `${frame.function}${sourceText(frame.source)}${frame.isInlined ? ', inlined' : ''}`;
}
