import { PAGE_SIZE } from '../../src/isa/sv39.js';
import type { KernelLayout } from '../layout.js';

/*
 * Boot links all of memory without touching it: RAM is zero at power-on, and a link of 0 leads to the frame below. Only the
 * lowest frame of a list is written to. A frame that was handed out and comes back has a link that says an address, or
 * LAST_FREE. So what was never handed out is always the end of its list, from `kmem.untouched` down.
 */

/** The link of the last frame of a list. No address of a frame. */
export const LAST_FREE = 1;

/** The frame after `pa` on its list, whose link is `link`; 0: none. */
export function nextFree(pa: number, link: number): number {
  if (link === 0) return pa - PAGE_SIZE;
  return link === LAST_FREE ? 0 : link;
}

/** The link of a frame whose successor on its list is `next`; 0: it has none. */
export function linkTo(next: number): number {
  return next === 0 ? LAST_FREE : next;
}

/** The frames that are on a list at boot: from `lowest` up to `end`, which is not one of them. */
export interface Share {
  readonly lowest: number;
  readonly end: number;
}

/** @param index which of the layout's lists */
export function shareOf({ kmems, firstFrame, frames }: KernelLayout, index: number): Share {
  const upTo = (lists: number) => firstFrame + Math.floor((lists * frames) / kmems.length) * PAGE_SIZE;
  return { lowest: upTo(index), end: upTo(index + 1) };
}
