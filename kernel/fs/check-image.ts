import { checkBlocks } from './check-blocks.js';
import { checkNames } from './check-names.js';
import { checkGeometry, checkLog } from './check-superblock.js';
import { FileType } from './format.js';
import { ImageView } from './image-view.js';

/**
 * What is wrong with the image, in one line; undefined when xv6 and we can use it, and every block, inode and name
 * is accounted for. An inode without links that is in use is no damage: somebody had it open (`unlinkedInodes`).
 */
export function checkImage(image: Uint8Array): string | undefined {
  const problem = checkGeometry(image) ?? checkLog(image);
  if (problem !== undefined) return problem;
  const view = ImageView.recovered(image);
  return checkBlocks(view) ?? checkNames(view);
}

/** Inodes in use that have no links, in an image that is sound: they were open. */
export function unlinkedInodes(image: Uint8Array): number[] {
  const view = ImageView.recovered(image);
  return view.inums().filter((inum) => {
    const { type, nlink } = view.inode(inum);
    return type !== FileType.Free && nlink === 0;
  });
}
