import { PAGE_SIZE } from '../../../src/isa/sv39.js';
import type { SharedAccess } from '../../../src/memory/access.js';
import { type Census, hex, type Mapping } from '../../books/census.js';
import type { Verdict } from '../../books/verdict.js';
import type { KernelLayout } from '../../layout.js';
import { FrameKind, kindAt } from './records.js';
import { type Mapper, mappersOf } from './reverse-map.js';
import { type Segment, segmentsOf } from './segments.js';

const kindNames = Object.keys(FrameKind);
/** Mappings that a line lists before it says how many more there are. */
const LISTED = 4;

/**
 * Compares the core map with the page tables: kinds, the reverse map, and segments. One line for each frame or page on
 * which they differ; `held` are frames on which an operation is under way, which are left out.
 */
export function inspectCoreMap(
  mem: SharedAccess,
  layout: KernelLayout,
  census: Census,
  held: ReadonlyMap<number, number>,
): Verdict[] {
  const wrong: Verdict[] = [];
  const mappings = census.mappingsOf(new Uint8Array(layout.frames).fill(1));
  const pids = new Map<number, number>();
  for (const all of mappings.values()) for (const { pagetable, pid } of all) pids.set(pagetable, pid);
  const nameOf = ({ space, page }: Mapper) =>
    `${pids.has(space) ? `pid ${pids.get(space)}` : `page table ${hex(space)}`} at ${hex(page * PAGE_SIZE)}`;
  for (let frame = 0; frame < layout.frames; frame++) {
    const pa = layout.firstFrame + frame * PAGE_SIZE;
    if (held.has(pa)) continue;
    const kind = kindAt(mem, layout, pa);
    const truth = kindOf(census, frame);
    if (truth !== undefined && kind !== truth)
      wrong.push({
        place: 'core map: kind',
        summary: `core map: frame ${hex(pa)} is called ${kindNames[kind]}, but is ${kindNames[truth]}`,
      });
    if (kind !== FrameKind.User) continue;
    const known = mappersOf(mem, layout, pa);
    const found = (mappings.get(frame) ?? []).map(({ pagetable, va }) => ({ space: pagetable, page: va / PAGE_SIZE }));
    if (areSame(known, found)) continue;
    const [told, really] = [known, found].map((mappers) => listed(mappers.map(nameOf).sort()));
    wrong.push({
      place: 'core map: reverse map',
      summary: `core map: frame ${hex(pa)} is said to be mapped by ${told}, but is by ${really}`,
    });
  }
  const segments = new Map([...pids.keys()].map((root) => [root, segmentsOf(mem, layout, root)]));
  for (const all of mappings.values())
    for (const mapping of all) wrong.push(...outsideSegments(segments.get(mapping.pagetable)!, mapping));
  return wrong;
}

/** Whether the lists name the same mappers, in whatever order. */
function areSame(some: readonly Mapper[], others: readonly Mapper[]): boolean {
  if (some.length !== others.length) return false;
  const order = (a: Mapper, b: Mapper) => a.space - b.space || a.page - b.page;
  const sorted = others.toSorted(order);
  return some.toSorted(order).every(({ space, page }, i) => space === sorted[i]!.space && page === sorted[i]!.page);
}

/** What the frame is by the page tables and the free list; undefined where they do not tell. */
function kindOf(census: Census, frame: number): FrameKind | undefined {
  if (census.tables[frame] !== 0) return FrameKind.PageTable;
  if (census.mappings[frame] !== 0) return FrameKind.User;
  if (census.pipes[frame] !== 0) return FrameKind.Kernel;
  return census.free[frame] !== 0 ? FrameKind.Free : undefined;
}

function outsideSegments(segments: readonly Segment[], { va, pid, writable }: Mapping): Verdict[] {
  const page = va / PAGE_SIZE;
  const segment = segments.find(({ start, end }) => page >= start && page < end);
  const blame = (place: string, what: string) => [{ place, summary: `core map: pid ${pid} ${what}` }];
  if (segment === undefined)
    return blame('core map: page without a segment', `has a page at ${hex(va)}, where it has no segment`);
  return writable && !segment.writable
    ? blame('core map: writable in a read-only segment', `may write at ${hex(va)}, where its segment is read-only`)
    : [];
}

function listed(places: readonly string[]): string {
  if (places.length === 0) return 'nobody';
  const more = places.length - LISTED;
  return `${places.slice(0, LISTED).join(' and ')}${more > 0 ? ` and ${more} more` : ''}`;
}
