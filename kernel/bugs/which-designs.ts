import { designs } from '../page-sharing/designs.js';
import { eager } from '../page-sharing/eager.js';

/** A mistake of the kernel's own is possible whatever the design. */
export const everyDesign: readonly string[] = designs.map(({ name }) => name);

/** Where pages are shared at all. */
export const sharingDesigns: readonly string[] = everyDesign.filter((name) => name !== eager.name);
