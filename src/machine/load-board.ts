import type { SharedMemory } from '../memory/shared-memory.js';
import { boardTree } from './board-tree.js';
import type { KernelImage } from './kernel-image.js';
import { resetBoard } from './virt-board.js';

/** The device tree lies at the top of RAM, where firmware on this board puts it: on a multiple of this. */
const TREE_ALIGNMENT = 2 ** 21;

/**
 * Puts kernel, disk and device tree where they belong, before any hart runs. Where the tree is: a physical address.
 * @param ticks the machine's clock, as `BoardParts` has it
 */
export function loadBoard(
  memory: SharedMemory,
  kernel: KernelImage,
  disk: Uint8Array | undefined,
  ticks: () => number,
): number {
  const { host, ram, map } = memory;
  for (const { at, fileBytes } of kernel.pieces) ram.write(at, fileBytes);
  if (disk !== undefined) host.write(map.disk, disk);
  const tree = boardTree(map.harts.length, map.ramSize);
  const at = Math.floor((map.physTop - tree.length) / TREE_ALIGNMENT) * TREE_ALIGNMENT;
  ram.write(at, tree);
  resetBoard(memory, ticks);
  return at;
}
