import { BSIZE } from '../params.js';
import {
  bitAt,
  DIRENT_SIZE,
  type Dinode,
  dinodeAt,
  direntName,
  get16,
  get32,
  LOG_HEADER,
  NDIRECT,
  NINDIRECT,
  readDinode,
  readSuperblock,
  SUPERBLOCK,
  type Superblock,
} from './format.js';

/** An entry in use of a directory. */
export interface NamedInode {
  readonly name: string;
  readonly inum: number;
}

/** An image whose superblock and log are sound, as it is once its log is recovered. Nothing in it is changed. */
export class ImageView {
  private constructor(
    private readonly image: Uint8Array,
    readonly superblock: Superblock,
  ) {}

  static recovered(image: Uint8Array): ImageView {
    const superblock = readSuperblock(blockOf(image, SUPERBLOCK));
    const header = blockOf(image, superblock.logstart);
    const logged = get32(header, LOG_HEADER.count);
    // To copy an image takes longer than to check it.
    if (logged === 0) return new ImageView(image, superblock);
    const recovered = image.slice();
    for (let tail = 0; tail < logged; tail++)
      recovered.set(blockOf(image, superblock.logstart + 1 + tail), get32(header, LOG_HEADER.block(tail)) * BSIZE);
    return new ImageView(recovered, superblock);
  }

  block(number: number): Uint8Array {
    return blockOf(this.image, number);
  }

  /** All numbers that inodes can have. */
  inums(): number[] {
    return Array.from({ length: this.superblock.ninodes - 1 }, (_, i) => i + 1);
  }

  inode(inum: number): Dinode {
    const { block, offset } = dinodeAt(this.superblock, inum);
    return readDinode(this.block(block), offset);
  }

  /** Whether the bitmap says so. */
  isInUse(block: number): boolean {
    const bit = bitAt(this.superblock, block);
    return (this.block(bit.block)[bit.offset]! & bit.mask) !== 0;
  }

  /** Numbers of the blocks of its contents, in their order; 0: none there. The block that names blocks must be sound. */
  contents({ addrs }: Dinode): number[] {
    const blocks = addrs.slice(0, NDIRECT);
    const indirect = addrs[NDIRECT]!;
    if (indirect !== 0) {
      const named = this.block(indirect);
      for (let i = 0; i < NINDIRECT; i++) blocks.push(get32(named, 4 * i));
    }
    return blocks;
  }

  /** The bytes of a file whose blocks are sound. */
  read(inode: Dinode): Uint8Array {
    const bytes = new Uint8Array(inode.size);
    for (const [n, block] of this.contents(inode).entries())
      if (block !== 0 && n * BSIZE < bytes.length)
        bytes.set(this.block(block).subarray(0, bytes.length - n * BSIZE), n * BSIZE);
    return bytes;
  }

  /** The entries of a directory, by their places; undefined: free. */
  entries(directory: Dinode): (NamedInode | undefined)[] {
    const bytes = this.read(directory);
    return Array.from({ length: bytes.length / DIRENT_SIZE }, (_, i) => {
      const inum = get16(bytes, i * DIRENT_SIZE);
      return inum === 0 ? undefined : { inum, name: direntName(bytes, i * DIRENT_SIZE) };
    });
  }
}

function blockOf(image: Uint8Array, number: number): Uint8Array {
  return image.subarray(number * BSIZE, (number + 1) * BSIZE);
}
