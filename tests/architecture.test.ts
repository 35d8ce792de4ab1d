import { describe, expect, it } from 'vitest';
import { folderViolations } from './support/architecture/folders.js';
import { hookBypassViolations } from './support/architecture/hook-bypass.js';
import { importViolations } from './support/architecture/import-table.js';
import { publicViewViolations, rawViewViolations } from './support/architecture/raw-views.js';
import { type SourceText, sourceText } from './support/architecture/source-text.js';
import { filesBelow, textOf } from './support/architecture/tree.js';

const files = filesBelow('');
const sources = files
  .filter((path) => path.endsWith('.ts') && path.includes('/'))
  .map((path) => sourceText(path, textOf(path)));
const machinery = sources.filter(({ path }) => !path.startsWith('tests/'));

describe('the tree', () => {
  it('is read at all', () => {
    expect(sources.map((s) => s.path)).toEqual(
      expect.arrayContaining(['src/memory/map.ts', 'tests/architecture.test.ts']),
    );
  });
  it('holds only what folders.ts has a place for', () => {
    expect(files.flatMap(folderViolations)).toEqual([]);
  });
  it('imports only downwards', () => {
    expect(sources.flatMap(importViolations)).toEqual([]);
  });
  it('has no raw view of the shared buffer outside src/memory', () => {
    expect(machinery.flatMap(rawViewViolations)).toEqual([]);
  });
  it('has no access of the kernel that goes around the schedule and the observers', () => {
    expect(sources.flatMap(hookBypassViolations)).toEqual([]);
  });
  it('keeps the raw views inside src/memory private', () => {
    expect(sources.flatMap(publicViewViolations)).toEqual([]);
  });
});

/** The checks must fail on what they forbid, and only there. */
function broken(check: (source: SourceText) => string[], path: string, text: string): boolean {
  return check(sourceText(path, text)).length > 0;
}

/** What stands in a template of a source that is itself a string here. */
const HOLE = '\x24{name}';
const NESTED = '\x24{{ a: `b` }.a}';

describe('the hook check', () => {
  it.each([
    `const word = hart.memory.ram.load32(pa);`,
    `const { ram } = hart.memory;`,
    `const { ram: direct, map } = hart.memory;`,
    `memory['ram'].store32(pa, 1);`,
    `import type { DirectAccess } from '../src/memory/direct-access.js';`,
    `SharedMemory.attach(handle);`,
  ])('refuses in the kernel: %s', (text) => {
    expect(broken(hookBypassViolations, 'kernel/vm.ts', text)).toBe(true);
  });
  it.each([`mem.load32(pa);`, `// the ram.load32 of old`, `const hostile = { hosts: 1 };`])('allows: %s', (text) => {
    expect(broken(hookBypassViolations, 'kernel/vm.ts', text)).toBe(false);
  });
  it('lets scenarios look past the schedule', () => {
    expect(broken(hookBypassViolations, 'kernel/scenarios/stage.ts', `memory.ram.load32(pa);`)).toBe(false);
  });
});

describe('the import check', () => {
  const forbidden: [string, string][] = [
    ['src/isa/a.ts', `import { x } from '../memory/map.js';`],
    ['src/isa/a.ts', `import type { X } from '../wasm/b.js';`],
    ['src/memory/a.ts', `import type { X } from '../hart/hart.js';`],
    ['src/schedule/a.ts', `export * from '../races/b.js';`],
    ['src/schedule/a.ts', `export { x as y } from '../devices/b.js';`],
    ['src/interpreter/a.ts', `import '../translator/b.js';`],
    ['src/hart/a.ts', `const engine = await import('../interpreter/b.js');`],
    ['src/hart/a.ts', `let engine: import('../interpreter/b.js').Engine;`],
    ['src/hart/a.ts', `import {\n  a, // from './x.js'\n  b,\n} from '../machine/b.js';`],
    ['src/machine/a.ts', `import { fork } from '../../kernel/fork.js';`],
    ['src/machine/a.ts', `const entry = new URL('../../workers/hart.js', import.meta.url);`],
    ['src/report/a.ts', `import x from '../cli/main.js';`],
    ['kernel/a.ts', `import { walk } from '../src/mmu/walk.js';`],
    ['kernel/fs/a.ts', `import { parseElf } from '../../src/machine/elf.js';`],
    ['kernel/a.ts', `import '../workers/hart.js';`],
    ['kernel/a.ts', `import { readFileSync } from 'node:fs';`],
    ['workers/a.ts', `import '../src/cli/main.js';`],
    ['src/cli/a.ts', `import '../../tests/support/random.js';`],
    ['src/cli/a.ts', `import '../../bench/main.js';`],
    ['tests/kernel/a.ts', `import '../../bench/corpus.js';`],
    ['tests/support/a.ts', `import '../../bench/corpus.js';`],
    ['tests/support/a.ts', `import '../kernel/a.js';`],
    ['bench/a.ts', `import '../tests/kernel/a.js';`],
    ['src/hart/a.ts', `import { Command } from 'commander';`],
    ['src/hart/a.ts', `import leftPad from 'left-pad';`],
    ['src/hart/a.ts', `await import(name);`],
    ['src/hart/a.ts', `await import(\`../machine/${HOLE}.js\`);`],
    ['src/hart/a.ts', `await import('../mmu/' + name);`],
    ['src/hart/a.ts', `const x = require('../machine/b.js');`],
    ['src/hart/a.ts', `import.meta.resolve('../machine/b.js');`],
    ['src/hart/a.ts', `const pattern = /'/; import x from '../machine/b.js'; // '`],
    ['src/hart/a.ts', `const t = \`${HOLE}\`; import x from "../machine/b.js";`],
    ['src/misc/a.ts', ''],
  ];
  it.each(forbidden)('refuses, in %s: %s', (path, text) => {
    expect(broken(importViolations, path, text)).toBe(true);
  });

  const fine: [string, string][] = [
    ['src/isa/a.ts', `import { row } from './row.js'; import { b } from './assemble/b.js';`],
    ['src/memory/a.ts', `import { x } from '../isa/row.js'; export * from '../wasm/b.js';`],
    ['src/translator/a.ts', `import type { Engine } from '../hart/engine.js';`],
    ['kernel/page-sharing/a.ts', `import { x } from '../kalloc.js'; import { Hart } from '../../src/hart/hart.js';`],
    [
      'workers/hart.ts',
      `import '../src/translator/a.js'; import '../kernel/main.js'; import { Piscina } from 'piscina';`,
    ],
    [
      'src/cli/a.ts',
      `import '../../kernel/main.js'; new URL('../../workers/hart.js', import.meta.url); import 'commander';`,
    ],
    ['src/cli/a.ts', `const root = new URL('../../../', import.meta.url);`],
    ['tests/isa/a.ts', `import '../../src/cli/main.js'; import 'vitest'; await import(name);`],
    ['tests/isa/a.ts', `import './golden.js'; import '../support/guest.js';`],
    ['bench/a.ts', `import './b.js'; import '../tests/support/guest.js'; import 'tinybench';`],
    ['src/isa/a.ts', `// import { x } from '../memory/map.js';\n/* import '../hart/hart.js'; */`],
    ['src/isa/a.ts', `const text = "import x from '../memory/map.js'"; const list = Array.from('abc');`],
    ['src/isa/a.ts', `const text = \`import x from "../memory/map.js" ${NESTED} import "../hart/hart.js"\`;`],
    ['src/isa/a.ts', `const half = a / b; const more = c / d; export { half };`],
  ];
  it.each(fine)('takes, in %s: %s', (path, text) => {
    expect(importViolations(sourceText(path, text))).toEqual([]);
  });
});

describe('the check for raw views', () => {
  const forbidden = [
    'const u8 = new Uint8Array(memory.wasm.buffer);',
    'const i32 = new Int32Array(memory.buffer, 0, 16);',
    'const i64 = new BigInt64Array(shared, offset, length);',
    'const view = new DataView(handle.wasm!.buffer);',
    'const view = new DataView(handle.wasm?.buffer);',
    'const view = new Float64Array(\n  memory\n    .buffer,\n);',
    `const view = new Uint32Array(memory['buffer']);`,
    'const { buffer } = memory.wasm;',
    'const { buffer: raw } = memory.wasm;',
    'const { wasm, buffer } = handle;',
    'const { buffer, wasm }: Handle = handle;',
    'const made = new SharedArrayBuffer(4096);',
    'function f(raw: SharedArrayBuffer) {}',
    'function f(raw: ArrayBufferLike) {}',
    'const wasm = new WebAssembly.Memory({ initial: 1 });',
    'const wasm = new WebAssembly . Memory({ initial: 1 });',
    'Atomics.wait(words, 0, 0);',
    'function f(bytes: Uint8Array) { return bytes.buffer; } const bytes = new Uint8Array(4);',
    'const all = buffers.map((x) => new Uint8Array(x.buffer));',
    'function f(sharedBuffer) { return new Uint8Array(sharedBuffer); }',
    'const other = Buffer.from(machine.ram.buffer);',
  ];
  it.each(forbidden)('refuses: %s', (text) => {
    expect(broken(rawViewViolations, 'src/hart/a.ts', text)).toBe(true);
    expect(broken(rawViewViolations, 'kernel/a.ts', text)).toBe(true);
    expect(broken(rawViewViolations, 'src/memory/a.ts', text)).toBe(false);
  });

  const fine = [
    'const page = new Uint8Array(4096); page.fill(1);',
    'const clock = new Uint32Array(harts);',
    'const copy = new Uint8Array([1, 2, 3]); const more = new Uint8Array(other);',
    'const size = new Uint8Array(Math.max(a, b));',
    'const bytes = new Uint8Array(4); new DataView(bytes.buffer).setInt32(0, 1, true);',
    'const scratch = new ArrayBuffer(8); new DataView(scratch, 4);',
    'function f(memory: WebAssembly.Memory) { return { env: { memory } }; }',
    '// memory.wasm.buffer is what `Atomics.wait` needs\nconst text = "SharedArrayBuffer";',
    `const row = table['format'];`,
    'bufferSize = ring.bufferLength;',
  ];
  it.each(fine)('takes: %s', (text) => {
    expect(rawViewViolations(sourceText('src/hart/a.ts', text))).toEqual([]);
  });

  it('refuses a public view in src/memory and takes a private one', () => {
    const inClass = (field: string) => `export class A {\n  ${field}\n}\n`;
    for (const field of [
      'readonly u8: Uint8Array;',
      'u8 = new Uint8Array(4);',
      'protected readonly i: BigInt64Array;',
      'raw: SharedArrayBuffer;',
    ])
      expect(broken(publicViewViolations, 'src/memory/a.ts', inClass(field)), field).toBe(true);
    for (const field of [
      'private readonly u8: Uint8Array;',
      '#u8: Uint8Array;',
      'read(address: number): Uint8Array {}',
    ])
      expect(broken(publicViewViolations, 'src/memory/a.ts', inClass(field)), field).toBe(false);
  });
});

describe('the check of folders', () => {
  it.each([
    'lib/a.ts',
    'src/index.ts',
    'src/utils/a.ts',
    'src/isa/Row.ts',
    'src/isa/row.js',
    'kernel/drivers/a.ts',
    'kernel/user/src/notes.txt',
    'kernel/user/src/usertests/deep/a.c',
    'kernel/user/a.ts',
    'workers/hart/a.ts',
    'bench/results.json',
    'tests/misc/a.test.ts',
    'tests/row.ts',
    'notes.md',
    'Makefile',
  ])('has no place for %s', (path) => {
    expect(folderViolations(path)).toHaveLength(1);
  });
  it.each([
    'README.md',
    '.gitignore',
    '.ci/run',
    'src/isa/assemble/layout.ts',
    'src/wasm/webassembly.d.ts',
    'kernel/page-sharing/core-map.ts',
    'kernel/user/bin/forkwrite',
    'kernel/user/src/ulib/user.h',
    'kernel/user/src/sh/parse.c',
    'workers/hart.ts',
    'bench/main.ts',
    'tests/isa/rows.test.ts',
    'node_modules/x/y.js',
    'dist/src/cli/main.js',
  ])('has one for %s', (path) => {
    expect(folderViolations(path)).toEqual([]);
  });
});
