import { type I32, i32, i64 } from '../wasm/expression.js';
import type { FunctionBuilder } from '../wasm/function-builder.js';
import { Arithmetic, type Value } from './arithmetic.js';
import { Entry } from './entry.js';
import { type Form, FormCode, placesOf } from './forms.js';

/** Operands as an entry holds them: addresses of registers, and the immediate. */
export abstract class EntryOperands extends Arithmetic {
  private form: Form | undefined;

  constructor(
    f: FunctionBuilder,
    private readonly entry: I32,
  ) {
    super(f);
  }

  /** From here on the operands are those of an instruction of this form. */
  protected beginInstruction(form: Form): void {
    this.form = form;
    this.releaseLocals();
  }

  get rs1(): Value {
    return i64.load(i32.load(this.entry, Entry.rs1));
  }
  get rs2(): Value {
    return i64.load(i32.load(this.entry, this.place('rs2')));
  }
  get imm(): Value {
    const place = this.place('imm');
    if (place !== Entry.form) return { ...i64.load32S(this.entry, place), role: 'imm' };
    const code = i64.load16U(this.entry, Entry.form);
    return i64.and(i64.shrU(code, i64.const(BigInt(FormCode.orderShift))), i64.const(BigInt(FormCode.orderMask)));
  }
  setRd(value: Value): void {
    this.f.store(i32.load(this.entry, Entry.first), value);
  }

  private place(operand: 'rs2' | 'imm'): number {
    const place = this.form && placesOf(this.form)[operand];
    if (place === undefined) throw new Error(`${this.form?.row.name}: entries do not keep ${operand}`);
    return Entry[place];
  }
}
