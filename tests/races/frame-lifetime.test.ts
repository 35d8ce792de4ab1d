import { describe, expect, it } from 'vitest';
import { KernelEvent } from '../../src/memory/access.js';
import type { TraceEvent } from '../../src/memory/trace-event.js';
import { FrameLifetime } from '../../src/races/frame-lifetime.js';
import { note, store, watch } from '../support/trace-events.js';

const { FrameAllocated, FrameFreed, FrameMapped, FrameUnmapped, LockAcquired, LockReleased } = KernelEvent;

/** A frame that was mapped before the run, by the entry at PTE, one that was free, and one in the kernel's own use. */
const MAPPED = 0x8010_0000;
const PTE = 0x8010_1000;
const FREE = 0x8010_2000;
const USED = 0x8010_3000;
const LOCK = 0x8000_0040;
const OTHER_LOCK = 0x8000_0080;

function made(): FrameLifetime {
  return new FrameLifetime({
    harts: 2,
    ramSize: 2 << 20,
    describe: (address) => `0x${address.toString(16)}`,
    guardOf: () => undefined,
    allocatorLocks: [LOCK],
    atStart: { mappedBy: new Map([[MAPPED, [PTE]]]), free: new Set([FREE]) },
    pidsAtStart: [0, 0],
  });
}

function kinds(...events: readonly TraceEvent[]): readonly string[] {
  return watch(made(), events).map(({ kind }) => kind);
}

describe('frame lifetime', () => {
  it('knows from the start who maps a frame: freeing it under them is use after free', () => {
    expect(kinds(note(0, FrameFreed, MAPPED))).toEqual(['use-after-free']);
    expect(kinds(note(0, FrameUnmapped, PTE, MAPPED), note(0, FrameFreed, MAPPED))).toEqual([]);
  });

  it('knows from the start which frames are free: freeing one again is a double free', () => {
    expect(kinds(note(0, FrameFreed, FREE))).toEqual(['double-free']);
    expect(kinds(note(0, FrameAllocated, FREE), note(1, FrameFreed, FREE))).toEqual([]);
  });

  it('tells of a frame that is handed out while somebody has it', () => {
    expect(kinds(note(0, FrameAllocated, FREE), note(1, FrameAllocated, FREE))).toEqual(['double-allocation']);
    expect(kinds(note(0, FrameAllocated, USED))).toEqual(['double-allocation']);
  });

  it('tells of a word written to a free frame, but not of the link to the next that the allocator writes under its lock', () => {
    expect(kinds(store(0, FREE + 8))).toEqual(['use-after-free']);
    expect(kinds(store(0, FREE))).toEqual(['use-after-free']);
    expect(kinds(note(0, LockAcquired, LOCK), store(0, FREE))).toEqual([]);
    expect(kinds(note(0, LockAcquired, LOCK), store(0, FREE + 8))).toEqual(['use-after-free']);
    expect(kinds(note(0, LockAcquired, LOCK), store(1, FREE))).toEqual(['use-after-free']);
    expect(kinds(note(0, LockAcquired, OTHER_LOCK), store(0, FREE))).toEqual(['use-after-free']);
    expect(kinds(note(0, LockAcquired, LOCK), note(0, LockReleased, LOCK), store(0, FREE))).toEqual(['use-after-free']);
  });

  it('tells of a mapping that is made after the frame was freed', () => {
    expect(kinds(note(0, FrameFreed, USED), note(1, FrameMapped, PTE, USED))).toEqual(['use-after-free']);
  });

  it('begins every run with the frames as they were at the start', () => {
    const observer = made();
    watch(observer, [note(0, FrameAllocated, FREE), note(1, FrameFreed, USED)]);
    expect(watch(observer, [store(0, USED + 8)])).toEqual([]);
    expect(watch(observer, [store(0, FREE + 8)])).toMatchObject([{ kind: 'use-after-free' }]);
  });
});
