/** ELF files to damage: a good one, field by field. Offsets are those of the System V ABI, written out a second time on purpose. */

export interface SegmentFields {
  type?: number;
  flags?: number;
  offset?: bigint;
  vaddr?: bigint;
  /** As `vaddr` when there is none. */
  paddr?: bigint;
  fileSize?: bigint;
  memSize?: bigint;
}

export interface ImageFields {
  magic?: number[];
  class?: number;
  data?: number;
  type?: number;
  machine?: number;
  entry?: bigint;
  programHeaderSize?: number;
  segments?: SegmentFields[];
  /** Bytes after the headers. */
  content?: number;
}

const HEADER = 64;
const PHDR = 56;

/** Without fields: one page of executable zeros at 0, entry 0. */
export function elfImage(fields: ImageFields = {}): Uint8Array {
  const segments = fields.segments ?? [{}];
  const start = HEADER + PHDR * segments.length;
  const image = Buffer.alloc(start + (fields.content ?? 4096));
  image.set(fields.magic ?? [0x7f, 0x45, 0x4c, 0x46], 0);
  image[4] = fields.class ?? 2;
  image[5] = fields.data ?? 1;
  image[6] = 1;
  image.writeUInt16LE(fields.type ?? 2, 16);
  image.writeUInt16LE(fields.machine ?? 243, 18);
  image.writeUInt32LE(1, 20);
  image.writeBigUInt64LE(fields.entry ?? 0n, 24);
  image.writeBigUInt64LE(BigInt(HEADER), 32);
  image.writeUInt16LE(HEADER, 52);
  image.writeUInt16LE(fields.programHeaderSize ?? PHDR, 54);
  image.writeUInt16LE(segments.length, 56);
  segments.forEach((segment, i) => {
    const at = HEADER + PHDR * i;
    image.writeUInt32LE(segment.type ?? 1, at);
    image.writeUInt32LE(segment.flags ?? 5, at + 4);
    image.writeBigUInt64LE(segment.offset ?? BigInt(start), at + 8);
    image.writeBigUInt64LE(segment.vaddr ?? 0n, at + 16);
    image.writeBigUInt64LE(segment.paddr ?? segment.vaddr ?? 0n, at + 24);
    image.writeBigUInt64LE(segment.fileSize ?? 4096n, at + 32);
    image.writeBigUInt64LE(segment.memSize ?? 4096n, at + 40);
  });
  return new Uint8Array(image);
}
