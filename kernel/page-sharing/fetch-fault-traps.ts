import { Cause } from '../../src/isa/causes.js';
import { proc } from '../process/proc-struct.js';
import { Traps } from '../trap/trap.js';
import { PTE_COW } from './entries.js';

/**
 * Takes an instruction page fault on a shared page for a write: the process gets a copy of its own and tries the
 * instruction again, which faults again, as the page is no more executable than before.
 */
export class FetchFaultTraps extends Traps {
  protected override resolve(p: number, cause: number): boolean {
    const asWrite = cause === Cause.InstructionPageFault && this.faultsOnShared(p);
    return super.resolve(p, asWrite ? Cause.StorePageFault : cause);
  }

  private faultsOnShared(p: number): boolean {
    const { mem, hart } = this.cx;
    const pte = this.vm.userPte(proc.fields.pagetable.load(mem, p), hart.trapAddress);
    return pte !== 0 && (this.vm.entryAt(pte) & PTE_COW) !== 0;
  }
}
