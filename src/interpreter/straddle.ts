import { PAGE_SIZE } from '../isa/sv39.js';
import { hartBlock } from '../memory/map.js';
import { type I32, i32, i64 } from '../wasm/expression.js';
import type { Callee } from '../wasm/function-builder.js';
import type { ModuleBuilder } from '../wasm/module-builder.js';
import { type FetchSlot, findSlot } from './code-slots.js';
import { type DecodeWord, NO_PAGE } from './decode.js';
import { SLOT_BYTES, toEntryDistance } from './entry.js';

const PARCEL = 2;
const PARCEL_BITS = 16;

/**
 * An instruction whose second half is in the next page. Which page that is depends on the page tables at the moment, so
 * it is put together anew each time, and decoded into the hart's scratch entry. 0 when the second half faults: the fault's
 * value is the address of that half.
 */
export function buildStraddle(
  module: ModuleBuilder,
  fetchSlot: FetchSlot,
  decodeWord: DecodeWord,
): Callee<{ hart: 'i32'; entry: 'i32'; pc: 'i64' }, 'i32'> {
  const f = module.function('straddle', { hart: 'i32', entry: 'i32', pc: 'i64' } as const, 'i32');
  const { hart, entry, pc } = f.params;
  const offset = i32.const(PAGE_SIZE - PARCEL);
  const ownSlot: I32 = i32.sub(entry, toEntryDistance(offset));
  // Read before the next page is fetched, which may give this page's slot away.
  const low = f.let('low', i32.load16U(ownSlot, SLOT_BYTES + PAGE_SIZE - PARCEL));
  const next = f.let('next', i64.add(pc, i64.const(BigInt(PARCEL))));
  const slot = findSlot(f, fetchSlot, hart, next, () => f.return(i32.const(0)));
  const word = i32.or(low, i32.shl(i32.load16U(slot, SLOT_BYTES), i32.const(PARCEL_BITS)));
  const scratch = i32.add(hart, i32.const(hartBlock.fields.scratchEntry.offset));
  f.run(decodeWord, { hart, entry: scratch, word, offset: i32.const(NO_PAGE) });
  f.return(i32.const(1));
  f.unreachable();
  return f;
}
