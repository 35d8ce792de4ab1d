import { kmem } from '../layout.js';
import { PageMapLock, pageMapLock } from '../page-sharing/page-map-lock.js';
import type { Bug } from './bug.js';

class WrongLock extends PageMapLock {
  protected override addMap(pa: number): void {
    const { mem, spin, layout } = this.cx;
    const count = this.countAt(pa);
    const lock = kmem.fields.lock.at(layout.kmems[0]!);
    spin.acquire(lock);
    mem.store32(count, mem.load32(count) + 1);
    spin.release(lock);
  }
}

export const wrongLock: Bug = {
  name: 'wrong-lock',
  summary: 'increments are made under the lock of the allocator, decrements under that of the counts',
  explanation:
    'Every change of a count holds a lock, but not the same one: addMap takes kmem.lock, as the design next ' +
    'door does, and subMap takes the lock of pgMap. Two harts that each hold their lock change one count at ' +
    'once, and a change is lost exactly as with no lock at all. It looks right in every function taken by ' +
    'itself.',
  designs: [pageMapLock.name],
  harmful: true,
  expected: ['use-after-free', 'double-free', 'ledger', 'content'],
  scenario: 'fork-exit',
  change: (sound) => ({ ...sound, Sharing: WrongLock }),
};
