import { MAXVA, PAGE_SIZE, Pte, pageRoundUp } from '../../../src/isa/sv39.js';
import { Vm } from '../../memory/vm.js';
import { Resolution } from '../page-sharing.js';
import { locked, unguarded } from './guard.js';
import { Backing, FrameKind, frameRecord, placesOf, recordOf } from './records.js';
import { Segments } from './segments.js';

/** Address spaces that know their segments; the fault handler asks them before it looks at the page table. */
export class CoreMapVm extends Vm {
  protected readonly segments = new Segments(this.cx.mem, this.cx.layout, locked(this.cx));
  private readonly frames = placesOf(this.cx.layout.sharing, this.cx.layout.config).frames;

  override uvmcreate(): number {
    const table = super.uvmcreate();
    if (table !== 0) frameRecord.fields.kind.store(this.cx.mem, recordOf(this.frames, table), FrameKind.PageTable);
    return table;
  }

  override uvmalloc(pagetable: number, oldsz: number, newsz: number, permissions: number): boolean {
    const start = pageRoundUp(oldsz) / PAGE_SIZE;
    const end = pageRoundUp(newsz) / PAGE_SIZE;
    if (start < end && !this.segments.grow(pagetable, start, end, (permissions & Pte.W) !== 0)) return false;
    if (super.uvmalloc(pagetable, oldsz, newsz, permissions)) return true;
    this.segments.shrink(pagetable, start);
    return false;
  }

  override uvmpromise(pagetable: number, oldsz: number, newsz: number): boolean {
    const start = pageRoundUp(oldsz) / PAGE_SIZE;
    const end = pageRoundUp(newsz) / PAGE_SIZE;
    return start >= end || this.segments.grow(pagetable, start, end, true);
  }

  override uvmdealloc(pagetable: number, oldsz: number, newsz: number): void {
    super.uvmdealloc(pagetable, oldsz, newsz);
    this.segments.shrink(pagetable, pageRoundUp(newsz) / PAGE_SIZE);
  }

  override uvmfree(pagetable: number, sz: number): void {
    this.segments.shrink(pagetable, 0);
    super.uvmfree(pagetable, sz);
  }

  override uvmcopy(parent: number, child: number, sz: number): boolean {
    if (!this.segments.copy(parent, child)) return false;
    if (!super.uvmcopy(parent, child, sz)) {
      this.segments.shrink(child, 0);
      return false;
    }
    // Not before all is shared: a fork that fails leaves the parent as it was.
    this.segments.markShared(parent);
    return true;
  }

  override resolveWrite(pagetable: number, va: number): Resolution {
    const page = Math.floor(va / PAGE_SIZE);
    const segment = va >= 0 && va < MAXVA ? this.segments.find(pagetable, page) : undefined;
    if (segment?.writable !== true) return Resolution.Refused;
    if (segment.backing === Backing.CopyOnWrite) return super.resolveWrite(pagetable, va);
    // Nothing there was ever shared: what is not writable is the guard page.
    const pte = this.userPte(pagetable, va);
    if (pte === 0) return this.vmfault(pagetable, va);
    return (this.entryAt(pte) & Pte.W) !== 0 ? Resolution.Stale : Resolution.Refused;
  }
}

/** With the pool of segments as unguarded as all of the published form. */
export class UnguardedCoreMapVm extends CoreMapVm {
  protected override readonly segments = new Segments(this.cx.mem, this.cx.layout, unguarded);
}
