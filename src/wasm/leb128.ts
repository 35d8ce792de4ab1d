/** LEB128, the variable-length integers of the WebAssembly binary format (Core specification §5.2.2). */

const PAYLOAD_BITS = 7;
const PAYLOAD_MASK = 0x7f;
const CONTINUATION = 0x80;
const SIGN = 0x40;
const INT32_MIN = -(2n ** 31n);
const INT32_MAX = 2n ** 31n - 1n;

/** `value`: a whole number from 0 to 2^32 - 1. */
export function unsigned(value: number): number[] {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) throw new RangeError(`${value} is not a u32`);
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest & PAYLOAD_MASK;
    rest >>>= PAYLOAD_BITS;
    bytes.push(rest === 0 ? low : low | CONTINUATION);
  } while (rest !== 0);
  return bytes;
}

/** `value`: any integer that fits 64 bits, taken as signed. */
export function signed(value: bigint): number[] {
  // Numbers are faster, and most values are small.
  return value >= INT32_MIN && value <= INT32_MAX ? signed32(Number(value)) : signed64(value);
}

function signed32(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; ) {
    const low = rest & PAYLOAD_MASK;
    rest >>= PAYLOAD_BITS;
    const done = (low & SIGN) === 0 ? rest === 0 : rest === -1;
    bytes.push(done ? low : low | CONTINUATION);
    if (done) return bytes;
  }
}

function signed64(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asIntN(64, value);
  for (;;) {
    const low = Number(rest & BigInt(PAYLOAD_MASK));
    rest >>= BigInt(PAYLOAD_BITS);
    const done = (low & SIGN) === 0 ? rest === 0n : rest === -1n;
    bytes.push(done ? low : low | CONTINUATION);
    if (done) return bytes;
  }
}

/** A vector: the number of its elements, then the elements. */
export function vector(elements: readonly (readonly number[])[]): number[] {
  return unsigned(elements.length).concat(...elements);
}

/** Bytes that say their own length first. */
export function sized(bytes: readonly number[]): number[] {
  return unsigned(bytes.length).concat(bytes);
}

/** A name: UTF-8 with its length. */
export function name(text: string): number[] {
  return sized([...new TextEncoder().encode(text)]);
}
