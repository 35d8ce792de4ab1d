import type { Hart } from '../hart/hart.js';
import { KERNBASE, PGSIZE } from '../memory/map.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import { GuestTranslation } from './guest-translation.js';

const RA = 1;
const FP = 8;
const A0 = 10;
const WORD = 4;
const POINTER = 8;
/** Places that are kept of a frame: who called the allocator, and who called that. */
const PLACES = 4;
/** What a word holds. */
const MOST_PLACE = 2 ** 32;

/** By frame of RAM, the place in the kernel that allocated it last: return addresses, innermost first. Harts write it, and whoever looks reads it. */
export class FrameOrigins {
  /** @param at offset of `FrameOrigins.size` bytes in the host's part of the memory */
  constructor(
    private readonly memory: SharedMemory,
    private readonly at: number,
  ) {}

  /** @param ramSize in bytes */
  static size(ramSize: number): number {
    return (ramSize / PGSIZE) * PLACES * WORD;
  }

  /** @param places below 2^32 */
  set(frame: number, places: readonly number[]): void {
    for (let i = 0; i < PLACES; i++) this.memory.host.store32(this.word(frame, i), places[i] ?? 0);
  }

  /** Empty where nobody has seen it allocated. */
  of(frame: number): readonly number[] {
    const places = Array.from({ length: PLACES }, (_, i) => this.memory.host.load32(this.word(frame, i)));
    return places.filter((place) => place !== 0);
  }

  private word(frame: number, place: number): number {
    return this.at + (((frame - KERNBASE) / PGSIZE) * PLACES + place) * WORD;
  }
}

/** Follows on a hart's own thread where calls of the allocator come back to, and with which frame. */
export class AllocationProbe {
  private readonly allocators: ReadonlySet<number>;
  private readonly returns = new Set<number>();
  private readonly translation: GuestTranslation;

  /** @param allocators addresses of the functions' first instructions */
  constructor(
    private readonly hart: Hart,
    allocators: readonly number[],
    private readonly origins: FrameOrigins,
  ) {
    this.allocators = new Set(allocators);
    this.translation = new GuestTranslation(hart);
    for (const address of allocators) hart.probe(address);
  }

  /** The hart has come to an instruction by a jump. */
  arrived(): void {
    const { hart } = this;
    const pc = Number(hart.pc);
    // A kernel runs where it lies, so that its code is known by physical addresses.
    if (this.allocators.has(pc)) this.called(hart.getNumber(RA));
    else if (this.returns.has(pc)) this.returned(pc, hart.getNumber(A0));
  }

  private called(returnsTo: number): void {
    if (this.returns.has(returnsTo)) return;
    this.returns.add(returnsTo);
    this.hart.probe(returnsTo);
  }

  /** Whichever hart the call began on: that it has come back here is enough. */
  private returned(pc: number, frame: number): void {
    const { ramSize } = this.hart.memory.map;
    if (frame < KERNBASE || frame >= KERNBASE + ramSize || frame % PGSIZE !== 0) return;
    this.origins.set(frame, [pc, ...this.callers()]);
  }

  /** By frame pointers, as far as they lead (RISC-V psABI, "Frame Pointer Convention"): ra lies at fp - 8, the caller's fp at fp - 16. */
  private callers(): number[] {
    const callers: number[] = [];
    let fp = this.hart.getNumber(FP);
    while (callers.length < PLACES - 1) {
      const [ra, next] = [this.load(fp - POINTER), this.load(fp - 2 * POINTER)];
      if (ra === undefined || next === undefined || next <= fp || ra < KERNBASE || ra >= MOST_PLACE) break;
      callers.push(ra);
      fp = next;
    }
    return callers;
  }

  private load(va: number): number | undefined {
    if (!Number.isSafeInteger(va) || va <= 0 || va % POINTER !== 0) return undefined;
    const { ram, map } = this.hart.memory;
    const pa = this.translation.translate(va, false)?.pa;
    return pa === undefined || pa < KERNBASE || pa >= map.physTop ? undefined : ram.load64(pa);
  }
}
