import { existsSync } from 'node:fs';

/**
 * The package's folder. Looked for upwards from here, because this code runs from two places: as `tsc` compiles it, file by
 * file, and in the bundles that commands and threads are.
 */
export const PACKAGE_ROOT = folderWith('package.json', new URL('.', import.meta.url));

/** A thread entry of `workers/`, by its name: its bundle, from which a thread starts sooner than from its modules one by one. */
export function threadEntry(name: string): URL {
  return new URL(`dist/bundle/workers/${name}.js`, PACKAGE_ROOT);
}

function folderWith(file: string, folder: URL): URL {
  if (existsSync(new URL(file, folder))) return folder;
  const above = new URL('..', folder);
  if (above.href === folder.href) throw new Error(`no folder above ${import.meta.url} has a ${file}`);
  return folderWith(file, above);
}
