/** Values at which integer operations tend to go wrong, as signed 64-bit integers. */
export const edges: readonly bigint[] = [
  0n,
  1n,
  -1n,
  2n,
  -2n,
  0x5555_5555_5555_5555n,
  0x7fff_ffffn,
  -0x8000_0000n,
  0x8000_0000n,
  0xffff_ffffn,
  0x1_0000_0000n,
  -0x1_0000_0000n,
  0x7fff_ffff_ffff_ffffn,
  -0x8000_0000_0000_0000n,
  0x0123_4567_89ab_cdefn,
];

/** Twelve-bit immediates. */
export const immediates: readonly bigint[] = [0n, 1n, -1n, 2n, 0x7ffn, -0x800n, 0x555n];

export const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);
export const s64 = (value: bigint): bigint => BigInt.asIntN(64, value);
export const u32 = (value: bigint): bigint => BigInt.asUintN(32, value);
export const s32 = (value: bigint): bigint => BigInt.asIntN(32, value);
