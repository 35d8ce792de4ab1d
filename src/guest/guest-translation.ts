import type { Hart } from '../hart/hart.js';
import { Privilege } from '../isa/privilege.js';
import { statusField } from '../isa/status.js';
import { MAXVA, Pte, ptePa } from '../isa/sv39.js';
import { SoftwareTlb } from '../mmu/software-tlb.js';
import { PageTableView } from './page-table-view.js';

/** Where a virtual address lies. */
export interface Translated {
  readonly pa: number;
  /** Physical address of the leaf entry that a walk found there; undefined where the hart had it cached, or nothing is translated. */
  readonly walked: number | undefined;
}

/** The data side of a hart's address translation, in every mode, for software that must know where an access goes before it is made. */
export class GuestTranslation {
  private readonly tlb: SoftwareTlb;
  private readonly tables: PageTableView;

  constructor(private readonly hart: Hart) {
    this.tables = new PageTableView(hart.memory);
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
    const leaf = this.tables.leafAt(root, va);
    if (leaf === undefined || !grants(leaf.entry, mode, status, writes)) return undefined;
    return { pa: ptePa(leaf.entry) + (va % leaf.size), walked: leaf.at };
  }

  /** The same where the hart has it cached; undefined: it has not. */
  cached(va: number, writes: boolean): number | undefined {
    return this.tlb.find(writes ? 'writeTlb' : 'readTlb', va);
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
