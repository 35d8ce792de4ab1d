import type { FrameRules } from './dwarf/frame-rules.js';

/** A hart that stands still. Addresses as doubles, exact below 2^53; what lies above leads nowhere. */
export interface Standing {
  readonly pc: number;
  /** x0 to x31. */
  readonly registers: readonly number[];
}

/** Eight bytes at a virtual address as the hart sees it; undefined where it sees nothing. */
export type ReadStack = (address: number) => number | undefined;

/** What is known of a program's code. */
export interface CodeKnowledge {
  /** Rules of the frame information, where it has any for the instruction. */
  rulesAt(pc: number): FrameRules | undefined;
  /** Bytes from the beginning of the function around the instruction; undefined where there is no code. */
  offsetInFunction(pc: number): number | undefined;
}

const RA = 1;
const SP = 2;
const FP = 8;
const DEEPEST = 64;

/** A place on a stack. */
export interface ReturnPlace {
  readonly pc: number;
  /** Whether the hart returns here: the call stands in front of it. */
  readonly isReturn: boolean;
}

/** The pc and then the return addresses of what called it, innermost first. */
export function walkStack(start: Standing, read: ReadStack, code: CodeKnowledge): ReturnPlace[] {
  const places: ReturnPlace[] = [{ pc: start.pc, isReturn: false }];
  let at: Standing | undefined = start;
  while (places.length < DEEPEST) {
    at = caller(at, places.length > 1, read, code);
    if (at === undefined) return places;
    places.push({ pc: at.pc, isReturn: true });
  }
  return places;
}

/** undefined at the end of the stack: no code there, no memory, or a frame that is not above its callee's. */
function caller(at: Standing, isReturn: boolean, read: ReadStack, code: CodeKnowledge): Standing | undefined {
  // A call may be a function's last instruction, and a return address then belongs to the next function.
  const place = isReturn ? at.pc - 1 : at.pc;
  const offset = code.offsetInFunction(place);
  if (offset === undefined) return undefined;
  const rules = code.rulesAt(place);
  const next =
    rules === undefined ? byFramePointer(at, isReturn ? undefined : offset, read, code) : byRules(at, rules, read);
  if (next === undefined || code.offsetInFunction(next.pc - 1) === undefined) return undefined;
  // A frame ends where its caller's begins. Only the innermost may have none, and only one that returns into another.
  const grows = next.registers[SP]! > at.registers[SP]! || (!isReturn && next.pc !== at.pc);
  return grows ? next : undefined;
}

function byRules(at: Standing, rules: FrameRules, read: ReadStack): Standing | undefined {
  if (rules.lost.has(rules.returnRegister)) return undefined;
  const frame = at.registers[rules.frame.register]! + rules.frame.offset;
  const registers = at.registers.slice();
  registers[SP] = frame;
  for (const [register, offset] of rules.saved) {
    const value = read(frame + offset);
    if (value === undefined) return undefined;
    if (register < registers.length) registers[register] = value;
  }
  const pc = registers[rules.returnRegister];
  return pc === undefined ? undefined : { pc, registers };
}

/**
 * RISC-V psABI, "Frame Pointer Convention": fp is the caller's sp; below it lie ra at -8 and the caller's fp at -16.
 * A function that calls nothing saves only the caller's fp, at -8.
 *
 * @param offset bytes from the beginning of the function, where a frame may not have been made yet; undefined behind a call
 */
function byFramePointer(
  at: Standing,
  offset: number | undefined,
  read: ReadStack,
  code: CodeKnowledge,
): Standing | undefined {
  const registers = at.registers.slice();
  // The first instruction makes the frame: the caller's fp and sp are still in their registers.
  if (offset === 0) return { pc: at.registers[RA]!, registers };
  const fp = at.registers[FP]!;
  const first = read(fp - 8);
  if (first === undefined) return undefined;
  registers[SP] = fp;
  if (code.offsetInFunction(first - 1) === undefined) {
    if (offset === undefined) return undefined;
    registers[FP] = first;
    return { pc: at.registers[RA]!, registers };
  }
  const second = read(fp - 16);
  if (second === undefined) return undefined;
  registers[RA] = first;
  registers[FP] = second;
  return { pc: first, registers };
}
