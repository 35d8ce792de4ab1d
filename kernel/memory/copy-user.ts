import { PAGE_SIZE, pageOffset, ptePa } from '../../src/isa/sv39.js';
import type { KernelContext } from '../context.js';
import { Resolution } from '../page-sharing/page-sharing.js';
import type { Vm } from './vm.js';

/**
 * Copies between the kernel and user memory. They walk the user's page table themselves and never fault, so a write to
 * a shared page must be resolved here as the fault would have been. false or undefined: the user's range is not all
 * there, or not the user's to write; what came before the bad page is done.
 */
export class CopyUser {
  constructor(
    protected readonly cx: KernelContext,
    protected readonly vm: Vm,
  ) {}

  /** From the kernel's `data` to user address `dstva`. */
  copyout(pagetable: number, dstva: number, data: Uint8Array): boolean {
    for (let done = 0; done < data.length; ) {
      const to = this.writable(pagetable, dstva + done);
      if (to === 0) return false;
      const bytes = Math.min(restOfPage(to), data.length - done);
      this.cx.mem.write(to, data.subarray(done, done + bytes));
      done += bytes;
    }
    return true;
  }

  /** From user address `srcva`: up to `bytes` bytes, as far as the page goes. */
  copyin(pagetable: number, srcva: number, bytes: number): Uint8Array | undefined {
    let pte = this.vm.userPte(pagetable, srcva);
    if (pte === 0) {
      if (this.vm.vmfault(pagetable, srcva) !== Resolution.Filled) return undefined;
      this.cx.hart.sfenceVma(srcva);
      pte = this.vm.userPte(pagetable, srcva);
    }
    const from = ptePa(this.vm.entryAt(pte)) + pageOffset(srcva);
    return this.cx.mem.read(from, Math.min(restOfPage(from), bytes));
  }

  /** From user address `srcva`: `bytes` bytes, or fewer when the user's memory ends before. */
  copyinUpTo(pagetable: number, srcva: number, bytes: number): Uint8Array {
    const whole = new Uint8Array(bytes);
    let done = 0;
    while (done < bytes) {
      const piece = this.copyin(pagetable, srcva + done, bytes - done);
      if (piece === undefined) break;
      whole.set(piece, done);
      done += piece.length;
    }
    return whole.subarray(0, done);
  }

  /** The string at user address `srcva` without its terminating zero; undefined when that is not among its first `max` bytes. */
  copyinstr(pagetable: number, srcva: number, max: number): Uint8Array | undefined {
    const pieces: Uint8Array[] = [];
    for (let done = 0; done < max; ) {
      const piece = this.copyin(pagetable, srcva + done, max - done);
      if (piece === undefined) return undefined;
      const end = piece.indexOf(0);
      pieces.push(end < 0 ? piece : piece.subarray(0, end));
      if (end >= 0) return joined(pieces);
      done += piece.length;
    }
    return undefined;
  }

  /** Physical address of a user byte that may now be written; 0 when the user may not. */
  protected writable(pagetable: number, va: number): number {
    const resolution = this.vm.resolveWrite(pagetable, va);
    if (resolution === Resolution.Refused || resolution === Resolution.NoMemory) return 0;
    // The entry has changed, and this hart may have the old translation.
    if (resolution !== Resolution.Stale) this.cx.hart.sfenceVma(va);
    return ptePa(this.vm.entryAt(this.vm.walk(pagetable, va, false))) + pageOffset(va);
  }
}

function restOfPage(address: number): number {
  return PAGE_SIZE - pageOffset(address);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0]!;
  const whole = new Uint8Array(pieces.reduce((bytes, piece) => bytes + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
