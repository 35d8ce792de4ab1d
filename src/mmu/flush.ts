import { PAGE_SHIFT, PAGE_SIZE } from '../isa/sv39.js';
import { hartBlock } from '../memory/map.js';
import { i32, i64 } from '../wasm/expression.js';
import type { ModuleBuilder } from '../wasm/module-builder.js';
import { EMPTY_TAG, emptyTlb, tagOffset, tlbIndex, tlbSides } from './tlb.js';

const { superpagesCached } = hartBlock.fields;
const PAGE_MASK = BigInt(-PAGE_SIZE);

/** Exports `flush_tlb(hart)`: the hart forgets every cached translation. */
export function buildFlushTlb(module: ModuleBuilder): void {
  const f = module.exportedFunction('flush_tlb', { hart: 'i32' } as const);
  for (const side of tlbSides) emptyTlb(f, side, f.params.hart);
  f.store(f.params.hart, i32.const(0), superpagesCached.offset);
}

/**
 * Exports `flush_page(hart, page)`: the hart forgets the translation of virtual page number `page`, unless pieces of
 * superpages are cached: then it gives 0 and has forgotten nothing, because the page's fellows would have to go with it.
 */
export function buildFlushPage(module: ModuleBuilder): void {
  const f = module.exportedFunction('flush_page', { hart: 'i32', page: 'i32' } as const, 'i32');
  const { hart, page } = f.params;
  f.if(i32.load(hart, superpagesCached.offset), () => f.return(i32.const(0)));
  const va = f.let('va', i64.shl(i64.extendI32U(page), i64.const(BigInt(PAGE_SHIFT))));
  const index = f.let('index', tlbIndex(hart, va));
  for (const side of tlbSides) {
    const tag = tagOffset(side);
    // The mark of a reserved frame's entry lies below the page's bits.
    f.if(i64.eq(i64.and(i64.load(index, tag), i64.const(PAGE_MASK)), va), () =>
      f.store(index, i64.const(EMPTY_TAG), tag),
    );
  }
  f.return(i32.const(1));
  f.unreachable();
}

/** Exports `flush_code(hart)`: the hart forgets which pages of code it has compared with memory. */
export function buildFlushCode(module: ModuleBuilder): void {
  const f = module.exportedFunction('flush_code', { hart: 'i32' } as const);
  emptyTlb(f, 'fetchTlb', f.params.hart);
}
