import { PAGE_SIZE } from '../isa/sv39.js';
import {
  CODE_ENTRY_SIZE,
  CODE_SLOTS,
  codeSlot,
  hartArea,
  hartBlock,
  PARCELS,
  TLB_ENTRIES,
  tlbEntry,
} from '../memory/map.js';
import type { Resolve } from '../mmu/addresses.js';
import { type MachineGlobals, physicalAddress } from '../mmu/machine-globals.js';
import { addendOffset, EMPTY_TAG, fillTlb, tagOffset, tlbIndex, tlbMisses } from '../mmu/tlb.js';
import { type I32, type I64, i32, i64 } from '../wasm/expression.js';
import type { Callee, FunctionBuilder, Local } from '../wasm/function-builder.js';
import type { ModuleBuilder } from '../wasm/module-builder.js';
import { Entry, entryDistance, SLOT_BYTES } from './entry.js';
import { Handler } from './forms.js';
import { dropRegions } from './regions.js';

const fields = hartBlock.fields;
const SLOT_FRAME_SIZE = fields.slotFrame.stride;
const WORD = 8;
/** Words compared at a time. */
const STRIDE = 8 * WORD;

const parameters = { hart: 'i32', va: 'i64' } as const;
/** The slot that holds the page of `va`, or 0 when fetching there faults; the hart's cause and value are set then. */
export type FetchSlot = Callee<typeof parameters, 'i32'>;

/**
 * Decoded code behaves as an instruction cache does: a slot holds a frame's bytes as they were when the hart last
 * entered the page into its fetch TLB. Whenever it does so anew (after fence.i, sfence.vma, a switch of satp or of
 * privilege), the bytes are compared with memory, and the entries of those that have changed are dropped. So nobody who
 * writes memory needs to know that it is code.
 */
export function buildFetchSlot(module: ModuleBuilder, machine: MachineGlobals, fetchPage: Resolve): FetchSlot {
  const refresh = buildRefresh(module);
  const replace = buildReplace(module);
  const f = module.function('fetch_slot', parameters, 'i32');
  const { hart, va } = f.params;
  const page = f.let('page', f.call(fetchPage, { hart, va }));
  f.if(i32.eqz(page), () => f.return(i32.const(0)));
  const frame = f.let('frame', physicalAddress(machine, page));
  const number = f.local('number', 'i32');
  const slot = f.local('slot', 'i32');
  f.block((found) => {
    f.loop((next) => {
      f.set(slot, slotAddress(hart, number));
      f.if(i32.eq(i32.load(slotFrame(hart, number), fields.slotFrame.offset), frame), () => {
        f.run(refresh, { slot, page });
        f.branch(found);
      });
      f.set(number, i32.add(number, i32.const(1)));
      f.branchIf(i32.ltU(number, i32.const(CODE_SLOTS)), next);
    });
    f.set(slot, f.call(replace, { hart, page, frame }));
  });
  fillTlb(f, 'fetchTlb', tlbIndex(hart, va), va, slot);
  f.return(slot);
  f.unreachable();
  return f;
}

/** The slot that holds the page of `va`: by the fetch TLB, or else by `fetchSlot`. Runs `fault` when there is none. */
export function findSlot(
  f: FunctionBuilder,
  fetchSlot: FetchSlot,
  hart: I32,
  va: I64,
  fault: () => void,
): Local<'i32'> {
  const index = f.let('index', tlbIndex(hart, va));
  const slot = f.let('slot', i32.load(index, addendOffset('fetchTlb')));
  f.if(tlbMisses('fetchTlb', index, va, 1), () => {
    f.set(slot, f.call(fetchSlot, { hart, va }));
    f.if(i32.eqz(slot), fault);
  });
  return slot;
}

function slotFrame(hart: I32, number: I32): I32 {
  return i32.add(hart, i32.mul(number, i32.const(SLOT_FRAME_SIZE)));
}
function slotAddress(hart: I32, number: I32): I32 {
  return i32.add(i32.add(hart, i32.const(hartArea.fields.code.offset)), i32.mul(number, i32.const(codeSlot.size)));
}

/** Gives the oldest slot to another frame. */
function buildReplace(module: ModuleBuilder): Callee<{ hart: 'i32'; page: 'i32'; frame: 'i32' }, 'i32'> {
  const f = module.function('replace_slot', { hart: 'i32', page: 'i32', frame: 'i32' } as const, 'i32');
  const { hart, page, frame } = f.params;
  const number = f.let('number', i32.load(hart, fields.nextSlot.offset));
  const following = i32.add(number, i32.const(1));
  f.store(hart, i32.and(following, i32.const(CODE_SLOTS - 1)), fields.nextSlot.offset);
  const slot = f.let('slot', slotAddress(hart, number));
  f.store(slotFrame(hart, number), frame, fields.slotFrame.offset);
  forgetTranslations(f, hart, slot);
  f.memoryCopy(i32.add(slot, i32.const(SLOT_BYTES)), page, i32.const(PAGE_SIZE));
  f.memoryFill(slot, i32.const(0), i32.const(PARCELS * CODE_ENTRY_SIZE));
  f.store(slot, i32.const(Handler.EndOfPage), PARCELS * CODE_ENTRY_SIZE + Entry.handler);
  f.return(slot);
  f.unreachable();
  return f;
}

/** Empties the fetch-TLB entries that lead to `slot`. */
function forgetTranslations(f: FunctionBuilder, hart: I32, slot: I32): void {
  const index = f.let('index', hart);
  const end = f.let('end', i32.add(hart, i32.const(TLB_ENTRIES * tlbEntry.size)));
  f.loop((next) => {
    f.if(i32.eq(i32.load(index, addendOffset('fetchTlb')), slot), () =>
      f.store(index, i64.const(EMPTY_TAG), tagOffset('fetchTlb')),
    );
    f.set(index, i32.add(index, i32.const(tlbEntry.size)));
    f.branchIf(i32.ltU(index, end), next);
  });
}

/** Drops the entries of a slot whose bytes differ from memory, and takes the new bytes over. */
function buildRefresh(module: ModuleBuilder): Callee<{ slot: 'i32'; page: 'i32' }, undefined> {
  const f = module.function('refresh_slot', { slot: 'i32', page: 'i32' } as const);
  const { slot, page } = f.params;
  const own = f.let('own', i32.add(slot, i32.const(SLOT_BYTES)));
  const entries = f.let('entries', slot);
  const end = f.let('end', i32.add(page, i32.const(PAGE_SIZE)));
  const at = f.let('at', page);
  const changed = f.local('changed', 'i32');
  f.loop((next) => {
    const differences = Array.from({ length: STRIDE / WORD }, (_, i) =>
      i64.xor(i64.load(at, i * WORD), i64.load(own, i * WORD)),
    );
    const any = differences.reduce((a, b) => i64.or(a, b));
    const refresh = (): void => {
      f.set(changed, i32.const(1));
      refreshWords(f, slot, own, entries, at);
    };
    f.if(i32.eqz(i64.eqz(any)), refresh, undefined, 'unlikely');
    f.set(own, i32.add(own, i32.const(STRIDE)));
    f.set(entries, i32.add(entries, i32.const(entryDistance(STRIDE))));
    f.set(at, i32.add(at, i32.const(STRIDE)));
    f.branchIf(i32.ltU(at, end), next);
  });
  // A region does not say which bytes of its page it was made of.
  f.if(changed, () => dropRegions(f, slot));
  return f;
}

function refreshWords(f: FunctionBuilder, slot: I32, own: Local<'i32'>, entries: Local<'i32'>, at: Local<'i32'>): void {
  const word = f.local('word', 'i64');
  const done = f.let('done', i32.const(0));
  const first = f.local('first', 'i32');
  f.loop((next) => {
    // Read once: other harts may be writing.
    f.set(word, i64.load(i32.add(at, done)));
    f.if(i64.ne(word, i64.load(i32.add(own, done))), () => {
      f.store(i32.add(own, done), word);
      f.set(first, i32.add(entries, i32.mul(done, i32.const(entryDistance(1)))));
      f.memoryFill(first, i32.const(0), i32.const(entryDistance(WORD)));
      // An instruction of four bytes may begin in the parcel before.
      f.if(i32.gtU(first, slot), () =>
        f.store(i32.sub(first, i32.const(CODE_ENTRY_SIZE)), i32.const(0), Entry.handler),
      );
    });
    f.set(done, i32.add(done, i32.const(WORD)));
    f.branchIf(i32.ltU(done, i32.const(STRIDE)), next);
  });
}
