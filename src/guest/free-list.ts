import type { DirectAccess } from '../memory/direct-access.js';
import { KERNBASE, PGSIZE } from '../memory/map.js';
import type { ElfSymbol } from '../symbols/elf-symbols.js';

/** The variable in which xv6, and everything that grew from it, keeps its free frames: one list, or an array of them. */
const ALLOCATOR = 'kmem';
const POINTER = 8;

/** The lists of a kernel's free frames, each frame's first word leading to the next. */
export class FreeLists {
  /** Addresses of the words that lead to the first frame of each list. */
  readonly heads: ReadonlySet<number>;

  /**
   * @param end the first address behind the kernel's own data
   * To be made when the kernel has come up: what a word of the allocator's is, its content tells.
   */
  constructor(
    private readonly ram: DirectAccess,
    private readonly physTop: number,
    symbols: readonly ElfSymbol[],
    private readonly end: number,
  ) {
    const allocator = symbols.find(({ name, kind }) => kind === 'object' && name === ALLOCATOR);
    const words = Array.from(
      { length: Math.floor((allocator?.size ?? 0) / POINTER) },
      (_, i) => allocator!.address + i * POINTER,
    );
    this.heads = new Set(words.filter((word) => this.isFrame(ram.load64(word))));
  }

  /** Where the allocator's data lies; undefined where the kernel has none that is known. */
  static allocatorOf(symbols: readonly ElfSymbol[]): number | undefined {
    return symbols.find(({ name, kind }) => kind === 'object' && name === ALLOCATOR)?.address;
  }

  /** All free frames. A list that leads astray, or in a circle, ends there. */
  frames(): Set<number> {
    const found = new Set<number>();
    for (const head of this.heads)
      for (let frame = this.link(head); this.isFrame(frame) && !found.has(frame); frame = this.link(frame))
        found.add(frame);
    return found;
  }

  /** What the word at an address leads to. */
  link(address: number): number {
    return this.ram.load64(address);
  }

  isFrame(address: number): boolean {
    return address >= Math.max(this.end, KERNBASE) && address < this.physTop && address % PGSIZE === 0;
  }
}
