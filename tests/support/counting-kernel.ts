import { fileURLToPath } from 'node:url';
import { type GuestConfig, guestFile } from '../../src/guest/guest-config.js';
import { PACKAGE_ROOT } from '../../src/memory/package-root.js';

/** MiB: the device tree lies two below the top. */
const MEMORY = 4;

/** The small kernel of tests/guest/counting, in which `put` and `put-locked` have both harts let go of a page. */
export function countingKernel(exec: string): GuestConfig {
  const path = fileURLToPath(new URL('tests/guest/counting/kernel.elf', PACKAGE_ROOT));
  const nothing = { disk: null, scenario: null, profile: null };
  return { kernel: guestFile(path), ...nothing, virtio: 2, exec, harts: 2, memory: MEMORY };
}
