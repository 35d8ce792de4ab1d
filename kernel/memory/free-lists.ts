import type { FreeListKind } from './free-list.js';
import { hartFreeLists } from './hart-free-lists.js';
import { oneFreeList } from './one-free-list.js';

/** Every way to keep the free frames. Add new ones here. */
export const freeLists: readonly FreeListKind[] = [oneFreeList, hartFreeLists];
/**
 * Where a schedule is looked for: what one hart frees, any other gets next, so that a frame that is used after it was freed
 * is soon somebody else's.
 */
export const DEFAULT_FREE_LIST = oneFreeList;
/** Where harts run freely and are to get on: its lock is not what they wait for (`bench/hart-scaling.ts`). */
export const FREE_RUNNING_LIST = hartFreeLists;
