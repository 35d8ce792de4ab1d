import { describe, expect, it } from 'vitest';
import { compiledFile, digestOf, functionsOf } from './compiled-kernel.js';
import { mutantsIn, mutated, operatorsFor } from './mutants.js';

/** The mutants of a method with this body, by operator: what is broken, and the body with it. */
function broken(operator: string, ...lines: readonly string[]): readonly (readonly [string, string])[] {
  const text = `const cell = struct('cell', { word: atomic32, other: u32 });
const { word, other } = cell.fields;
class A {
  m() {
${lines.join('\n')}
  }
}
`;
  const file = compiledFile('kernel/a.js', text);
  const operators = operatorsFor([file]).filter(({ name }) => name === operator);
  return mutantsIn(file, operators, () => '').map((mutant) => {
    const after = mutated(text, mutant).split('\n');
    // Whatever is broken, everything stays on its line.
    expect(after.length).toBe(text.split('\n').length);
    return [mutant.what, after.slice(4, 4 + lines.length).join('\n')] as const;
  });
}

describe('locks', () => {
  it('takes a lock away with every release up to where it is taken again', () => {
    const all = broken(
      'lock-away',
      'spin.acquire(a);',
      'if (x) { spin.release(a); return; }',
      'spin.release(a);',
      'spin.acquire(a);',
      'spin.release(a);',
    );
    expect(all).toEqual([
      ['spin.acquire(a);', ';\nif (x) { ; return; }\n;\nspin.acquire(a);\nspin.release(a);'],
      ['spin.acquire(a);', 'spin.acquire(a);\nif (x) { spin.release(a); return; }\nspin.release(a);\n;\n;'],
    ]);
    expect(broken('lock-away', 'spin.acquire(a);', 'spin.release(b);')).toEqual([]);
  });

  it('releases early, and takes late, but makes no critical section empty', () => {
    const lines = ['spin.acquire(a);', 'f();', 'spin.release(a);'];
    expect(broken('early-release', ...lines)).toEqual([
      ['spin.release(a);', 'spin.acquire(a);\nspin.release(a);\nf();'],
    ]);
    expect(broken('late-acquire', ...lines)).toEqual([
      ['spin.acquire(a);', 'f();\nspin.acquire(a);\nspin.release(a);'],
    ]);
    expect(broken('early-release', 'spin.acquire(a);', 'spin.release(a);')).toEqual([]);
    expect(broken('late-acquire', 'spin.acquire(a);', 'if (x) { spin.release(a); }')).toEqual([]);
  });
});

describe('what is dropped', () => {
  it('is a flush, a wakeup or a ring', () => {
    expect(broken('no-flush', 'if (x) this.cx.hart.sfenceVma(va);')).toEqual([
      ['this.cx.hart.sfenceVma(va)', 'if (x) void 0;'],
    ]);
    expect(broken('no-wakeup', 'this.sleep.wakeup(', 'p);')).toEqual([['this.sleep.wakeup( p)', 'void 0\n;']]);
    expect(broken('no-wakeup', 'this.table.madeRunnable++;')).toEqual([['this.table.madeRunnable++;', ';']]);
  });

  it('is what an error path undoes, and nothing of a path that is none', () => {
    expect(broken('no-undo', 'if (x) { this.kfree(pa); spin.release(a); return -1; }')).toEqual([
      ['this.kfree(pa);', 'if (x) { ; spin.release(a); return -1; }'],
    ]);
    expect(broken('no-undo', 'if (x) { this.kfree(pa); return pa; }', 'if (y) { this.kfree(pa); }')).toEqual([]);
  });

  it('is a second look under the lock, whichever way it asks', () => {
    expect(broken('no-recheck', 'spin.acquire(a);', 'if (state.load(mem, p) === 1) f();')).toEqual([
      ['state.load(mem, p) === 1', 'spin.acquire(a);\nif (true) f();'],
    ]);
    expect(broken('no-recheck', 'spin.acquire(a);', 'if (this.isKilled(p)) { g(); return false; }')).toEqual([
      ['this.isKilled(p)', 'spin.acquire(a);\nif (false) { g(); return false; }'],
    ]);
    expect(broken('no-recheck', 'spin.acquire(a);', 'const ours = this.isMine(p);')).toEqual([
      ['this.isMine(p)', 'spin.acquire(a);\nconst ours = true;'],
    ]);
    expect(broken('no-recheck', 'if (state.load(mem, p) === 1) f();', 'spin.acquire(a);')).toEqual([]);
  });
});

describe('shared words', () => {
  it('are written in the other order', () => {
    expect(broken('swap', 'word.store(mem, a, 1);', 'mem.store32(b, 2);', 'f();')).toEqual([
      ['word.store(mem, a, 1); mem.store32(b, 2);', 'mem.store32(b, 2);\nword.store(mem, a, 1);\nf();'],
    ]);
  });

  it('are accessed plainly that are atomic, and no others', () => {
    expect(broken('plain-for-atomic', 'word.load(mem, a);', 'other.load(mem, a);')).toEqual([
      ['word.load(mem, a)', 'mem.load32(word.at(a));\nother.load(mem, a);'],
    ]);
    expect(broken('plain-for-atomic', 'word.store(this.mem, a, 1);')[0]![1]).toBe('this.mem.store32(word.at(a), 1);');
    const [[, add] = ['', '']] = broken('plain-for-atomic', 'return mem.atomicAdd32(a, -1);');
    const words = new Map([[8, 5]]);
    const mem = { load32: (at: number) => words.get(at), store32: (at: number, value: number) => words.set(at, value) };
    expect(new Function('mem', 'a', add!)(mem, 8)).toBe(5);
    expect(words.get(8)).toBe(4);
  });
});

describe('a function', () => {
  const one = (text: string) => functionsOf(compiledFile('kernel/a.js', text));

  it('is every method and function that harts run, and none of boot or of a design as it was published', () => {
    const text = 'class A { constructor() {} init() {} m() {} } class PublishedA { m() {} } function f() {}';
    expect(one(text).map(({ name }) => name)).toEqual(['A.m', 'f']);
  });

  it('has a digest that changes with its code, and with nothing else', () => {
    const digest = (text: string) => digestOf(one(text)[0]!);
    expect(digest('class A { m() { f(1); } }')).toBe(
      digest('class A {\n  // why\n  m() {\n    f(1) /* one */;\n  }\n}'),
    );
    expect(digest('class A { m() { f(1); } }')).not.toBe(digest('class A { m() { f(2); } }'));
  });
});
