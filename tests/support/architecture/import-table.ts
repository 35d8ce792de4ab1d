import { importsOf } from './imports.js';
import type { SourceText } from './source-text.js';

/** The layers of src/README.md: each may import what stands before its row; those in one row are siblings and never import each other. */
const LAYERS: readonly (readonly string[])[] = [
  ['src/isa', 'src/wasm'],
  ['src/memory'],
  ['src/schedule', 'src/races', 'src/devices'],
  ['src/mmu'],
  ['src/hart'],
  ['src/interpreter', 'src/symbols'],
  // Tier 1 stands on tier 0, which does what it leaves: they share the arithmetic of their lowerings, and slots of code.
  ['src/translator'],
  ['src/explore'],
  ['src/machine'],
  ['src/guest', 'src/report'],
  ['kernel'],
  ['kernel/scenarios'],
  ['workers'],
  ['src/app'],
  ['src/cli'],
];

/**
 * Layers that may use less than what stands before them: the explorer knows no engine, and no subject; the kernel knows no engine, no board and no report, and neither
 * who runs next nor who watches. Its scenarios, which make it a subject of the explorer, know those too.
 */
const NARROWER: Readonly<Record<string, readonly string[]>> = {
  'src/explore': ['src/isa', 'src/memory', 'src/schedule', 'src/races', 'src/mmu', 'src/hart'],
  kernel: ['src/isa', 'src/memory', 'src/hart'],
  'kernel/scenarios': [
    'src/isa',
    'src/memory',
    'src/schedule',
    'src/races',
    'src/mmu',
    'src/hart',
    'src/explore',
    'kernel',
  ],
};

/** Imports that are computed, and why: a plugin is somebody else's module. */
const COMPUTED = ['workers/plugins.ts'];

/**
 * In no layer: they may import any layer and any package, and of one another these. What a test and a bench both need
 * stands in `tests/support`.
 */
const OUTSIDE: Readonly<Record<string, readonly string[]>> = {
  tests: ['tests/support'],
  'tests/support': [],
  bench: ['tests/support'],
};

/** Packages, and who may know them. Node's own modules are open to all but the kernel. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  commander: ['src/cli'],
  // Of a step of the build.
  esbuild: ['workers'],
  'fastest-levenshtein': ['kernel'],
  // They draw, and take a while to load: whoever imports what draws does so when it is asked to (tests/package).
  '@observablehq': ['src/report'],
  linkedom: ['src/report'],
  piscina: ['src/machine', 'workers', 'src/app'],
  tinybench: ['src/app', 'bench'],
  // The matcher is for those who test with Vitest; nothing else imports it.
  vitest: ['tests', 'src/app'],
};
/** It gets everything from the layers below, so that it runs the same on any thread and under any schedule. */
const WITHOUT_NODE = ['kernel', 'kernel/scenarios'];

export const LAYER_FOLDERS: readonly string[] = LAYERS.flat();

/** `src/isa/row` → `src/isa`; `kernel/fs/log` → `kernel`, `kernel/scenarios/stage` → `kernel/scenarios`; undefined for what lies in no layer. */
function layerOf(path: string): string | undefined {
  return [...LAYER_FOLDERS, ...Object.keys(OUTSIDE)].findLast((folder) => path.startsWith(`${folder}/`));
}

function allowed(from: string): readonly string[] {
  const others = OUTSIDE[from];
  if (others !== undefined) return [...LAYER_FOLDERS, ...others];
  const row = LAYERS.findIndex((layers) => layers.includes(from));
  return NARROWER[from] ?? LAYERS.slice(0, row).flat();
}

/** One line for each import that breaks the table. */
export function importViolations(source: SourceText): string[] {
  const from = layerOf(source.path);
  if (from === undefined) return [`${source.path} lies in no layer of src/README.md`];
  const isOutside = from in OUTSIDE;
  return importsOf(source).flatMap(({ line, specifier, target }) => {
    const at = `${source.path}:${line}`;
    if (isOutside && target === undefined) return [];
    if (specifier === undefined && COMPUTED.includes(source.path)) return [];
    if (specifier === undefined) return [`${at}: the import is computed, so nobody can check it`];
    if (target === undefined) return packageViolations(at, from, specifier);
    const to = layerOf(target);
    if (to === from || (to !== undefined && allowed(from).includes(to))) return [];
    return [`${at}: ${from} must not import ${to ?? target} (${specifier}); it may import ${allowed(from).join(', ')}`];
  });
}

function packageViolations(at: string, from: string, specifier: string): string[] {
  if (specifier.startsWith('node:'))
    return WITHOUT_NODE.includes(from) ? [`${at}: ${from} must not import ${specifier}`] : [];
  const users = PACKAGES[specifier.split('/')[0]!];
  if (users === undefined) return [`${at}: ${specifier} is a package that tests/support/architecture does not know`];
  return users.includes(from) ? [] : [`${at}: only ${users.join(', ')} may import ${specifier}, not ${from}`];
}
