import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Mutant, mutated } from './mutants.js';

/** What a hunt loads. */
const BUILT = ['src', 'kernel', 'workers', 'tests/support/mutants'];
/** Threads start from bundles, which would have the kernel in them: here they are one line each. */
const ENTRIES = {
  explore: "export { default } from '../../workers/explore.js';\n",
  'controlled-hart': "import '../../workers/controlled-hart.js';\n",
};

/** A copy of the package, as it was built, in a folder of its own: the place for one mistake at a time. */
export class MutantTree {
  private readonly folder = mkdtempSync(join(tmpdir(), 'hartbreak-mutant-'));

  /** @param root the package */
  constructor(private readonly root: URL) {
    for (const built of BUILT)
      cpSync(new URL(`dist/${built}`, root), join(this.folder, 'dist', built), { recursive: true });
    cpSync(new URL('package.json', root), join(this.folder, 'package.json'));
    for (const shared of ['node_modules', 'kernel']) symlinkSync(new URL(shared, root), join(this.folder, shared));
    const workers = join(this.folder, 'dist/bundle/workers');
    mkdirSync(workers, { recursive: true });
    const interpreter = 'dist/bundle/interpreter.wasm';
    cpSync(new URL(interpreter, root), join(this.folder, interpreter));
    for (const [name, text] of Object.entries(ENTRIES)) writeFileSync(join(workers, `${name}.js`), text);
  }

  /** The folder that `tsc` would write to. */
  get dist(): URL {
    return pathToFileURL(join(this.folder, 'dist/'));
  }

  /** The kernel has this mistake, and no other, while `work` is done. */
  async with<T>(mutant: Pick<Mutant, 'file' | 'edits'>, work: () => Promise<T>): Promise<T> {
    const file = join(this.folder, 'dist', mutant.file);
    const sound = readFileSync(new URL(`dist/${mutant.file}`, this.root), 'utf8');
    writeFileSync(file, mutated(sound, mutant));
    try {
      return await work();
    } finally {
      writeFileSync(file, sound);
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
