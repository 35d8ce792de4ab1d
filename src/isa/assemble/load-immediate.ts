const LOW_BITS = 12n;
/** Half of the range of a 12-bit addend: adding it before the shift makes up for the addend's sign. */
const ROUNDING = 1n << (LOW_BITS - 1n);

/** Source text of instructions that leave any 64-bit value (signed or unsigned) in `rd`, using no other register. */
export function loadImmediate(rd: string, value: bigint): string[] {
  const signed = BigInt.asIntN(64, value);
  return BigInt.asIntN(32, signed) === signed ? loadWord(rd, signed) : loadWide(rd, signed);
}

/** lui and addiw reach every 32-bit value; either may be unnecessary. */
function loadWord(rd: string, value: bigint): string[] {
  const low = BigInt.asIntN(Number(LOW_BITS), value);
  const high = BigInt.asUintN(20, (value + ROUNDING) >> LOW_BITS);
  if (high === 0n) return [`addi ${rd},zero,${low}`];
  const upper = `lui ${rd},${high}`;
  // addiw, not addi: 0x7ffff800 to 0x7fffffff wrap to negative in lui.
  return low === 0n ? [upper] : [upper, `addiw ${rd},${rd},${low}`];
}

/** The upper part, without its low zeros, by the same means; then shift and add the low twelve bits. */
function loadWide(rd: string, value: bigint): string[] {
  const low = BigInt.asIntN(Number(LOW_BITS), value);
  let high = BigInt.asIntN(64, value - low) >> LOW_BITS;
  let shift = LOW_BITS;
  while ((high & 1n) === 0n) {
    high >>= 1n;
    shift++;
  }
  const steps = [...loadImmediate(rd, high), `slli ${rd},${rd},${shift}`];
  return low === 0n ? steps : [...steps, `addi ${rd},${rd},${low}`];
}
