import { Attribute } from './constants.js';
import { damaged } from './cursor.js';
import type { Entry } from './entry.js';
import type { Unit } from './unit.js';

/** Addresses from `low` on, below `high`. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** DW_RLE: kinds of an entry in .debug_rnglists (DWARF 5, §7.25). */
const Kind = {
  endOfList: 0,
  baseAddressx: 1,
  startxEndx: 2,
  startxLength: 3,
  offsetPair: 4,
  baseAddress: 5,
  startEnd: 6,
  startLength: 7,
} as const;

/** Where an entry's code lies; empty when it has none. */
export function rangesOf(entry: Entry): Range[] {
  const { unit } = entry;
  const list = entry.number(Attribute.ranges);
  if (list !== undefined) {
    if (unit.header.version < 5) return readRanges(unit, list);
    return readRangeList(unit, entry.isListIndex(Attribute.ranges) ? listOffset(unit, list) : list);
  }
  const low = entry.address(Attribute.lowPc);
  if (low === undefined) return [];
  // From DWARF 4 on the end may be a length.
  const length = entry.number(Attribute.highPc);
  const high = entry.address(Attribute.highPc) ?? (length === undefined ? undefined : low + length);
  return high === undefined || high <= low ? [] : [{ low, high }];
}

function listOffset(unit: Unit, index: number): number {
  const { offsetSize } = unit.header;
  const base = unit.root.number(Attribute.rangeListsBase) ?? (offsetSize === 8 ? 20 : 12);
  return base + unit.sections.at('.debug_rnglists', base + index * offsetSize).unsigned(offsetSize);
}

/** .debug_ranges (DWARF 4, §2.17.3). */
function readRanges(unit: Unit, offset: number): Range[] {
  const { addressSize } = unit.header;
  const largest = addressSize === 8 ? 2 ** 64 : 2 ** 32 - 1;
  const cursor = unit.sections.at('.debug_ranges', offset);
  const ranges: Range[] = [];
  let base = unit.root.address(Attribute.lowPc) ?? 0;
  for (;;) {
    const low = cursor.unsigned(addressSize);
    const high = cursor.unsigned(addressSize);
    if (low === 0 && high === 0) return ranges;
    if (low >= largest) base = high;
    else if (high > low) ranges.push({ low: base + low, high: base + high });
  }
}

function readRangeList(unit: Unit, offset: number): Range[] {
  const { addressSize } = unit.header;
  const cursor = unit.sections.at('.debug_rnglists', offset);
  const ranges: Range[] = [];
  const add = (low: number, high: number) => {
    if (high > low) ranges.push({ low, high });
  };
  let base = unit.root.address(Attribute.lowPc) ?? 0;
  for (;;) {
    const kind = cursor.u8();
    switch (kind) {
      case Kind.endOfList:
        return ranges;
      case Kind.baseAddressx:
        base = unit.indexedAddress(cursor.uleb());
        break;
      case Kind.startxEndx:
        add(unit.indexedAddress(cursor.uleb()), unit.indexedAddress(cursor.uleb()));
        break;
      case Kind.startxLength: {
        const low = unit.indexedAddress(cursor.uleb());
        add(low, low + cursor.uleb());
        break;
      }
      case Kind.offsetPair:
        add(base + cursor.uleb(), base + cursor.uleb());
        break;
      case Kind.baseAddress:
        base = cursor.unsigned(addressSize);
        break;
      case Kind.startEnd:
        add(cursor.unsigned(addressSize), cursor.unsigned(addressSize));
        break;
      case Kind.startLength: {
        const low = cursor.unsigned(addressSize);
        add(low, low + cursor.uleb());
        break;
      }
      default:
        throw damaged(cursor.section, `unknown kind of range ${kind} before byte ${cursor.at}`);
    }
  }
}
