import type { Hart } from '../hart/hart.js';
import { Privilege } from '../isa/privilege.js';
import { statusField } from '../isa/status.js';
import { isLeaf, LEVELS, levelSize, MAXVA, PTE_SIZE, Pte, ptePa, px } from '../isa/sv39.js';
import { KERNBASE } from '../memory/map.js';
import { SoftwareTlb } from '../mmu/software-tlb.js';

/** Where a virtual address lies. */
export interface Translated {
  readonly pa: number;
  /** Physical address of the leaf entry that a walk found there; undefined where the hart had it cached, or nothing is translated. */
  readonly walked: number | undefined;
}

/** The data side of a hart's address translation, in every mode, for software that must know where an access goes before it is made. */
export class GuestTranslation {
  private readonly tlb: SoftwareTlb;

  constructor(private readonly hart: Hart) {
    this.tlb = new SoftwareTlb(hart.memory, hart.map);
  }

  /** undefined: the access faults, or goes to an address that no page table of a kernel on this board maps. Changes nothing. */
  translate(va: number, writes: boolean): Translated | undefined {
    const { hart } = this;
    const root = hart.addressSpace;
    const mode = this.modeOfData;
    if (mode === Privilege.Machine || root === 0) return { pa: va, walked: undefined };
    if (va >= MAXVA) return undefined;
    const cached = this.tlb.find(writes ? 'writeTlb' : 'readTlb', va);
    if (cached !== undefined) return { pa: cached, walked: undefined };
    const status = hart.getCsr('mstatus');
    return this.walk(root, va, (entry) => grants(entry, mode, status, writes));
  }

  /** The same where the hart has it cached; undefined: it has not. */
  cached(va: number, writes: boolean): number | undefined {
    return this.tlb.find(writes ? 'writeTlb' : 'readTlb', va);
  }

  private walk(root: number, va: number, isGranted: (entry: number) => boolean): Translated | undefined {
    const { ram, map } = this.hart.memory;
    let table = root;
    for (let level = LEVELS - 1; level >= 0; level--) {
      if (table < KERNBASE || table >= map.physTop) return undefined;
      const at = table + px(level, va) * PTE_SIZE;
      const entry = ram.load32(at);
      if ((entry & Pte.V) === 0) return undefined;
      if (isLeaf(entry))
        return isGranted(entry) ? { pa: ptePa(entry) + (va % levelSize(level)), walked: at } : undefined;
      table = ptePa(entry);
    }
    return undefined;
  }

  /** Privileged ISA, "Memory Privilege in mstatus Register". */
  private get modeOfData(): number {
    const { privilege } = this.hart;
    if (privilege !== Privilege.Machine) return privilege;
    const status = this.hart.getCsr('mstatus');
    return statusField(status, 'MPRV') === 1 ? statusField(status, 'MPP') : privilege;
  }
}

function grants(entry: number, mode: number, status: bigint, writes: boolean): boolean {
  const isUsers = (entry & Pte.U) !== 0;
  if (mode === Privilege.User ? !isUsers : isUsers && statusField(status, 'SUM') === 0) return false;
  if (writes) return (entry & Pte.W) !== 0;
  return (entry & Pte.R) !== 0 || ((entry & Pte.X) !== 0 && statusField(status, 'MXR') === 1);
}
