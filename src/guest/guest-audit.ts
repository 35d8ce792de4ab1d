import { Hart } from '../hart/hart.js';
import { stillEngine } from '../hart/still-engine.js';
import { Privilege } from '../isa/privilege.js';
import { stackOfHart } from '../machine/hart-place.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import { type ProgramSymbols, sourceText } from '../symbols/program-symbols.js';
import type { AddressSpaces } from './address-spaces.js';
import { isInside, type KnownFunction } from './fit-profile.js';
import type { FrameOrigins } from './frame-origins.js';
import { FreeLists } from './free-list.js';
import { PageTableView } from './page-table-view.js';

/** Places that are named of frames that were lost. */
const MOST_PLACES = 3;

/** What a machine under a kernel image is audited by. */
export interface AuditedKernel {
  readonly symbols: ProgramSymbols;
  readonly functions: readonly KnownFunction[];
  /** The first address behind its code and data. */
  readonly end: number;
}

/** The free frames of some moment, and what is wrong with the lists of them. */
interface Stock {
  readonly free: ReadonlySet<number>;
  readonly wrongs: readonly string[];
}

/** What is to be said of a machine at rest. */
export interface Rest {
  readonly free: ReadonlySet<number>;
  readonly mapped: readonly string[];
  /** How many frames fewer are free than were, and where they were allocated. */
  readonly lost: string | undefined;
}

/**
 * What the memory of a machine whose harts stand still says of its frames. Nothing here is a guess: what a sound kernel may
 * do for a moment is no complaint.
 *
 * A kernel may free a frame first and clear the entry that mapped it afterwards (xv6's `uvmunmap` does), and be interrupted in
 * between. But when a program runs, nobody is in the midst of taking its address space to pieces.
 */
export class GuestAudit {
  private readonly view: PageTableView;
  private hasPrograms = false;

  constructor(
    private readonly memory: SharedMemory,
    private readonly kernel: AuditedKernel,
    private readonly spaces: AddressSpaces,
  ) {
    this.view = new PageTableView(memory);
  }

  /** Whatever the harts are in the midst of: a line for each thing that is wrong; undefined: of the allocator, so that nothing can be said. */
  inBetween(): string[] | undefined {
    if (this.isAllocating) return undefined;
    const { free, wrongs } = this.stock();
    const running = this.harts().filter(({ privilege }) => privilege === Privilege.User);
    const mapped = running.flatMap(({ id, addressSpace }) =>
      this.freeAndMapped(addressSpace, free, `the program that runs on hart ${id}`),
    );
    this.spaces.takeStock((frame) => free.has(frame));
    return [...wrongs, ...mapped];
  }

  /**
   * Where nothing is under way but for the burial of the last processes: whether frames that are free are mapped in any address
   * space that is alive, and what is missing. undefined: a hart is in the midst of the allocator, or the lists are damaged.
   * @param before frames that were free when the machine was at rest before; undefined: it was not
   */
  atRest(before: ReadonlySet<number> | undefined, origins: FrameOrigins): Rest | undefined {
    if (this.isAllocating) return undefined;
    const { free, wrongs } = this.stock();
    if (wrongs.length > 0) return undefined;
    const alive = this.spaces.takeStock((frame) => free.has(frame));
    const mapped = alive.flatMap((root) =>
      this.freeAndMapped(root, free, `the address space with its root at 0x${root.toString(16)}`),
    );
    return { free, mapped, lost: before === undefined ? undefined : this.lost(before, free, alive, origins) };
  }

  /** Whether some audit has met an address space that maps something for programs. */
  get hasSeenPrograms(): boolean {
    return this.hasPrograms;
  }

  /** In one line; undefined: as many are free as were. */
  private lost(
    before: ReadonlySet<number>,
    free: ReadonlySet<number>,
    alive: readonly number[],
    origins: FrameOrigins,
  ): string | undefined {
    const count = before.size - free.size;
    if (count <= 0) return undefined;
    const held = this.held(alive);
    const lost = [...before].filter((frame) => !free.has(frame) && !held.has(frame));
    const places = new Set(lost.flatMap((frame) => this.placeOf(origins.of(frame))));
    const from = [...places].map((place) => `; allocated by ${place}`).slice(0, MOST_PLACES);
    const [first] = lost;
    const more = lost.length === 1 ? '' : ` and ${lost.length - 1} more`;
    const which = first === undefined ? '' : `, nor in an address space: ${frameName(first)}${more}`;
    return `${count === 1 ? '1 frame is' : `${count} frames are`} not free again${which}${from.join('')}`;
  }

  /** Frames that address spaces of programs consist of, and map for whomever. */
  private held(alive: readonly number[]): ReadonlySet<number> {
    const held = new Set<number>();
    for (const root of alive) {
      const pages = this.view.pages(root);
      // The kernel's own maps all of RAM.
      if (!pages.some(({ isUsers }) => isUsers)) continue;
      for (const table of this.view.tables(root)) held.add(table);
      for (const { frame } of pages) held.add(frame);
    }
    return held;
  }

  /** `uvmcopy (kernel/vm.c:333), in fork (kernel/proc.c:300)`, where it is known. */
  private placeOf(returns: readonly number[]): string[] {
    const { symbols } = this.kernel;
    const named = returns.flatMap((pc) => symbols.codeAt(pc - 1)).filter((place) => place.function !== undefined);
    if (named.length === 0) return [];
    return [named.map((place) => `${place.function}${sourceText(place.source)}`).join(', in ')];
  }

  /** A word of the allocator's tells by its content what it is, and may have been empty before. */
  private stock(): Stock {
    const { memory, kernel } = this;
    const lists = new FreeLists(memory.ram, memory.map.physTop, kernel.symbols.symbols, kernel.end);
    const free = new Set<number>();
    const wrongs: string[] = [];
    for (const head of lists.heads) {
      const { order, end } = lists.walk(head);
      const name = kernel.symbols.describeData(head);
      if (lists.isFrame(end)) wrongs.push(`${frameName(end)} is free twice: ${name} comes to it again`);
      else if (end !== 0)
        wrongs.push(
          `${frameName(order.at(-1) ?? head)} is free and was stored in: by its first word ${name} goes on at 0x${this.link(order.at(-1) ?? head)}, which is no frame`,
        );
      const twice = order.find((frame) => free.has(frame));
      if (twice !== undefined) wrongs.push(`${frameName(twice)} is free twice: on ${name} and on another list`);
      for (const frame of order) free.add(frame);
    }
    return { free, wrongs };
  }

  /** Whatever it is, to the last digit. */
  private link(frame: number): string {
    return BigInt.asUintN(64, this.memory.ram.loadBig64(frame)).toString(16);
  }

  private freeAndMapped(root: number, free: ReadonlySet<number>, who: string): string[] {
    const pages = this.view.pages(root).filter(({ isUsers }) => isUsers);
    this.hasPrograms ||= pages.length > 0;
    const bad = pages.filter(({ frame }) => free.has(frame));
    const [first] = bad;
    if (first === undefined) return [];
    const more = bad.length === 1 ? '' : `, and ${bad.length - 1} more`;
    return [`${frameName(first.frame)} is free, and ${who} has it at 0x${first.va.toString(16)}${more}`];
  }

  /** In the midst of that, frames may be on two lists or on none. */
  private get isAllocating(): boolean {
    const { functions, symbols } = this.kernel;
    return this.harts().some(({ id }) => {
      const stack = stackOfHart(this.memory, id, symbols);
      return isInside(stack, functions, 'allocate') || isInside(stack, functions, 'free');
    });
  }

  private harts(): Hart[] {
    return this.memory.map.harts.map((_, id) => new Hart(id, this.memory, stillEngine));
  }
}

function frameName(frame: number): string {
  return `frame 0x${frame.toString(16)}`;
}
