import { kmem } from '../layout.js';
import { FreeFrames, type FreeListKind, type Taken } from './free-list.js';

const { lock, puts } = kmem.fields;

/**
 * A hart takes from its own list and gives to its own list, and steals a frame from another's when its own is empty.
 *
 * No deadlock: a hart never holds two of these locks at once. A stolen frame goes to whoever wanted it and on no list, so
 * none is on the way where the others miss it.
 *
 * Lists are looked at one after the other, so all can be found empty although there was a free frame all the time: it was
 * put on a list that had been looked at, and then the last one was taken from a list that had not. So the thief looks until
 * between two looks at a list nothing was put on it. Then each was empty from the one look to the other, and there is a
 * moment in between that lies between the two of every list. One look is enough at its own list, on which nobody else puts
 * anything.
 */
export class HartFreeLists extends FreeFrames {
  protected readonly own = this.lists[this.cx.hart.id]!;
  /** From the next hart's on, so that not all thieves come to hart 0's first. */
  protected readonly others = this.lists.flatMap((_, i) => {
    return i === 0 ? [] : [this.lists[(this.cx.hart.id + i) % this.lists.length]!];
  });
  /** `puts` of the list that was last stolen from. */
  private putsSeen = 0;

  take(taken: Taken): number {
    const pa = this.takeFrom(this.own, taken);
    return pa === 0 ? this.steal(taken) : pa;
  }

  put(pa: number): void {
    this.putOn(this.own, pa);
  }

  protected override push(list: number, pa: number): void {
    const { mem } = this.cx;
    super.push(list, pa);
    puts.store(mem, list, puts.load(mem, list) + 1);
  }

  protected steal(taken: Taken): number {
    for (let before = -1; ; ) {
      // Each number only grows, so none has changed when the sum is the same.
      let sum = 0;
      for (const list of this.others) {
        const pa = this.stealFrom(list, taken);
        if (pa !== 0) return pa;
        sum += this.putsSeen;
      }
      if (sum === before) return 0;
      before = sum;
    }
  }

  protected stealFrom(list: number, taken: Taken): number {
    const { mem, spin } = this.cx;
    spin.acquire(lock.at(list));
    const pa = this.pop(list, taken);
    this.putsSeen = puts.load(mem, list);
    spin.release(lock.at(list));
    return pa;
  }
}

export const hartFreeLists: FreeListKind = {
  name: 'per-hart',
  summary: 'a list and a lock for each hart, which steals from the others when its own is empty',
  lists: (harts) => harts,
  FreeFrames: HartFreeLists,
};
