import { coreMap } from './core-map/core-map.js';
import { eager } from './eager.js';
import { forkTree } from './fork-tree/fork-tree.js';
import { hiddenWrite } from './hidden-write/hidden-write.js';
import { kmemCount } from './kmem-count.js';
import { mappedCount } from './mapped-count.js';
import { pageMapLock } from './page-map-lock.js';
import type { SharingDesign } from './page-sharing.js';

/** Every design that can be chosen by name. Add new designs here. */
export const designs: readonly SharingDesign[] = [
  pageMapLock,
  mappedCount,
  hiddenWrite,
  coreMap,
  kmemCount,
  forkTree,
  eager,
];
export const DEFAULT_DESIGN = pageMapLock;
