import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { plainForAtomic } from './atomic-operator.js';
import { type CompiledFile, compiledKernel, digestOf, functionsOf } from './compiled-kernel.js';
import { noFlush, noRecheck, noUndo, noWakeup, swap } from './drop-operators.js';
import { earlyRelease, lateAcquire, lockAway } from './lock-operators.js';
import { type Edit, edited, type Operator } from './operator.js';

/** A kernel that is broken at one place. */
export interface Mutant {
  /** Stays as it is as long as the function does. */
  readonly id: string;
  readonly operator: string;
  /** From the folder that `tsc` writes to. */
  readonly file: string;
  readonly function: string;
  /** The code that is broken, as compiled. */
  readonly what: string;
  /** Where it is in the source: `kernel/process/sleep.ts:38`. */
  readonly place: string;
  /** Of the compiled file: where the first edit begins. */
  readonly offset: number;
  readonly edits: readonly Edit[];
}

/** Add new operators here. */
export function operatorsFor(files: readonly CompiledFile[]): readonly Operator[] {
  return [lockAway, earlyRelease, lateAcquire, noFlush, noWakeup, swap, plainForAtomic(files), noUndo, noRecheck];
}

/** Every mutant of a kernel that was compiled there, in the order of files and operators. */
export function mutantsOf(dist: URL): Mutant[] {
  const files = compiledKernel(dist);
  return files.flatMap((file) => mutantsIn(file, operatorsFor(files), sourcePlaces(file, dist)));
}

/** @param placeOf where an offset is in the source */
export function mutantsIn(
  file: CompiledFile,
  operators: readonly Operator[],
  placeOf: (offset: number) => string,
): Mutant[] {
  return functionsOf(file).flatMap((fn) =>
    operators.flatMap((operator) =>
      [...operator.find(fn)].map(({ what, edits }, i): Mutant => {
        const offset = Math.min(...edits.map(({ start }) => start));
        return {
          id: `${operator.name}:${fn.name}:${i}:${digestOf(fn)}`,
          operator: operator.name,
          file: file.path,
          function: fn.name,
          ...{ what, offset, edits, place: placeOf(offset) },
        };
      }),
    ),
  );
}

/** The text of the mutant's file, with the mistake in it. */
export function mutated(text: string, { edits }: Pick<Mutant, 'edits'>): string {
  return edited(text, edits);
}

function sourcePlaces({ path, text }: CompiledFile, dist: URL): (offset: number) => string {
  const map = new SourceMap(JSON.parse(readFileSync(new URL(`${path}.map`, dist), 'utf8')));
  const source = path.replace(/\.js$/, '.ts');
  return (offset) => {
    const before = text.slice(0, offset).split('\n');
    const entry = map.findEntry(before.length - 1, before.at(-1)!.length);
    return 'originalLine' in entry ? `${source}:${entry.originalLine + 1}` : source;
  };
}
