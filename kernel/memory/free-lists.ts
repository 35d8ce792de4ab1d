import type { FreeListKind } from './free-list.js';
import { hartFreeLists } from './hart-free-lists.js';
import { oneFreeList } from './one-free-list.js';

/** Every way to keep the free frames; the first is the default. Add new ones here. */
export const freeLists: readonly FreeListKind[] = [oneFreeList, hartFreeLists];
export const DEFAULT_FREE_LIST = oneFreeList;
