import { PAGE_SIZE } from '../isa/sv39.js';
import type { AccessSize } from '../isa/vocabulary.js';
import { pageOf, tlbAddend, tlbIndex, tlbMisses } from '../mmu/tlb.js';
import { type I32, i32, i64 } from '../wasm/expression.js';
import type { FunctionBuilder, Local } from '../wasm/function-builder.js';
import type { AccessGroup } from './access-groups.js';
import type { Instruction } from './flow-graph.js';
import type { Pointers } from './pointers.js';
import { contains } from './registers.js';

/** No page: its low bits are ones. */
const NONE = -1n;

interface Cache {
  /** Virtual address of the page, and what to add for the host's. */
  readonly page: Local<'i64'>;
  readonly addend: Local<'i32'>;
}
type Side = 'readTlb' | 'writeTlb';
const sideOf = (stores: boolean): Side => (stores ? 'writeTlb' : 'readTlb');

export interface CachedAccess {
  readonly side: Side;
  readonly base: number;
  readonly va: Local<'i64'>;
  readonly size: AccessSize;
  readonly fresh: boolean;
}

/**
 * The pages that accesses came to last, in locals: one for each register that addresses are made of, and for each side of
 * the TLB. What has been found stays true until the region is left, calls included: translations come and go in the
 * single step and between runs only, and to get there all calls are unwound.
 */
export class PageCaches {
  private readonly caches = new Map<string, Cache>();

  constructor(
    private readonly f: FunctionBuilder,
    private readonly hart: Local<'i32'>,
    instructions: Iterable<Instruction>,
    groups: Iterable<AccessGroup>,
  ) {
    for (const { form, operands } of instructions) {
      const { loads, stores } = form.traits;
      if (loads) this.add('readTlb', operands.rs1);
      if (stores) this.add('writeTlb', operands.rs1);
    }
    for (const { base, stores } of groups) this.add(sideOf(stores), base);
    for (const { page } of this.caches.values()) f.set(page, i64.const(NONE));
  }

  /**
   * The host address of an aligned access at `va`, which was made of register `base`; what misses the TLB, and what is not
   * aligned, runs `stepIf`. A page that may be written may be read. `fresh`: the page is unlikely to be the last one.
   */
  hostAddress({ side, base, va, size, fresh }: CachedAccess, stepIf: (misses: I32) => void): I32 {
    const { f } = this;
    const cache = this.get(side, base);
    const find = (): void => {
      const index = tlbIndex(this.hart, va);
      stepIf(tlbMisses(side, index, va, size));
      f.set(cache.page, pageOf(va));
      // Pages that lie side by side have one addend: looked at, and not used, it keeps nobody waiting.
      const addend = tlbAddend(side, index);
      if (fresh) f.if(i32.ne(cache.addend, addend), () => f.set(cache.addend, addend), undefined, 'unlikely');
      else f.set(cache.addend, addend);
      const reads = side === 'writeTlb' ? this.caches.get(key('readTlb', base)) : undefined;
      if (reads === undefined) return;
      f.set(reads.page, cache.page);
      f.set(reads.addend, cache.addend);
    };
    const isOther = i64.ne(cache.page, i64.and(va, i64.const(BigInt(-PAGE_SIZE) | BigInt(size - 1))));
    if (fresh) find();
    else f.if(isOther, find, undefined, 'unlikely');
    return i32.add(i32.wrap(va), cache.addend);
  }

  /** The host address of the lowest byte of a group, `va`; whatever keeps its accesses from being one runs `otherwiseIf`. */
  groupAddress(
    { base, stores, size, span }: AccessGroup,
    va: Local<'i64'>,
    fresh: Pointers,
    otherwiseIf: (condition: I32) => void,
  ): I32 {
    const side = sideOf(stores);
    const inPage = i32.and(i32.wrap(va), i32.const(PAGE_SIZE - 1));
    otherwiseIf(i32.gtU(inPage, i32.const(PAGE_SIZE - span)));
    return this.hostAddress({ side, base, va, size, fresh: contains(fresh[side], base) }, otherwiseIf);
  }

  private add(side: Side, base: number): void {
    const { f } = this;
    const at = key(side, base);
    if (this.caches.has(at)) return;
    this.caches.set(at, { page: f.local(`${at}_page`, 'i64'), addend: f.local(`${at}_addend`, 'i32') });
  }
  private get(side: Side, base: number): Cache {
    const cache = this.caches.get(key(side, base));
    if (cache === undefined) throw new Error(`no access by x${base} was announced`);
    return cache;
  }
}

const key = (side: Side, base: number): string => `${side}_x${base}`;
