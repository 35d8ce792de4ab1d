import type { Hart } from '../hart/hart.js';
import { PAGE_SIZE, Pte, ptePa } from '../isa/sv39.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import { array, atomic32, struct, u32 } from '../memory/struct.js';
import { PageTableView } from './page-table-view.js';

/** Address spaces that are kept; a kernel has one a process and one of its own. */
const MOST_SPACES = 1024;
const WORDS = 3;
/** Of a virtual address: the bits that Sv39 translates, but for those within a page. */
const PAGE_OF_ADDRESS = 2n ** 39n - BigInt(PAGE_SIZE);

/** The page tables that harts have loaded into satp. Harts add to it; whoever looks while all stand still takes out what is dead. */
export const spacesBlock = struct('address spaces', {
  /** How many there are; more than there is room for when some could not be kept. */
  count: atomic32,
  /** Raised when some were taken out: whoever remembers which are there forgets it. */
  version: atomic32,
  /** Of each the numbers of three pages: its root's frame, and where the trap vector lay in it, virtual and physical. */
  spaces: array(u32, MOST_SPACES * WORDS),
});

const { count, version, spaces } = spacesBlock.fields;

interface Space {
  readonly root: number;
  /** Page of the trap vector, and the frame that it had. */
  readonly vector: number;
  readonly code: number;
}

/**
 * Address spaces by the satp values that harts have loaded.
 *
 * A root may be freed and its frame become something else, which no satp tells. But an address space in which a hart can be
 * interrupted maps the code of its trap vector; so one is alive as long as it maps that where it did, for the supervisor
 * alone, and its root is not free. What is taken to pieces has lost that, and no other content of a frame has it.
 */
export class AddressSpaces {
  private readonly view: PageTableView;
  private readonly known = new Set<number>();
  private knownVersion = 0;
  private last = 0;

  /** @param at offset of the block in the host's part of the memory */
  constructor(
    private readonly memory: SharedMemory,
    private readonly at: number,
  ) {
    this.view = new PageTableView(memory);
  }

  /** The hart may have loaded another one: to be called by its own thread, often. */
  note(hart: Hart): void {
    const root = hart.addressSpace;
    if (root === this.last) return;
    this.last = root;
    const now = version.load(this.memory.host, this.at);
    if (now !== this.knownVersion) this.known.clear();
    this.knownVersion = now;
    if (root === 0 || this.known.has(root)) return;
    const vector = Number(hart.getCsr('stvec') & PAGE_OF_ADDRESS);
    const code = this.codeAt(root, vector);
    if (code === undefined) return;
    this.known.add(root);
    this.add({ root, vector, code });
  }

  /**
   * Roots of those that are alive, the kernel's own among them; those that are not are forgotten. For one who looks while all
   * harts stand still.
   * @param isFree whether a frame is free
   */
  takeStock(isFree: (frame: number) => boolean): readonly number[] {
    const { host } = this.memory;
    const all = this.all();
    const alive = all.filter((space) => !isFree(space.root) && this.codeAt(space.root, space.vector) === space.code);
    if (alive.length < all.length) {
      for (const [i, space] of alive.entries()) this.put(i, space);
      count.store(host, this.at, alive.length);
      version.add(host, this.at, 1);
    }
    return [...new Set(alive.map(({ root }) => root))];
  }

  /** Frame of the supervisor's code at a page of an address space; undefined: it has none there. */
  private codeAt(root: number, page: number): number | undefined {
    const leaf = this.view.leafAt(root, page);
    if (leaf === undefined || (leaf.entry & Pte.X) === 0 || (leaf.entry & Pte.U) !== 0) return undefined;
    return ptePa(leaf.entry) + (page % leaf.size);
  }

  private all(): Space[] {
    const kept = Math.min(count.load(this.memory.host, this.at), MOST_SPACES);
    return Array.from({ length: kept }, (_, i) => this.get(i));
  }

  private get(index: number): Space {
    const { host } = this.memory;
    const [root, vector, code] = [0, 1, 2].map((word) => host.load32(spaces.at(this.at, index * WORDS + word)));
    return { root: root! * PAGE_SIZE, vector: vector! * PAGE_SIZE, code: code! * PAGE_SIZE };
  }

  private put(index: number, { root, vector, code }: Space): void {
    const { host } = this.memory;
    for (const [word, page] of [root, vector, code].entries())
      host.store32(spaces.at(this.at, index * WORDS + word), page / PAGE_SIZE);
  }

  /** Two harts may add the same at once; it is there twice then. */
  private add(space: Space): void {
    const { host } = this.memory;
    const isThere = this.all().some(
      ({ root, vector, code }) => root === space.root && vector === space.vector && code === space.code,
    );
    if (isThere) return;
    const index = count.add(host, this.at, 1);
    if (index < MOST_SPACES) this.put(index, space);
  }
}
