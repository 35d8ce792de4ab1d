import { adaptive } from './adaptive.js';
import { clh } from './clh.js';
import type { LockFamily } from './lock.js';
import { mcs } from './mcs.js';
import { testAndSet } from './test-and-set.js';
import { ticket } from './ticket.js';
import { ttasBackoff } from './ttas-backoff.js';

/** Every family of locks; the first is the default. Add new families here. */
export const lockFamilies: readonly LockFamily[] = [adaptive, testAndSet, ttasBackoff, ticket, mcs, clh];
export const DEFAULT_LOCK = adaptive;
