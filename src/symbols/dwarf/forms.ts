import { Form } from './constants.js';
import { type Cursor, damaged } from './cursor.js';
import type { UnitFormat } from './unit.js';

const FIXED: ReadonlyMap<number, number> = new Map([
  [Form.data1, 1],
  [Form.data2, 2],
  [Form.data4, 4],
  [Form.data8, 8],
  [Form.data16, 16],
  [Form.flag, 1],
  [Form.flagPresent, 0],
  [Form.implicitConst, 0],
  [Form.ref1, 1],
  [Form.ref2, 2],
  [Form.ref4, 4],
  [Form.ref8, 8],
  [Form.refSig8, 8],
  [Form.refSup4, 4],
  [Form.refSup8, 8],
  [Form.strx1, 1],
  [Form.strx2, 2],
  [Form.strx3, 3],
  [Form.strx4, 4],
  [Form.addrx1, 1],
  [Form.addrx2, 2],
  [Form.addrx3, 3],
  [Form.addrx4, 4],
]);
const OFFSETS: ReadonlySet<number> = new Set([Form.strp, Form.secOffset, Form.lineStrp, Form.strpSup]);

/** Bytes of a value; undefined where they depend on the value. */
export function fixedSize(form: number, format: UnitFormat): number | undefined {
  if (form === Form.addr) return format.addressSize;
  // DWARF 2 has it as long as an address (DWARF 3, §1.5.1).
  if (form === Form.refAddr) return format.version <= 2 ? format.addressSize : format.offsetSize;
  return OFFSETS.has(form) ? format.offsetSize : FIXED.get(form);
}

/** Goes past a value. */
export function skipForm(cursor: Cursor, form: number, format: UnitFormat): void {
  const size = fixedSize(form, format);
  if (size !== undefined) cursor.skip(size);
  else if (form === Form.string) cursor.skipText();
  else if (isBlock(form)) readBlock(cursor, form);
  else if (form === Form.indirect) skipForm(cursor, directForm(cursor), format);
  else readVariable(cursor, form);
}

/**
 * A number: of a constant, an address, an offset, an index; of text and blocks, which stay where they are, the offset at which they stand.
 * The form is never `indirect`.
 */
export function readRaw(cursor: Cursor, form: number, format: UnitFormat, implicit: number): number {
  if (form === Form.implicitConst) return implicit;
  if (form === Form.flagPresent) return 1;
  if (form === Form.string || form === Form.data16 || isBlock(form)) {
    const start = cursor.at;
    skipForm(cursor, form, format);
    return start;
  }
  const size = fixedSize(form, format);
  if (size === undefined) return readVariable(cursor, form);
  return size === 3 ? cursor.u24() : cursor.unsigned(size);
}

export function isBlock(form: number): boolean {
  return (
    form === Form.exprloc || form === Form.block || form === Form.block1 || form === Form.block2 || form === Form.block4
  );
}

/** The bytes of a block; the cursor goes on behind them. */
export function readBlock(cursor: Cursor, form: number): Cursor {
  if (form === Form.block1) return cursor.take(cursor.u8());
  if (form === Form.block2) return cursor.take(cursor.u16());
  if (form === Form.block4) return cursor.take(cursor.u32());
  return cursor.take(cursor.uleb());
}

/** The form that stands in the entry itself. */
export function directForm(cursor: Cursor): number {
  const form = cursor.uleb();
  // A chain of them, or a value that would stand in the abbreviation, is nothing that a compiler writes.
  if (form === Form.indirect || form === Form.implicitConst)
    throw damaged(cursor.section, `an indirect form ${form} at byte ${cursor.at}`);
  return form;
}

function readVariable(cursor: Cursor, form: number): number {
  switch (form) {
    case Form.sdata:
      return cursor.sleb();
    case Form.udata:
    case Form.refUdata:
    case Form.strx:
    case Form.addrx:
    case Form.loclistx:
    case Form.rnglistx:
      return cursor.uleb();
    default:
      throw damaged(cursor.section, `unknown form 0x${form.toString(16)} before byte ${cursor.at}`);
  }
}
