import { array, atomic32, struct } from '../../../src/memory/struct.js';
import type { KernelContext } from '../../context.js';
import type { KernelArea } from '../../layout.js';
import { CACHE_LINE } from '../../params.js';
import { proc } from '../../process/proc-struct.js';
import { Traps } from '../../trap/trap.js';

/** One per hart, each on a cache line of its own. */
const hartTlb = struct('hart_tlb', {
  /** Root of the page table whose translations the hart's TLB may hold; 0 before its first process. */
  space: atomic32,
  /** 1: another hart has asked for a flush. */
  flush: atomic32,
});
const { space, flush } = hartTlb.fields;

/** Takes the space for `harts` harts. Its address is the first argument of `RemoteFlush`. */
export function placeRemoteFlush(area: KernelArea, harts: number): number {
  const line = { ...hartTlb, align: CACHE_LINE, size: CACHE_LINE };
  return area.place('hart_tlb', array(line, harts));
}

/** Bytes of it. */
export function remoteFlushSize(harts: number): number {
  return harts * CACHE_LINE;
}

/**
 * Asking another hart to flush its TLB. It does so on its next way from the kernel to user code, at the latest after its
 * next timer interrupt: enough where a process has been *given* a right, as the translation that it may still use grants
 * less than the page table; not enough where a right was taken away.
 *
 * No request is lost. The asker writes the page table and then reads `space`; the other hart writes `space`, then reads
 * `flush`, then runs user code. So either the asker sees the address space there and asks, or the hart took the address
 * space up after the page table was written, with the TLB that every change of address space leaves empty.
 */
export class RemoteFlush {
  private readonly mine: number;

  constructor(
    private readonly cx: KernelContext,
    private readonly at: number,
  ) {
    this.mine = at + cx.hart.id * CACHE_LINE;
  }

  /** This hart goes to user code in the address space of `root`. */
  leaveKernel(root: number): void {
    const { mem, hart } = this.cx;
    // Pairs with the load in `request`.
    space.store(mem, this.mine, root);
    // Pairs with the exchange in `request`: who sees 1 has the page table as the asker left it.
    if (flush.load(mem, this.mine) === 0) return;
    flush.store(mem, this.mine, 0);
    hart.sfenceVma();
  }

  /** Has every other hart flush that may have translations of the page table. It has been written. */
  request(root: number): void {
    const { mem, layout, counters } = this.cx;
    for (let id = 0; id < layout.config.harts; id++) {
      const at = this.at + id * CACHE_LINE;
      if (at === this.mine || space.load(mem, at) !== root) continue;
      if (flush.exchange(mem, at, 1) === 0) counters.remoteFlushAsked();
    }
  }
}

/** Does what other harts have asked, on the way out of the kernel. The design's space begins with that of `RemoteFlush`. */
export class FlushingTraps extends Traps {
  private readonly remote = new RemoteFlush(this.cx, this.cx.layout.sharing);

  protected override leaveKernel(p: number) {
    this.remote.leaveKernel(proc.fields.pagetable.load(this.cx.mem, p));
    return super.leaveKernel(p);
  }
}
