import type { SharedMemory } from '../memory/shared-memory.js';
import { boardTree } from './board-tree.js';
import type { KernelImage } from './kernel-image.js';
import { resetBoard } from './virt-board.js';

/** The device tree lies at the top of RAM, where firmware on this board puts it: on a multiple of the first, or if the kernel is there, of the second. */
const TREE_ALIGNMENTS = [2 ** 21, 8];

/**
 * Puts kernel, disk and device tree where they belong, before any hart runs. Where the tree is: a physical address;
 * undefined: there is no place for it beside the kernel.
 * @param ticks the machine's clock, as `BoardParts` has it
 */
export function loadBoard(
  memory: SharedMemory,
  kernel: KernelImage,
  disk: Uint8Array | undefined,
  ticks: () => number,
): number | undefined {
  const { host, ram, map } = memory;
  for (const { at, fileBytes } of kernel.pieces) ram.write(at, fileBytes);
  if (disk !== undefined) host.write(map.disk, disk);
  const tree = boardTree(map.harts.length, map.ramSize);
  const isFree = (start: number) =>
    kernel.pieces.every(({ at, memSize }) => at + memSize <= start || start + tree.length <= at);
  const place = TREE_ALIGNMENTS.map((size) => Math.floor((map.physTop - tree.length) / size) * size).find(isFree);
  if (place === undefined) return undefined;
  ram.write(place, tree);
  resetBoard(memory, ticks);
  return place;
}
