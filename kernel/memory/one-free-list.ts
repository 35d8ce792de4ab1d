import { FreeFrames, type FreeListKind, type Taken } from './free-list.js';

/** xv6's way. */
export class OneFreeList extends FreeFrames {
  private readonly list = this.lists[0]!;

  take(taken: Taken): number {
    return this.takeFrom(this.list, taken);
  }

  put(pa: number): void {
    this.putOn(this.list, pa);
  }
}

export const oneFreeList: FreeListKind = {
  name: 'one',
  summary: 'one list under one lock for all harts',
  lists: () => 1,
  FreeFrames: OneFreeList,
};
