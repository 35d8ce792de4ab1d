import { atomicCounts } from './atomic.js';
import type { CountingScheme } from './counting-scheme.js';
import { oneLock, perPage, striped } from './locked.js';

/** Ways to count that stand beside those of the designs. Add new ones here. */
export const countingSchemes: readonly CountingScheme[] = [oneLock, striped, perPage, atomicCounts];

/** What is chosen by default: each design's own. */
export const OWN_COUNTS = { name: 'own', summary: "the design's own way" } as const;

/** All that can be chosen by name. */
export const refsChoices: readonly { readonly name: string; readonly summary: string }[] = [
  OWN_COUNTS,
  ...countingSchemes,
];
