import { type ImmediateField, layouts, type RegisterField } from '../isa/formats.js';
import type { Row } from '../isa/row.js';
import { rows } from '../isa/rows.js';
import { PAGE_SIZE } from '../isa/sv39.js';
import { hartBlock, REGISTER_SINK } from '../memory/map.js';
import { type I32, i32, select } from '../wasm/expression.js';
import type { Callee, FunctionBuilder } from '../wasm/function-builder.js';
import type { ModuleBuilder } from '../wasm/module-builder.js';
import { Entry, SLOT_BYTES, toEntryDistance } from './entry.js';
import { FormCode, formCode, formOf, Handler, handlerOf, ILLEGAL_FORM, placesOf, STRADDLING_FORM } from './forms.js';

const REGISTER_SIZE = hartBlock.fields.x.stride;
const REGISTERS = hartBlock.fields.x.offset;
const LENGTH_MASK = 0b11;
const HALF_SHIFT = 16;

/** `entry` is the address of the entry to write. */
const wordParameters = { hart: 'i32', entry: 'i32', word: 'i32', offset: 'i32' } as const;
/** Decodes one encoding; `offset`: of the instruction in its page, or `NO_PAGE` where it crosses into the next one. */
export type DecodeWord = Callee<typeof wordParameters, undefined>;

/** No distance from here leads into a page. */
export const NO_PAGE = 1 << 30;

const parcelParameters = { hart: 'i32', entry: 'i32', offset: 'i32' } as const;
/** Decodes the instruction at `offset` of the page whose slot `entry` lies in. Exported as `decode_parcel`. */
export type DecodeParcel = Callee<typeof parcelParameters, undefined>;

/** The entry's handler and form, in one 32-bit store. */
const head = (handler: number, form: number): number => handler | (form << HALF_SHIFT);

export function buildDecodeParcel(module: ModuleBuilder, decodeWord: DecodeWord): DecodeParcel {
  const f = module.exportedFunction('decode_parcel', parcelParameters);
  const { hart, entry, offset } = f.params;
  const slot = i32.sub(entry, toEntryDistance(offset));
  const at = f.let('at', i32.add(i32.add(slot, i32.const(SLOT_BYTES)), offset));
  const parcel = f.let('parcel', i32.load16U(at));
  f.if(i32.ne(i32.and(parcel, i32.const(LENGTH_MASK)), i32.const(LENGTH_MASK)), () => {
    f.run(decodeWord, { hart, entry, word: parcel, offset });
    f.return();
  });
  f.if(i32.eq(offset, i32.const(PAGE_SIZE - 2)), () => {
    f.store(entry, i32.const(head(Handler.SingleStep, formCode(STRADDLING_FORM, 4))), Entry.handler);
    f.return();
  });
  f.run(decodeWord, { hart, entry, word: i32.load(at), offset });
  return f;
}

/** A decision by the bits that say most, then row by row. */
export function buildDecodeWord(module: ModuleBuilder): DecodeWord {
  const f = module.function('decode_word', wordParameters);
  const { word, entry } = f.params;
  const illegal = (): void => {
    const size = i32.eq(i32.and(word, i32.const(LENGTH_MASK)), i32.const(LENGTH_MASK));
    const wide = head(Handler.SingleStep, formCode(ILLEGAL_FORM, 4));
    const narrow = head(Handler.SingleStep, formCode(ILLEGAL_FORM, 2));
    f.store(entry, select(i32.const(wide), i32.const(narrow), size), Entry.handler);
    f.store(entry, word, Entry.last);
  };
  const groups = (size: Row['size'], shift: number, width: number): void => {
    const cases = Array.from({ length: 1 << width }, (_, bits) => () => {
      for (const row of rows.filter((r) => r.size === size && mayHave(r, bits << shift, ((1 << width) - 1) << shift)))
        f.if(belongs(row, word), () => {
          writeEntry(f, row);
          f.return();
        });
    });
    f.switch(i32.and(i32.shrU(word, i32.const(shift)), i32.const((1 << width) - 1)), cases, () => f.unreachable());
  };
  f.if(
    i32.eq(i32.and(word, i32.const(LENGTH_MASK)), i32.const(LENGTH_MASK)),
    // The opcode; for 16-bit encodings, funct3.
    () => groups(4, 2, 5),
    () => groups(2, 13, 3),
  );
  illegal();
  return f;
}

function mayHave(row: Row, bits: number, mask: number): boolean {
  return (row.match & mask) === (bits & row.mask & mask);
}

function belongs(row: Row, word: I32): I32 {
  const matches = i32.eq(i32.and(word, i32.const(row.mask)), i32.const(row.match));
  return row.legal.reduce((condition, { operand, not }) => {
    const layout = layouts[row.format];
    const value = operand === 'imm' ? immediate(layout.imm, word) : register(layout[operand], word);
    return i32.and(condition, i32.ne(value, i32.const(not)));
  }, matches);
}

function writeEntry(f: FunctionBuilder<typeof wordParameters, undefined>, row: Row): void {
  const { hart, entry, word, offset } = f.params;
  const layout = layouts[row.format];
  const form = formOf(row);
  const { rd, rs2, imm } = placesOf(form);
  const { relative, links, needsEncoding } = form.traits;

  const variant = (near: boolean, discards: boolean): number =>
    head(handlerOf({ form, size: row.size, near, discards }), formCode(form.index, row.size));
  const discarding = (near: boolean): I32 =>
    links
      ? select(i32.const(variant(near, false)), i32.const(variant(near, true)), register(layout.rd, word))
      : i32.const(variant(near, false));

  if (rd !== undefined) f.store(entry, destination(hart, register(layout.rd, word)), Entry[rd]);
  if (form.row.format !== 'none') f.store(entry, source(hart, register(layout.rs1, word)), Entry.rs1);
  if (rs2 !== undefined) f.store(entry, source(hart, register(layout.rs2, word)), Entry[rs2]);
  if (needsEncoding) f.store(entry, word, Entry.last);
  if (imm === undefined) {
    f.store(entry, discarding(false), Entry.handler);
    return;
  }
  if (imm === 'form') {
    const order = i32.shl(immediate(layout.imm, word), i32.const(HALF_SHIFT + FormCode.orderShift));
    f.store(entry, i32.or(discarding(false), order), Entry.handler);
    return;
  }
  const value = f.let('imm', immediate(layout.imm, word));
  f.store(entry, value, Entry[imm]);
  f.store(entry, discarding(false), Entry.handler);
  if (relative)
    f.if(i32.ltU(i32.add(offset, value), i32.const(PAGE_SIZE)), () => {
      f.store(entry, toEntryDistance(value), Entry[imm]);
      f.store(entry, discarding(true), Entry.handler);
    });
}

const lowBits = (width: number): number => (1 << width) - 1;

/** The register's number. */
function register(field: RegisterField | undefined, word: I32): I32 {
  if (field === undefined) return i32.const(0);
  if (field.width === 0) return i32.const(field.add);
  const bits = i32.and(i32.shrU(word, i32.const(field.lo)), i32.const(lowBits(field.width)));
  return i32.add(bits, i32.const(field.add));
}

function immediate(field: ImmediateField | undefined, word: I32): I32 {
  const value = (field?.pieces ?? []).reduce((sum, { lo, width, shift }) => {
    const bits = i32.and(i32.shrU(word, i32.const(lo)), i32.const(lowBits(width)));
    return i32.or(sum, i32.shl(bits, i32.const(shift)));
  }, i32.const(0));
  if (!field?.signed) return value;
  const unused = i32.const(32 - field.bits);
  return i32.shrS(i32.shl(value, unused), unused);
}

function source(hart: I32, number: I32): I32 {
  return i32.add(hart, i32.add(i32.const(REGISTERS), i32.mul(number, i32.const(REGISTER_SIZE))));
}
function destination(hart: I32, number: I32): I32 {
  return source(hart, select(number, i32.const(REGISTER_SINK), number));
}
