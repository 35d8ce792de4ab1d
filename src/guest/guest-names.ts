import type { Names } from '../explore/subject.js';
import type { Hart } from '../hart/hart.js';
import { Privilege } from '../isa/privilege.js';
import { KERNBASE, PGSIZE } from '../memory/map.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import { type ProgramSymbols, sourceText } from '../symbols/program-symbols.js';
import type { GuestKernel } from './guest-kernel.js';
import type { GuestTranslation } from './guest-translation.js';

const REGISTERS = 32;
const POINTER = 8;

/** Names of a guest's memory: variables of its kernel by the debug information, and frames by their number. */
export class GuestNames implements Names {
  constructor(private readonly kernel: GuestKernel) {}

  describe(address: number): string {
    if (address < this.kernel.end) return this.kernel.symbols.describeData(address);
    const offset = address % PGSIZE;
    return `frame 0x${(address - offset).toString(16)}${offset === 0 ? '' : `+${offset}`}`;
  }

  /** Which page tables there are is not followed. */
  pageOfEntry(): undefined {
    return undefined;
  }

  look(): void {}
}

/** The functions that a hart is in: `kfree (kernel/kalloc.c:58)`, innermost first. Of programs nothing is known. */
export function guestStack(hart: Hart, symbols: ProgramSymbols, translation: GuestTranslation): string[] {
  const pc = Number(hart.pc);
  if (hart.privilege === Privilege.User) return [`user code (0x${pc.toString(16)})`];
  const registers = Array.from({ length: REGISTERS }, (_, i) => hart.getNumber(i));
  const frames = symbols.stack({ pc, registers }, (va) => load(hart.memory, va, translation));
  return frames.map(({ pc: at, function: name, source }) => {
    const where = source === undefined ? ` (0x${at.toString(16)})` : sourceText(source);
    return `${name ?? '?'}${where}`;
  });
}

function load({ ram, map }: SharedMemory, va: number, translation: GuestTranslation): number | undefined {
  if (!Number.isSafeInteger(va) || va % POINTER !== 0 || va <= 0) return undefined;
  const pa = translation.translate(va, false)?.pa;
  return pa === undefined || pa < KERNBASE || pa >= map.physTop ? undefined : ram.load64(pa);
}
