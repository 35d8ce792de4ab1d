import { atomic32, bytes, struct, u32 } from '../../src/memory/struct.js';
import { spinlock } from '../locks/spinlock.js';

/** Bytes that the console keeps for readers, the line that is being typed among them. A power of two, so that the counts may wrap. */
export const INPUT_BUF = 128;

/** The console's input. Counts are of bytes since boot, modulo 2^32; byte i lies at i modulo INPUT_BUF. */
export const cons = struct('cons', {
  lock: spinlock,

  // cons.lock must be held.
  /** Typed and not yet read: complete lines from r to w, the one that is being edited from w to e. */
  buf: bytes(INPUT_BUF),
  /** Also the channel of those who wait for a line. */
  r: u32,
  w: u32,
  e: u32,
  /** An `Escape`: how far the key has come that is being typed, if it is one that sends several bytes. */
  key: u32,

  /**
   * 1: the host's input has ended, and no more bytes will come into the buffer. cons.lock must be held to change it.
   * `AtRest` looks without it: who sleeps on `end` has seen it set, so a hart that sees him asleep sees it too.
   */
  ended: atomic32,
  /**
   * In a session (of init, which starts one shell after the other): the pid that was next when the first of init's
   * children was told of the end of the input; 0 before. cons.lock must be held.
   */
  told: u32,
  /** Channel of those who wait at the end of the input, where nobody ever wakes them. */
  end: u32,
  /** 1: the first process is init. Written once, before other harts run. */
  session: u32,
});
