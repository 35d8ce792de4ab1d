import { PAGE_SIZE } from '../../src/isa/sv39.js';
import type { SharedAccess } from '../../src/memory/access.js';
import { type KernelLayout, system } from '../layout.js';
import type { DesignForm, ReferenceCounts } from '../page-sharing/page-sharing.js';
import { Census, hex, type Mapping, type ValidEntries } from './census.js';
import type { Verdict } from './verdict.js';

/** What an audit found. Frames are 4 KiB; a frame that is several things is counted as each. */
export interface LedgerReport {
  /** Empty when the books balance. */
  readonly verdicts: readonly Verdict[];
  /** Their summaries: one line each, in the kernel's own names. */
  readonly violations: readonly string[];
  readonly frames: {
    readonly total: number;
    readonly free: number;
    /** In user page tables: mapped once, and by more than one entry. */
    readonly single: number;
    readonly shared: number;
    readonly pageTables: number;
    readonly pipes: number;
    readonly lost: number;
  };
}

/** Mappings that a line lists before it says how many more there are. */
const LISTED = 4;

/**
 * Recomputes who refers to every frame, and compares with the design's counts and the free list.
 *
 * Call it at rest: every hart stopped outside the kernel, or parked; or, between two steps of a controlled schedule,
 * with the frames that operations in flight hold. Only reads, plainly, and takes no lock; needs no hart. Never throws
 * for anything that it finds in guest RAM.
 *
 * @param holds frames that an operation in flight refers to beside the page tables: how often each
 * @param entries what page tables hold, for those who know it without looking
 */
export function audit(
  mem: SharedAccess,
  layout: KernelLayout,
  form: DesignForm,
  holds: ReadonlyMap<number, number> = new Map(),
  entries?: ValidEntries,
): LedgerReport {
  const census = new Census(mem, layout, form.freeLink, entries);
  // Before boot has put the frames on the free list, they are nobody's.
  const booted = system.fields.started.load(mem, layout.system) !== 0;
  const suspects = new Uint8Array(layout.frames);
  const totals = {
    ...{ total: layout.frames, free: census.freeFrames, single: 0, shared: 0, pageTables: 0, pipes: 0, lost: 0 },
  };
  const findings = new Map<number, readonly Finding[]>();
  // One object for all frames: an audit after every run of thousands is to make no garbage.
  const state: FrameState = { mappings: 0, writers: 0, tables: 0, pipes: 0, free: false, holds: 0, count: undefined };
  for (let frame = 0; booted && frame < layout.frames; frame++) {
    const pa = layout.firstFrame + frame * PAGE_SIZE;
    state.mappings = census.mappings[frame]!;
    state.writers = census.writers[frame]!;
    state.tables = census.tables[frame]!;
    state.pipes = census.pipes[frame]!;
    state.free = census.free[frame] !== 0;
    state.holds = holds.size === 0 ? 0 : (holds.get(pa) ?? 0);
    state.count = form.counts?.count(mem, layout, pa);
    if (state.mappings === 1) totals.single++;
    else if (state.mappings > 1) totals.shared++;
    if (state.tables > 0) totals.pageTables++;
    totals.pipes += state.pipes;
    if (isLost(state)) totals.lost++;
    const found = judge(state, form.counts, !census.freeListBroken);
    if (found.length === 0) continue;
    suspects[frame] = 1;
    findings.set(frame, found);
  }
  const verdicts = [...census.broken];
  const mappers = findings.size === 0 ? new Map<number, Mapping[]>() : census.mappingsOf(suspects);
  for (const [frame, found] of findings) {
    const name = `frame ${hex(layout.firstFrame + frame * PAGE_SIZE)}`;
    for (const { place, follows } of found)
      verdicts.push({ place, summary: name + follows(users(mappers.get(frame) ?? [])) });
  }
  if (census.freeListBroken && totals.lost > 0)
    verdicts.push({
      place: 'lost beside a broken free list',
      summary: `${totals.lost} frames are neither in use nor on what can be read of the free list`,
    });
  if (booted) verdicts.push(...(form.inspect?.(mem, layout, census, holds) ?? []));
  return { verdicts, violations: verdicts.map(({ summary }) => summary), frames: totals };
}

interface FrameState {
  mappings: number;
  writers: number;
  tables: number;
  /** 1: a pipe lies in it. */
  pipes: number;
  free: boolean;
  holds: number;
  /** What the design believes; undefined when it keeps no counts. */
  count: number | undefined;
}

/** What is wrong with a frame; `follows`: the frame's name in a sentence about it, given who maps it. */
interface Finding {
  readonly place: string;
  readonly follows: (mappedBy: string) => string;
}

/** @param listReadable whether a frame that is not on the free list can be told from one that was not reached */
function judge(frame: FrameState, counts: ReferenceCounts | undefined, listReadable: boolean): readonly Finding[] {
  const { mappings, writers, tables, pipes, free, count } = frame;
  const lost = isLost(frame);
  const miscounted = !lost && counts !== undefined && count !== undefined && isMiscounted(frame, counts, count);
  const uses = Number(free) + Number(mappings > 0) + Number(tables > 0) + pipes;
  const clash = uses > 1 || (writers > 0 && mappings > 1);
  if (!clash && !miscounted && !(lost && listReadable)) return NONE;
  const found: Finding[] = [];
  const blame = (place: string, follows: Finding['follows']) => found.push({ place, follows });
  if (free && mappings > 0) blame('free and mapped', (by) => ` is on the free list and ${by}`);
  if (free && tables > 0) blame('free and a page table', () => ' is on the free list and a page table');
  if (free && pipes > 0) blame('free and a pipe', () => ' is on the free list and a pipe');
  if (pipes > 0 && mappings > 0) blame('a pipe and mapped', (by) => ` is a pipe and ${by}`);
  if (pipes > 0 && tables > 0) blame('a pipe and a page table', () => ' is a pipe and a page table');
  if (tables > 0 && mappings > 0) blame('a page table and mapped', (by) => ` is a page table and ${by}`);
  if (writers > 0 && mappings > 1) blame('shared, yet writable', (by) => ` is shared, yet writable: ${by}`);
  if (lost && listReadable)
    blame('lost', () => ` is lost: no mapping, not free${count === undefined ? '' : `, count ${count}`}`);
  if (miscounted && free && mappings === 0)
    blame('free, but counted', () => ` is on the free list, but its count is ${count}`);
  else if (miscounted)
    blame(count! < counts.expected(mappings, tables + pipes) ? 'counted too few' : 'counted too many', (by) => {
      return `: count ${count}, but ${by}`;
    });
  return found;
}
const NONE: readonly Finding[] = [];

function isMiscounted(
  { mappings, tables, pipes, free, holds }: FrameState,
  counts: ReferenceCounts,
  count: number,
): boolean {
  if (free && mappings === 0) return count !== counts.whenFree;
  // While an operation holds the frame, its count may or may not include that hold.
  const least = counts.expected(mappings, tables + pipes);
  return count < least || count > least + holds;
}

function isLost({ mappings, tables, pipes, free, holds }: FrameState): boolean {
  return mappings === 0 && tables === 0 && pipes === 0 && !free && holds === 0;
}

function users(mappings: readonly Mapping[]): string {
  if (mappings.length === 0) return 'nobody maps it';
  const listed = mappings
    .slice(0, LISTED)
    .map(({ pid, va, writable }) => `pid ${pid} at ${hex(va)}${writable ? ' (writable)' : ''}`);
  const more = mappings.length - listed.length;
  return `mapped by ${listed.join(' and ')}${more > 0 ? ` and ${more} more` : ''}`;
}
