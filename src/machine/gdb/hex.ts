/** Bytes as pairs of hexadecimal digits, as packets have them. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** undefined where it is no sequence of pairs. */
export function fromHex(text: string): Uint8Array | undefined {
  return text.length % 2 === 0 && /^[0-9a-f]*$/i.test(text) ? new Uint8Array(Buffer.from(text, 'hex')) : undefined;
}

/** A register's 64 bits, the lowest byte first. */
export function registerToHex(value: bigint): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  return bytes.toString('hex');
}

export function registerFromHex(text: string): bigint | undefined {
  const bytes = fromHex(text);
  return bytes?.length === 8 ? Buffer.from(bytes).readBigUInt64LE() : undefined;
}

/** An address or number of at most 64 bits. */
export function number(text: string): bigint | undefined {
  return /^[0-9a-f]{1,16}$/i.test(text) ? BigInt(`0x${text}`) : undefined;
}
