import { BSIZE } from '../params.js';
import { DIRENT_SIZE, FileType, MAXFILE, NDIRECT } from './format.js';
import type { ImageView } from './image-view.js';

/** What is wrong with the inodes taken one by one, with whose blocks are whose, or with the bitmap. */
export function checkBlocks(view: ImageView): string | undefined {
  const owners = new Map<number, number>();
  for (const inum of view.inums()) {
    const problem = checkInode(view, inum) ?? claim(view, inum, owners);
    if (problem !== undefined) return problem;
  }
  const { size } = view.superblock;
  const firstData = firstDataBlock(view);
  for (let block = 0; block < size; block++) {
    const owner = owners.get(block);
    if (view.isInUse(block)) {
      if (block >= firstData && owner === undefined)
        return `block ${block} is lost: the bitmap has it in use, but it belongs to no inode`;
    } else if (owner !== undefined) return `block ${block} belongs to inode ${owner}, but the bitmap has it free`;
    else if (block < firstData) return `block ${block} lies before the data, but the bitmap has it free`;
  }
  return undefined;
}

function checkInode(view: ImageView, inum: number): string | undefined {
  const { type, nlink, size } = view.inode(inum);
  if (type < FileType.Free || type > FileType.Device) return `inode ${inum} has type ${type}, which there is not`;
  if (type === FileType.Free) return undefined;
  if (nlink < 0) return `inode ${inum} has ${nlink} links`;
  if (size > MAXFILE * BSIZE) return `inode ${inum} has ${size} bytes, more than a file can have`;
  if (type === FileType.Directory && size % DIRENT_SIZE !== 0)
    return `inode ${inum} is a directory of ${size} bytes, which is no whole number of entries`;
  return undefined;
}

/** Enters the inode as the owner of its blocks, those beyond its size too: a write that failed may leave some. */
function claim(view: ImageView, inum: number, owners: Map<number, number>): string | undefined {
  const inode = view.inode(inum);
  if (inode.type === FileType.Free) return undefined;
  const indirect = inode.addrs[NDIRECT]!;
  return claimAll(view, inum, [indirect], owners) ?? claimAll(view, inum, view.contents(inode), owners);
}

function claimAll(
  view: ImageView,
  inum: number,
  blocks: readonly number[],
  owners: Map<number, number>,
): string | undefined {
  for (const block of blocks) {
    if (block === 0) continue;
    if (block < firstDataBlock(view) || block >= view.superblock.size)
      return `inode ${inum} has block ${block}, which is no data block`;
    const other = owners.get(block);
    if (other === inum) return `inode ${inum} has block ${block} twice`;
    if (other !== undefined) return `block ${block} belongs to inodes ${other} and ${inum}`;
    owners.set(block, inum);
  }
  return undefined;
}

function firstDataBlock({ superblock }: ImageView): number {
  return superblock.size - superblock.nblocks;
}
