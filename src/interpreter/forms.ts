import { layouts } from '../isa/formats.js';
import type { Row } from '../isa/row.js';
import { baseOf, meaningOf, rows } from '../isa/rows.js';
import type { Meaning } from '../isa/vocabulary.js';
import { type Traits, traitsOf } from './probe.js';

export type InstructionSize = Row['size'];

/** A row with a meaning: what the single step can do. Compressed rows are the form of the row they expand to. */
export interface Form {
  readonly row: Row;
  readonly index: number;
  readonly meaning: Meaning;
  readonly traits: Traits;
}

export const forms: readonly Form[] = rows
  .filter((row) => row.expandsTo === undefined)
  .map((row, index) => ({ row, index, meaning: meaningOf(row), traits: traitsOf(meaningOf(row)) }));

/** Numbers after the last form: an encoding that is no instruction, and one that goes on in the next page. */
export const ILLEGAL_FORM = forms.length;
export const STRADDLING_FORM = forms.length + 1;

const formsByName = new Map(forms.map((form) => [form.row.name, form]));

export function formOf(row: Row): Form {
  const form = formsByName.get(baseOf(row).name);
  if (form === undefined) throw new Error(`${row.name} is no form`);
  return form;
}

/** An entry's `form`: from bit 0 up the size of the instruction (1: two bytes), aq and rl of an amo or sc, and the form's index. */
export const FormCode = { orderShift: 1, orderMask: 0b11, indexShift: 3 } as const;
export const formCode = (index: number, size: InstructionSize, order = 0): number =>
  (index << FormCode.indexShift) | (order << FormCode.orderShift) | (size === 2 ? 1 : 0);

/** Where an entry keeps an operand. */
export type Place = 'first' | 'rs1' | 'last' | 'form';
export interface Places {
  readonly rd?: Place;
  readonly rs2?: Place;
  readonly imm?: Place;
}

/** rd and rs2 share a place where only one exists; an immediate beside both, aq and rl, is kept with the form. */
export function placesOf(form: Form): Places {
  const { rd, rs2, imm } = layouts[form.row.format];
  const second: Place = rd === undefined ? 'first' : 'last';
  const keepsImmediate = imm !== undefined && !form.traits.needsEncoding;
  return {
    ...(rd === undefined ? {} : { rd: 'first' }),
    ...(rs2 === undefined || form.traits.needsEncoding ? {} : { rs2: second }),
    ...(keepsImmediate ? { imm: rs2 !== undefined && second === 'last' ? 'form' : 'last' } : {}),
  };
}

/** Handlers of the fast loop that belong to no form. */
export const Handler = {
  /** The parcel has not been decoded. */
  Undecoded: 0,
  /** The page ends here. */
  EndOfPage: 1,
  /** The single step does it. */
  SingleStep: 2,
} as const;
const FIRST_HANDLER = 3;

/** A specialised piece of the fast loop. */
export interface Variant {
  readonly form: Form;
  readonly size: InstructionSize;
  /** The target is in the same page, and the entry keeps the distance to its entry. */
  readonly near: boolean;
  /** rd is x0: nothing is written. */
  readonly discards: boolean;
}

const bothWays = (wanted: boolean): boolean[] => (wanted ? [false, true] : [false]);

const compressedForms = new Set(rows.filter((row) => row.size === 2).map((row) => formOf(row)));

/** Variant i is handler number FIRST_HANDLER + i. */
export const variants: readonly Variant[] = forms
  .filter((form) => form.traits.fast)
  .flatMap((form) =>
    (compressedForms.has(form) ? ([4, 2] as const) : ([4] as const)).flatMap((size) =>
      bothWays(form.traits.relative).flatMap((near) =>
        bothWays(form.traits.links).map((discards) => ({ form, size, near, discards })),
      ),
    ),
  );

const key = ({ form, size, near, discards }: Variant): string => `${form.index}/${size}/${near}/${discards}`;
const handlerNumbers = new Map(variants.map((variant, i) => [key(variant), FIRST_HANDLER + i]));

/** Handler number FIRST_REGION + i: the translated region number i begins here. */
export const FIRST_REGION = FIRST_HANDLER + variants.length;
/** Handlers have 16 bits. */
export const MOST_REGIONS = 0x1_0000 - FIRST_REGION;

export function handlerOf(variant: Variant): number {
  return handlerNumbers.get(key(variant)) ?? Handler.SingleStep;
}
