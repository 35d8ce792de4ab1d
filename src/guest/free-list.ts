import type { DirectAccess } from '../memory/direct-access.js';
import { KERNBASE, PGSIZE } from '../memory/map.js';
import type { ElfSymbol } from '../symbols/elf-symbols.js';

/** The variable in which xv6, and everything that grew from it, keeps its free frames: one list, or an array of them. */
const ALLOCATOR = 'kmem';
const POINTER = 8;

/** A list of free frames from its first to where it ends. */
export interface FreeWalk {
  readonly order: readonly number[];
  /** 0; or what is wrong with it: a frame that the list has led to before, or no frame at all. */
  readonly end: number;
}

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
    return new Set([...this.heads].flatMap((head) => this.order(head)));
  }

  /** The lists as they are now, for those who will want to know how they differ later. */
  remember(): FreeFrames {
    const orders = [...this.heads].map((head) => this.order(head));
    return new FreeFrames(this, orders);
  }

  /** Frames of a list, first to last. */
  order(head: number): readonly number[] {
    return this.walk(head).order;
  }

  /** The same, and what the last of them leads to: 0 where nothing is wrong. */
  walk(head: number): FreeWalk {
    const found = new Set<number>();
    let at = this.link(head);
    for (; this.isFrame(at) && !found.has(at); at = this.link(at)) found.add(at);
    return { order: [...found], end: at };
  }

  /** What the word at an address leads to. */
  link(address: number): number {
    return this.ram.load64(address);
  }

  isFrame(address: number): boolean {
    return address >= Math.max(this.end, KERNBASE) && address < this.physTop && address % PGSIZE === 0;
  }
}

/** The free frames of some moment. */
export class FreeFrames {
  readonly size: number;
  /** By frame: which list, and its place there. */
  private readonly places = new Map<number, { readonly list: number; readonly place: number }>();

  /** @param orders of each list, its frames from first to last */
  constructor(
    private readonly lists: FreeLists,
    private readonly orders: readonly (readonly number[])[],
  ) {
    for (const [list, order] of orders.entries())
      for (const [place, frame] of order.entries())
        if (!this.places.has(frame)) this.places.set(frame, { list, place });
    this.size = this.places.size;
  }

  /**
   * Those that there are now.
   * @param written frames that may have been written since: the rest of a list behind the last of them is what it was
   */
  now(written: ReadonlySet<number>): FreeNow {
    const changedUpTo = this.orders.map(() => 0);
    for (const frame of written) {
      const known = this.places.get(frame);
      if (known !== undefined) changedUpTo[known.list] = Math.max(changedUpTo[known.list]!, known.place + 1);
    }
    const found = new Set<number>();
    let rest = 0;
    const joined = new Map<number, number>();
    for (const head of this.lists.heads)
      for (
        let frame = this.lists.link(head);
        this.lists.isFrame(frame) && !found.has(frame);
        frame = this.lists.link(frame)
      ) {
        const known = this.places.get(frame);
        if (known !== undefined && known.place >= changedUpTo[known.list]!) {
          const from = joined.get(known.list);
          const length = this.orders[known.list]!.length;
          const end = from ?? length;
          if (known.place < end) rest += end - known.place;
          joined.set(known.list, Math.min(end, known.place));
          break;
        }
        found.add(frame);
      }
    const isOfRest = (frame: number): boolean => {
      const known = this.places.get(frame);
      const from = known && joined.get(known.list);
      return from !== undefined && known!.place >= from;
    };
    return { size: found.size + rest, has: (frame) => found.has(frame) || isOfRest(frame) };
  }
}

/** Free frames, of which not all need have been looked at. */
export interface FreeNow {
  readonly size: number;
  has(frame: number): boolean;
}
