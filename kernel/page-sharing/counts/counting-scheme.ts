import type { KernelContext } from '../../context.js';
import type { KernelArea, KernelLayout, LayoutConfig, Placeable } from '../../layout.js';
import { frameNumber, framesBelow } from '../entries.js';
import type { ReferenceCounts } from '../page-sharing.js';

/**
 * A way to keep a count for every frame of RAM, so that of harts that change one count at once none loses its change. It
 * can stand in for the way of a design in which nothing but the one count has to change at once.
 *
 * Nobody asks for a count and then acts on it: it may be another by then. `decrement` says what it has left itself, and
 * that is enough. Exactly one of those who let go of a frame is told 0, and frees it. No count rises again from 0, as
 * only who maps a frame shares it, and their own mapping is counted until later. For the same reason a count of 1, seen by
 * who maps the frame, would stay 1: "am I the only one?" takes no lock, but it does take an atomic load, so that what the
 * others read of the frame lies before what is written to it.
 */
export interface CountingScheme {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** As `DesignForm.guard`, for counts of this name. */
  guard(name: string): string;
  /** @param frames of RAM */
  places(frames: number): CountPlaces;
  /** One hart's hand on them; `at`: where the space begins. */
  readonly Counts: new (
    cx: KernelContext,
    at: number,
    places: CountPlaces,
  ) => FrameCounts;
}

/** Where counts and their locks lie, in bytes from where the scheme's space begins. All of it is zero at boot. */
export interface CountPlaces {
  readonly type: Placeable;
  readonly locks: readonly number[];
  /** The count of the frame with this number, a word. */
  countOf(frame: number): number;
  /** The lock that guards it; undefined: none does. */
  lockOf(frame: number): number | undefined;
  /** Number of the frame whose count lies there; undefined: none does. */
  frameAt(offset: number): number | undefined;
}

/** The counts as one hart changes them. `pa`: address of a frame of RAM. */
export interface FrameCounts {
  /** The count of a frame that has just left the free list, which nobody else knows. */
  begin(pa: number, count: number): void;
  increment(pa: number): void;
  /**
   * The count that this leaves. Who is told 0 comes after all that others did with the frame until they let go of it.
   * Panics below 0.
   */
  decrement(pa: number): number;
}

/** Takes the space for counts that are called `name` in reports, as their locks are. */
export function placeCounts(scheme: CountingScheme, name: string, area: KernelArea, { physTop }: LayoutConfig): number {
  const { type, locks } = scheme.places(framesBelow(physTop));
  const at = area.place(name, type);
  for (const lock of locks) area.lock(name, at + lock);
  return at;
}

/** One hart's hand on counts that begin at `layout.sharing`. */
export function frameCounts(scheme: CountingScheme, cx: KernelContext): FrameCounts {
  const { sharing, config } = cx.layout;
  return new scheme.Counts(cx, sharing, scheme.places(framesBelow(config.physTop)));
}

/** How ledger and observers look at counts that begin at `layout.sharing`. */
export function lookAtCounts(scheme: CountingScheme): Pick<ReferenceCounts, 'count' | 'guardOf'> {
  const placesIn = ({ config }: KernelLayout) => scheme.places(framesBelow(config.physTop));
  return {
    count: (mem, layout, pa) => mem.load32(layout.sharing + placesIn(layout).countOf(frameNumber(pa))) | 0,
    guardOf(layout) {
      const { sharing } = layout;
      const places = placesIn(layout);
      return (address) => {
        const frame = places.frameAt(address - sharing);
        const lock = frame === undefined ? undefined : places.lockOf(frame);
        return lock === undefined ? undefined : sharing + lock;
      };
    },
  };
}

/** Worked out once for each size of memory: an audit asks for every frame. */
export function remembered(places: (frames: number) => CountPlaces): (frames: number) => CountPlaces {
  const known = new Map<number, CountPlaces>();
  return (frames) => {
    const found = known.get(frames) ?? places(frames);
    known.set(frames, found);
    return found;
  };
}

/** Number of the element of an array that begins at an offset; undefined: none does. */
export function elementAt(offset: number, stride: number, length: number): number | undefined {
  const index = offset / stride;
  return Number.isInteger(index) && index >= 0 && index < length ? index : undefined;
}
