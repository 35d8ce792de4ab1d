import { PAGE_SIZE } from '../isa/sv39.js';
import { CODE_ENTRY_SIZE, CODE_SLOTS, codeSlot, hartArea, hartBlock, PARCELS } from '../memory/map.js';
import { addendOffset, pageOf, tlbIndex, tlbMisses } from '../mmu/tlb.js';
import { type I32, type I64, i32, i64 } from '../wasm/expression.js';
import type { Callee, FunctionBuilder, Signature } from '../wasm/function-builder.js';
import type { ModuleBuilder } from '../wasm/module-builder.js';
import { Entry, toEntryDistance } from './entry.js';
import { FIRST_REGION } from './forms.js';

/**
 * A translated region of one page of code. `left`: instructions left of the stretch, above 0; `page`: virtual address of
 * the page; `depth`: calls that may still be nested. It ends with the hart's pc set, and gives its status.
 */
export const regionParameters = { hart: 'i32', left: 'i32', page: 'i64', depth: 'i32' } as const;
export type RegionSignature = Signature<typeof regionParameters, 'i64'>;

/** Guest calls that are nested as calls in WebAssembly: V8's stack holds more, and few programs nest deeper. */
export const MOST_DEPTH = 1000;

/** A region's status: the low half is what is left of the stretch; this bit: the instruction at pc is one for the single step. */
const STEP_SHIFT = 32n;
export const STEP = 1n << STEP_SHIFT;
export const leftOf = (status: I64): I32 => i32.wrap(status);
export const needsStep = (status: I64): I32 => i32.wrap(i64.shrU(status, i64.const(STEP_SHIFT)));

export const enterParameters = { hart: 'i32', left: 'i32', pc: 'i64', depth: 'i32' } as const;
/** Goes on in the region that begins at `pc`, if there is one and something is left of the stretch; else gives the status at once. */
export type EnterRegion = Callee<typeof enterParameters, 'i64'>;

/** Exports `enter_region`, by which regions lead to others whatever module they are in. */
export function buildEnterRegion(module: ModuleBuilder, region: RegionSignature): void {
  const f = module.exportedFunction('enter_region', enterParameters, 'i64');
  const { hart, left, pc, depth } = f.params;
  f.block((elsewhere) => {
    f.branchIf(i32.leS(left, i32.const(0)), elsewhere, 'unlikely');
    const index = f.let('index', tlbIndex(hart, pc));
    f.branchIf(tlbMisses('fetchTlb', index, pc, 1), elsewhere, 'unlikely');
    const offset = i32.and(i32.wrap(pc), i32.const(PAGE_SIZE - 2));
    const entry = i32.add(i32.load(index, addendOffset('fetchTlb')), toEntryDistance(offset));
    const handler = f.let('handler', i32.load16U(entry, Entry.handler));
    f.branchIf(i32.ltU(handler, i32.const(FIRST_REGION)), elsewhere, 'unlikely');
    const number = i32.sub(handler, i32.const(FIRST_REGION));
    f.tailCallIndirect(region, number, { hart, left, page: pageOf(pc), depth });
  });
  f.store(hart, pc, hartBlock.fields.pc.offset);
  f.return(i64.extendI32U(left));
  f.unreachable();
}

/** No region begins in the slot any more; where one did, the instruction is decoded anew. */
export function dropRegions(f: FunctionBuilder, slot: I32): void {
  const entry = f.let('entry', slot);
  const end = f.let('end', i32.add(slot, i32.const(PARCELS * CODE_ENTRY_SIZE)));
  f.loop((next) => {
    const isRegion = i32.geU(i32.load16U(entry, Entry.handler), i32.const(FIRST_REGION));
    f.if(isRegion, () => f.store(entry, i32.const(0), Entry.handler));
    f.set(entry, i32.add(entry, i32.const(CODE_ENTRY_SIZE)));
    f.branchIf(i32.ltU(entry, end), next);
  });
}

/** Exports `drop_regions(hart)`: no region begins anywhere. */
export function buildDropRegions(module: ModuleBuilder): void {
  const f = module.exportedFunction('drop_regions', { hart: 'i32' } as const);
  const slot = f.let('slot', i32.add(f.params.hart, i32.const(hartArea.fields.code.offset)));
  const last = f.let('last', i32.add(slot, i32.const(CODE_SLOTS * codeSlot.size)));
  f.loop((next) => {
    dropRegions(f, slot);
    f.set(slot, i32.add(slot, i32.const(codeSlot.size)));
    f.branchIf(i32.ltU(slot, last), next);
  });
}
