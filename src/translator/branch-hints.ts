import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 lay code out by the branch hints of its modules, so that what leaves a region early stands aside. It goes for the
 * whole process, and only for threads that start later: `execArgv` of a thread takes no flags of V8's.
 */
export function useBranchHints(): void {
  setFlagsFromString('--experimental-wasm-branch-hinting');
}
