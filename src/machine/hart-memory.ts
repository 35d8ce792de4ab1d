import type { Hart } from '../hart/hart.js';
import { Privilege } from '../isa/privilege.js';
import { isLeaf, LEVELS, levelSize, PAGE_SIZE, PTE_SIZE, PTES_PER_TABLE, Pte, ptePa } from '../isa/sv39.js';
import type { SharedMemory } from '../memory/shared-memory.js';

/** Bits of a virtual address that Sv39 translates; the ones above are copies of the highest. */
const ADDRESS_BITS = 39;

/** Memory as a hart's own loads would find it, whatever they are allowed to: RAM by its translation, and no devices. */
export class HartMemory {
  constructor(
    private readonly memory: SharedMemory,
    private readonly hart: Hart,
  ) {}

  /** Physical address of the byte; undefined where nothing is mapped, or no RAM. */
  translate(address: bigint): number | undefined {
    const { hart } = this;
    const root = hart.privilege === Privilege.Machine ? 0 : hart.addressSpace;
    const physical = root === 0 ? Number(address) : this.walk(root, address);
    return physical !== undefined && this.isRam(physical) ? physical : undefined;
  }

  /** As much as there is in one piece, up to `size` bytes. */
  read(address: bigint, size: number): Uint8Array {
    const pieces = this.pieces(address, size);
    return Buffer.concat(pieces.map(({ at, length }) => this.memory.ram.read(at, length)));
  }

  /** false: not all of it is there, and nothing has been written. */
  write(address: bigint, bytes: Uint8Array): boolean {
    const pieces = this.pieces(address, bytes.length);
    if (pieces.reduce((sum, { length }) => sum + length, 0) < bytes.length) return false;
    let done = 0;
    for (const { at, length } of pieces) {
      this.memory.ram.write(at, bytes.subarray(done, done + length));
      done += length;
    }
    return true;
  }

  isRam(physical: number): boolean {
    const { map } = this.memory;
    return physical >= map.physTop - map.ramSize && physical < map.physTop;
  }

  /** Pages may lie anywhere; each is translated for itself. */
  private pieces(address: bigint, size: number): { at: number; length: number }[] {
    const pieces: { at: number; length: number }[] = [];
    for (let done = 0; done < size; ) {
      const at = this.translate(BigInt.asUintN(64, address + BigInt(done)));
      if (at === undefined) return pieces;
      const length = Math.min(size - done, PAGE_SIZE - (at % PAGE_SIZE));
      pieces.push({ at, length });
      done += length;
    }
    return pieces;
  }

  /** Privileged ISA, "Virtual Address Translation Process", without the checks of permissions. */
  private walk(root: number, address: bigint): number | undefined {
    if (BigInt.asUintN(64, BigInt.asIntN(ADDRESS_BITS, address)) !== address) return undefined;
    const va = Number(BigInt.asUintN(ADDRESS_BITS, address));
    let table = root;
    for (let level = LEVELS - 1; level >= 0; level--) {
      const at = table + (Math.floor(va / levelSize(level)) % PTES_PER_TABLE) * PTE_SIZE;
      if (!this.isRam(at)) return undefined;
      const pte = this.memory.ram.load32(at);
      if ((pte & Pte.V) === 0) return undefined;
      if (isLeaf(pte)) return Math.floor(ptePa(pte) / levelSize(level)) * levelSize(level) + (va % levelSize(level));
      table = ptePa(pte);
    }
    return undefined;
  }
}
