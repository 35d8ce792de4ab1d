/**
 * What a system call's handler returns when the process does not run on this hart any more: it sleeps in the call, or
 * has exited. Anything else is the int or address for a0.
 */
export const GONE = Number.NEGATIVE_INFINITY;
