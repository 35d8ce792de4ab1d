import { fileURLToPath } from 'node:url';
import { PACKAGE_ROOT } from '../../src/memory/package-root.js';

/** The path of the built command, as users run it. */
export const COMMAND = fileURLToPath(new URL('dist/bundle/src/cli/main.js', PACKAGE_ROOT));
