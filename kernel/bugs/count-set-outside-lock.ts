import type { Kalloc } from '../memory/kalloc.js';
import { KmemCount, kmemCount } from '../page-sharing/kmem-count.js';
import type { PageSharing } from '../page-sharing/page-sharing.js';
import type { Bug } from './bug.js';

class CountSetLater extends KmemCount {
  override frameAllocated(_pa: number): void {}

  initialise(pa: number): void {
    this.store(pa, 1);
  }
}

const inKalloc = (Sound: typeof Kalloc) =>
  class CountSetOutsideLock extends Sound {
    private counts: CountSetLater | undefined;

    override attach(sharing: PageSharing): void {
      super.attach(sharing);
      if (sharing instanceof CountSetLater) this.counts = sharing;
    }

    override kalloc(): number {
      const pa = super.kalloc();
      if (pa !== 0) this.counts?.initialise(pa);
      return pa;
    }
  };

export const countSetOutsideLock: Bug = {
  name: 'count-set-outside-lock',
  summary: 'kalloc sets the count of a new frame to 1 after it has released kmem.lock',
  explanation:
    'The count is guarded by kmem.lock, and kalloc sets it to 1 a little after it has released that lock. It ' +
    'breaks the rule, and a checker of lock discipline says so. But nobody else can touch the count of a frame ' +
    'that has just been handed out: whoever freed it did so before this hart took it from the list under the ' +
    'lock, and whoever shares it later gets it from this process. Everything that could race is ordered by ' +
    'other means.',
  designs: [kmemCount.name],
  harmful: false,
  expected: ['lockset'],
  scenario: 'fault-fault',
  change: (sound) => ({ ...sound, Kalloc: inKalloc(sound.Kalloc), Sharing: CountSetLater }),
};
