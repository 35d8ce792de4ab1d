import { type KernelImage, parseKernel } from '../machine/kernel-image.js';
import { KERNBASE } from '../memory/map.js';
import { readExecutable } from './load-program.js';

/** Reads a kernel for a machine with so many MiB of RAM. Throws UsageError with one line when that is not possible. */
export function loadKernel(path: string, memory: number): KernelImage {
  const ram = { start: KERNBASE, end: KERNBASE + memory * 1024 * 1024 };
  return readExecutable(path, 'give the path of a RISC-V kernel', (bytes) => parseKernel(bytes, ram));
}
