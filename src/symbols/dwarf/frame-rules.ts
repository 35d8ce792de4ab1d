import { type Cursor, damaged } from './cursor.js';
import type { FrameDescription } from './frame-entries.js';

/** Where the caller's registers are, as long as one stands at a certain instruction (DWARF 5, §6.4). */
export interface FrameRules {
  /** The canonical frame address, which is the caller's stack pointer: a register and a distance from it. */
  readonly frame: { readonly register: number; readonly offset: number };
  /** Registers that lie in memory: bytes from the frame address, by register. */
  readonly saved: ReadonlyMap<number, number>;
  /** Registers whose value in the caller nobody knows. */
  readonly lost: ReadonlySet<number>;
  readonly returnRegister: number;
}

/** DW_CFA (DWARF 5, §7.24): three have their operand in the lower bits of the opcode. */
const Primary = { advance: 0x40, offset: 0x80, restore: 0xc0 } as const;
const Opcode = {
  nop: 0x00,
  setLocation: 0x01,
  advance1: 0x02,
  advance2: 0x03,
  advance4: 0x04,
  offsetExtended: 0x05,
  restoreExtended: 0x06,
  undefined: 0x07,
  sameValue: 0x08,
  rememberState: 0x0a,
  restoreState: 0x0b,
  defineFrame: 0x0c,
  defineFrameRegister: 0x0d,
  defineFrameOffset: 0x0e,
  offsetExtendedSigned: 0x11,
  defineFrameSigned: 0x12,
  defineFrameOffsetSigned: 0x13,
} as const;

interface State {
  register: number;
  offset: number;
  saved: Map<number, number>;
  lost: Set<number>;
}

/** The rules at `pc`, which lies in the function; undefined where they are of a kind that compilers for RISC-V do not write. */
export function rulesAt(description: FrameDescription, pc: number): FrameRules | undefined {
  const { common, low } = description;
  const machine = new FrameMachine(description);
  if (!machine.run(copy(common.instructions), low, Number.POSITIVE_INFINITY)) return undefined;
  machine.rememberInitial();
  if (!machine.run(copy(description.instructions), low, pc)) return undefined;
  const { register, offset, saved, lost } = machine.state;
  return { frame: { register, offset }, saved, lost, returnRegister: common.returnRegister };
}

function copy(cursor: Cursor): Cursor {
  const { at, left } = cursor;
  const whole = cursor.take(left);
  cursor.at = at;
  return whole;
}

class FrameMachine {
  state: State = { register: 0, offset: 0, saved: new Map(), lost: new Set() };
  private initial: State = this.state;
  private readonly remembered: State[] = [];

  constructor(private readonly description: FrameDescription) {}

  /** The rules with which every function of the compilation begins. */
  rememberInitial(): void {
    this.initial = clone(this.state);
  }

  /** Carries out what applies at `pc` and before; false when something is not understood. */
  run(instructions: Cursor, low: number, pc: number): boolean {
    const { codeFactor } = this.description.common;
    let location = low;
    while (instructions.left > 0) {
      const opcode = instructions.u8();
      const next = advance(instructions, opcode);
      if (next !== undefined) {
        location = opcode === Opcode.setLocation ? next : location + next * codeFactor;
        if (location > pc) return true;
      } else if (!this.step(instructions, opcode)) return false;
    }
    return true;
  }

  private step(instructions: Cursor, opcode: number): boolean {
    const { dataFactor } = this.description.common;
    const { state } = this;
    const low = opcode & 0x3f;
    if ((opcode & 0xc0) === Primary.offset) this.save(low, instructions.uleb() * dataFactor);
    else if ((opcode & 0xc0) === Primary.restore) this.restore(low);
    else
      switch (opcode) {
        case Opcode.nop:
          break;
        case Opcode.offsetExtended:
          this.save(instructions.uleb(), instructions.uleb() * dataFactor);
          break;
        case Opcode.offsetExtendedSigned:
          this.save(instructions.uleb(), instructions.sleb() * dataFactor);
          break;
        case Opcode.restoreExtended:
          this.restore(instructions.uleb());
          break;
        case Opcode.undefined:
          this.lose(instructions.uleb());
          break;
        case Opcode.sameValue: {
          const register = instructions.uleb();
          state.saved.delete(register);
          state.lost.delete(register);
          break;
        }
        case Opcode.rememberState:
          this.remembered.push(clone(state));
          break;
        case Opcode.restoreState:
          this.recall(instructions);
          break;
        case Opcode.defineFrame:
          state.register = instructions.uleb();
          state.offset = instructions.uleb();
          break;
        case Opcode.defineFrameSigned:
          state.register = instructions.uleb();
          state.offset = instructions.sleb() * dataFactor;
          break;
        case Opcode.defineFrameRegister:
          state.register = instructions.uleb();
          break;
        case Opcode.defineFrameOffset:
          state.offset = instructions.uleb();
          break;
        case Opcode.defineFrameOffsetSigned:
          state.offset = instructions.sleb() * dataFactor;
          break;
        default:
          // Expressions, and what belongs to other machines.
          return false;
      }
    return true;
  }

  private save(register: number, offset: number): void {
    this.state.saved.set(register, offset);
    this.state.lost.delete(register);
  }
  private lose(register: number): void {
    this.state.saved.delete(register);
    this.state.lost.add(register);
  }
  private restore(register: number): void {
    const offset = this.initial.saved.get(register);
    if (offset !== undefined) this.save(register, offset);
    else if (this.initial.lost.has(register)) this.lose(register);
    else {
      this.state.saved.delete(register);
      this.state.lost.delete(register);
    }
  }
  private recall(instructions: Cursor): void {
    const state = this.remembered.pop();
    if (state === undefined) throw damaged(instructions.section, `nothing to restore before byte ${instructions.at}`);
    this.state = state;
  }
}

function clone({ register, offset, saved, lost }: State): State {
  return { register, offset, saved: new Map(saved), lost: new Set(lost) };
}

/** How far the opcode goes on, in units of the code factor, or to which address; undefined for one that does not. */
function advance(instructions: Cursor, opcode: number): number | undefined {
  if ((opcode & 0xc0) === Primary.advance) return opcode & 0x3f;
  if (opcode === Opcode.advance1) return instructions.u8();
  if (opcode === Opcode.advance2) return instructions.u16();
  if (opcode === Opcode.advance4) return instructions.u32();
  return opcode === Opcode.setLocation ? instructions.u64() : undefined;
}
