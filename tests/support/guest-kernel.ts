import { fileURLToPath } from 'node:url';
import { PACKAGE_ROOT } from '../../src/memory/package-root.js';

/** The path of the kernel of the tests, as tests/guest/kernel/build.sh builds it. */
export const GUEST_KERNEL = fileURLToPath(new URL('tests/guest/kernel/kernel.elf', PACKAGE_ROOT));
