import { array, struct } from '../../../src/memory/struct.js';
import type { KernelArea, LayoutConfig } from '../../layout.js';
import { spinlock } from '../../locks/spinlock.js';
import type { KernelParts } from '../../parts.js';
import { frameNumber, framesBelow } from '../entries.js';
import { type DesignForm, guardedBy, type SharingDesign } from '../page-sharing.js';
import { PublishedHiddenWrite } from './published.js';
import { FlushingTraps, placeRemoteFlush } from './remote-flush.js';
import { publishedShared, recordsAt, shared, shares, sharesAt } from './shares.js';
import { EntriesOthersWrite, HiddenWrite } from './sound.js';

function form(record: typeof shared | typeof publishedShared, Sharing: DesignForm['Sharing']): DesignForm {
  return {
    guard: 'shares',
    Sharing,
    reserve(area: KernelArea, { harts, physTop }: LayoutConfig): number {
      const address = placeRemoteFlush(area, harts);
      const page = array<unknown>(record, framesBelow(physTop));
      const head = area.place('shares', struct('shares', { lock: spinlock, page }));
      area.lock('shares', shares.fields.lock.at(head));
      return address;
    },
    counts: {
      count: (mem, layout, pa) => mem.load32(recordsAt(layout) + frameNumber(pa) * record.size),
      expected: (mappings) => Math.max(0, mappings - 1),
      whenFree: 0,
      guardOf: (layout) =>
        guardedBy(
          shares.fields.lock.at(sharesAt(layout)),
          recordsAt(layout),
          framesBelow(layout.config.physTop) * record.size,
        ),
    },
  };
}

export const hiddenWrite: SharingDesign = {
  name: 'hidden-write',
  summary: 'the last sharer of a page gets its right to write back at once, in whichever page table it is',
  forms: {
    sound: {
      ...form(shared, HiddenWrite),
      parts: (base: KernelParts) => ({ ...base, Vm: EntriesOthersWrite, Traps: FlushingTraps }),
    },
    published: form(publishedShared, PublishedHiddenWrite),
  },
};
