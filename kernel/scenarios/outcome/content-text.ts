import { get32 } from '../../fs/format.js';

const LISTED = 6;

/** Bytes in words that are the same for equal bytes, and for others by a chance of one in 2^52: which words are not zero, or a digest where those are many. */
export function contentText(bytes: Uint8Array): string {
  const [first = 0] = bytes;
  if (bytes.every((byte) => byte === first)) return first === 0 ? 'zeros' : `${bytes.length} bytes ${hex(first)}`;
  const words: string[] = [];
  for (let at = 0; at + 4 <= bytes.length && words.length <= LISTED; at += 4) {
    const word = get32(bytes, at);
    if (word !== 0) words.push(`${word} at +${at}`);
  }
  const rest = bytes.subarray(bytes.length - (bytes.length % 4));
  if (words.length <= LISTED && rest.every((byte) => byte === 0)) return words.join(', ');
  return `${bytes.length} bytes, ${words.slice(0, 2).join(', ')}, digest ${digest(bytes)}`;
}

function digest(bytes: Uint8Array): string {
  let low = bytes.length;
  let high = 0x9e37_79b9;
  for (const byte of bytes) {
    low = Math.imul(low ^ byte, 0x85eb_ca6b);
    low ^= low >>> 15;
    high = Math.imul(high ^ byte, 0xc2b2_ae35) ^ low;
    high = (high << 13) | (high >>> 19);
  }
  return hex((high >>> 12) * 0x1_0000_0000 + (low >>> 0));
}

export function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
