import { PACKAGE_ROOT } from '../memory/package-root.js';

/** The interpreter's bytes as `npm run build` leaves them: to make them takes a tenth of what a short command takes. */
export const INTERPRETER = new URL('dist/bundle/interpreter.wasm', PACKAGE_ROOT);
