import type { Hart } from '../hart/hart.js';
import { KernelEvent, type SharedAccess } from '../memory/access.js';
import type { DirectAccess } from '../memory/direct-access.js';
import type { KnownFunction } from './fit-profile.js';
import type { FreeLists } from './free-list.js';

const RA = 1;
const SP = 2;
const A0 = 10;
/** Bytes of a lock, at most. */
const LOCK_BYTES = 64;
/** Calls that may be under way: what a hart left by switching stacks does not come back here. */
const MOST_CALLS = 32;

/** The kernel says that it cannot go on. */
export class GuestPanic extends Error {
  override readonly name = 'panic';
  /** The same from run to run. */
  get place(): string {
    return this.message.replaceAll(/0x[0-9a-f]+|\d+/gi, '').trim();
  }
}

/** A call of a function whose return tells something. */
interface Call {
  readonly callee: KnownFunction;
  readonly returnsTo: number;
  readonly sp: number;
  readonly argument: number;
}

/** Tells observers what a kernel does, by the functions that it comes to and the heads of its free lists. */
export class GuestProbes {
  private readonly byAddress: ReadonlyMap<number, KnownFunction>;
  private calls: Call[] = [];
  /** Locks that this hart has taken in this run and not let go of. */
  private readonly held = new Set<number>();
  /** The frame that this hart took off a list last. */
  private taken = 0;

  /** @param textAt the text that a virtual address leads to; undefined: none */
  constructor(
    private readonly hart: Hart,
    private readonly mem: SharedAccess,
    functions: readonly KnownFunction[],
    private readonly lists: FreeLists,
    private readonly textAt: (address: number) => string | undefined,
  ) {
    this.byAddress = new Map(functions.map((known) => [known.address, known]));
    for (const { address } of functions) hart.probe(address);
  }

  /** The hart has come to an instruction by a jump. Throws GuestPanic where the kernel gives up. */
  arrive(pc: number): void {
    if (this.calls.length > 0) this.returned(pc);
    const known = this.byAddress.get(pc);
    if (known !== undefined) this.called(known);
  }

  /**
   * The head of a free list is about to be written, and was.
   * @param before what it led to
   */
  headWritten(before: number, now: number): void {
    const { lists, mem } = this;
    if (lists.isFrame(before) && lists.link(before) === now) {
      this.taken = before;
      mem.note(KernelEvent.FrameAllocated, before, 0);
    } else if (lists.isFrame(now) && lists.link(now) === before) mem.note(KernelEvent.FrameFreed, now, 0);
  }

  get holdsLock(): boolean {
    return this.held.size > 0;
  }

  /**
   * The hart is in its idle loop, and in nothing that it has called: whoever made the calls that are under way has been switched
   * out in the middle of them, and goes on elsewhere. (An interrupt comes where `release` allows it again, before it returns.)
   */
  abandonCalls(): void {
    for (const { callee, argument } of this.calls) if (callee.role === 'release') this.held.delete(argument);
    this.calls = [];
  }

  /** Whether this hart is taking a lock. */
  get isTaking(): boolean {
    for (const { callee } of this.calls) if (callee.role === 'acquire') return true;
    return false;
  }

  /** Whether the address lies in a lock that this hart is taking: a lock's own words order, whatever instructions access them. */
  takes(address: number): boolean {
    return this.calls.some(
      ({ callee, argument }) => callee.role === 'acquire' && address >= argument && address < argument + LOCK_BYTES,
    );
  }

  private called(callee: KnownFunction): void {
    const { hart, mem } = this;
    const argument = hart.getNumber(A0 + callee.argument);
    switch (callee.role) {
      case 'acquire':
        mem.note(KernelEvent.LockWanted, argument, 0);
        this.remember(callee, argument);
        break;
      case 'release':
        mem.note(KernelEvent.LockReleased, argument, 0);
        this.remember(callee, argument);
        break;
      case 'allocate':
        this.taken = 0;
        this.remember(callee, argument);
        break;
      case 'panic':
        throw new GuestPanic(this.textAt(argument) ?? callee.name);
      default:
    }
  }

  private remember(callee: KnownFunction, argument: number): void {
    const { hart } = this;
    const returnsTo = hart.getNumber(RA);
    hart.probe(returnsTo);
    this.calls.push({ callee, argument, returnsTo, sp: hart.getNumber(SP) });
    if (this.calls.length > MOST_CALLS) this.calls.shift();
  }

  private returned(pc: number): void {
    const { hart, mem } = this;
    let place = this.calls.length - 1;
    while (place >= 0 && this.calls[place]!.returnsTo !== pc) place--;
    if (place < 0) return;
    const { callee, argument, sp } = this.calls[place]!;
    if (sp !== hart.getNumber(SP)) return;
    this.calls.splice(place, 1);
    if (callee.role === 'release') this.held.delete(argument);
    else if (callee.role === 'acquire') {
      this.held.add(argument);
      mem.note(KernelEvent.LockAcquired, argument, 0);
    } else this.allocated(hart.getNumber(A0));
  }

  /** A frame that came off no list as this hart saw it was handed out all the same: another hart had taken it. */
  private allocated(frame: number): void {
    const { lists, mem } = this;
    if (lists.heads.size > 0 && lists.isFrame(frame) && frame !== this.taken)
      mem.note(KernelEvent.FrameAllocated, frame, 0);
  }
}

/** Longest text of a panic. */
const LONGEST = 120;

/** The text at an address, byte by byte; undefined where none can be read. */
export function textAt(ram: DirectAccess, pa: number, end: number): string | undefined {
  let text = '';
  for (let at = pa; at < end && text.length < LONGEST; at++) {
    const byte = ram.load8(at);
    if (byte === 0) return text === '' ? undefined : text;
    if (byte < 0x20 || byte > 0x7e) return undefined;
    text += String.fromCharCode(byte);
  }
  return text === '' ? undefined : text;
}
