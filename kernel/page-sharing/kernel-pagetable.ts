import { LEVELS, levelSize, makePte, PAGE_SIZE, PTE_SIZE, Pte, ptePa, px } from '../../src/isa/sv39.js';
import type { SharedAccess } from '../../src/memory/access.js';
import { KERNBASE } from '../../src/memory/map.js';

/** Registers of devices, one page each: the serial line and the disk of QEMU's `virt` board. */
export const DEVICE_PAGES: readonly number[] = [0x1000_0000, 0x1000_1000];

/** Frames that the table takes for RAM that ends at `physTop`. */
export function kernelTableFrames(physTop: number): number {
  const ram = physTop - KERNBASE;
  const leafTables = Math.ceil(ram / levelSize(1));
  const middleTables = Math.ceil(ram / levelSize(2));
  const forDevices = 2;
  return 1 + middleTables + leafTables + forDevices;
}

/**
 * The kernel's own page table, as xv6 builds it at boot: devices and all of RAM, where they are. Our kernel runs on the
 * host and no hart walks it; what it is here for is what a design must not do when it is built: count its mappings.
 */
export class KernelPagetable {
  private next: number;

  /** @param root first of `kernelTableFrames` zeroed frames */
  constructor(
    private readonly mem: SharedAccess,
    private readonly root: number,
  ) {
    this.next = root + PAGE_SIZE;
  }

  kvmmake(physTop: number): void {
    for (const pa of DEVICE_PAGES) this.kmappages(pa, PAGE_SIZE, Pte.R | Pte.W);
    this.kmappages(KERNBASE, physTop - KERNBASE, Pte.R | Pte.W | Pte.X);
  }

  /** Maps `bytes` from `pa` on at the same virtual addresses. Counts nothing: that is what sets it apart from mappages. */
  private kmappages(pa: number, bytes: number, permissions: number): void {
    const flags = permissions | Pte.V | Pte.A | Pte.D;
    for (let at = pa; at < pa + bytes; at += PAGE_SIZE) this.mem.store32(this.walk(at), makePte(at, flags));
  }

  private walk(va: number): number {
    const { mem } = this;
    let table = this.root;
    for (let level = LEVELS - 1; level > 0; level--) {
      const at = table + px(level, va) * PTE_SIZE;
      if (mem.load32(at) === 0) {
        mem.store32(at, makePte(this.next, Pte.V));
        this.next += PAGE_SIZE;
      }
      table = ptePa(mem.load32(at));
    }
    return table + px(0, va) * PTE_SIZE;
  }
}
