import { designs } from '../page-sharing/designs.js';
import { eager } from '../page-sharing/eager.js';

/** A mistake of the kernel's own is possible whatever the design. */
export const everyDesign: readonly string[] = designs.map(({ name }) => name);

/** Where pages are shared at all. */
export const sharingDesigns: readonly string[] = everyDesign.filter((name) => name !== eager.name);

/** Whose counts can be kept by a counting scheme. */
export const countedDesigns: readonly string[] = designs.flatMap(({ name, countedBy }) => (countedBy ? [name] : []));

/** Those that share pages and can have a free list for each hart. */
export const hartListDesigns: readonly string[] = designs
  .filter(({ name, forms }) => sharingDesigns.includes(name) && !forms.sound.oneFreeList)
  .map(({ name }) => name);
