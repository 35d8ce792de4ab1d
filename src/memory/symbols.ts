import type { FieldType } from './struct.js';

interface Placed {
  readonly name: string;
  readonly address: number;
  readonly type: Pick<FieldType<unknown>, 'size' | 'describe'>;
}

/** Names for addresses, from the same declarations that lay the structs out: `proc[3].state`, `kmem.lock.locked`. */
export class SymbolTable {
  private readonly placed: Placed[] = [];

  add(name: string, address: number, type: Pick<FieldType<unknown>, 'size' | 'describe'>): void {
    this.placed.push({ name, address, type });
    this.placed.sort((a, b) => a.address - b.address);
  }

  /** The name of the byte at `address`, or its number where nothing was declared. */
  describe(address: number): string {
    const place = this.placed.findLast((p) => p.address <= address);
    if (place === undefined || address >= place.address + place.type.size) return `0x${address.toString(16)}`;
    return place.name + place.type.describe(address - place.address);
  }
}
