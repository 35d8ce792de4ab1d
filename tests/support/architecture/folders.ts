import { LAYER_FOLDERS } from './import-table.js';

/** What src/README.md and kernel/README.md say of folders: what stands at the top, and what may stand below it. Folders that tools make are not looked at. */
const MADE_BY_TOOLS = /^(?:\.git|node_modules|dist|coverage|hartbreak-failures)(?:\/|$)|^[^/]*\.tgz$/;
const TOP_FILES =
  /^(?:README\.md|LICENSE|(?:CHANGELOG|CONTRIBUTING)\.md|package(?:-lock)?\.json|tsconfig\.json|biome\.json|vitest(?:\.long)?\.config\.ts|bundle\.mjs|\.[a-z]+(?:ignore|rc|attributes))$/;

const NAME = '[a-z0-9]+(?:-[a-z0-9]+)*';
const SOURCE = `${NAME}(?:\\.d)?\\.ts`;
const LAYERS_IN_SRC = LAYER_FOLDERS.filter((folder) => folder.startsWith('src/')).map((folder) =>
  folder.slice('src/'.length),
);
const TESTED = [...LAYERS_IN_SRC, 'kernel', 'workers', 'bench', 'conformance', 'golden', 'support', 'package'];

/** Every file must match one. */
const PLACES: readonly RegExp[] = [
  new RegExp(`^src/(?:${LAYERS_IN_SRC.join('|')})/(?:${NAME}/)*${SOURCE}$`),
  new RegExp(
    `^kernel/(?:(?:locks|memory|process|trap|files|fs|books|page-sharing|page-sharing/(?:core-map|counts|fork-tree|hidden-write)|bugs|scenarios|scenarios/duels|scenarios/generated|scenarios/outcome|scenarios/programs)/)?${SOURCE}$`,
  ),
  // User programs: sources in C and assembly (a folder where a program has several, and their library), what they are
  // built into, and the script that does it.
  /^kernel\/user\/(?:build\.sh|src\/(?:(?:ulib|sh|cowtest|usertests)\/)?[\w.-]+\.(?:c|h|S|ld)|bin\/[\w.-]+)$/,
  // Thread entries.
  new RegExp(`^workers/${SOURCE}$`),
  new RegExp(`^bench/${SOURCE}$`),
  new RegExp(`^tests/${NAME}\\.test\\.ts$`),
  new RegExp(`^tests/(?:${TESTED.join('|')})/`),
  /^\.ci\/[\w.-]+$/,
  // Every room may have a page of its own; what a bench measured is generated.
  new RegExp(`^(?:src|kernel|workers|tests|bench)/(?:${NAME}/)*README\\.md$`),
  /^bench\/RESULTS\.md$/,
  /^bench\/contention\.svg$/,
  TOP_FILES,
];

export function isMadeByTools(path: string): boolean {
  return MADE_BY_TOOLS.test(path);
}

/** One line when there is no place for the file; `path` from the package root. */
export function folderViolations(path: string): string[] {
  return isMadeByTools(path) || PLACES.some((place) => place.test(path))
    ? []
    : [
        `${path}: there is no place for it; move it, or make one in tests/support/architecture/folders.ts and src/README.md`,
      ];
}
