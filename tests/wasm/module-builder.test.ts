import { describe, expect, it } from 'vitest';
import { i32, i64, select } from '../../src/wasm/expression.js';
import type { FunctionBuilder } from '../../src/wasm/function-builder.js';
import { ModuleBuilder } from '../../src/wasm/module-builder.js';

type Exports = Record<string, (...values: (number | bigint)[]) => number | bigint | undefined>;

function instantiate(module: ModuleBuilder, globals: Record<string, unknown> = {}) {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.finish()), { env: { memory, ...globals } });
  return { exports: instance.exports as Exports, view: new DataView(memory.buffer) };
}

/** A module of one exported function `f` of two i64 parameters. */
function binary(body: (f: FunctionBuilder<{ a: 'i64'; b: 'i64' }, 'i64'>) => void): Exports {
  const module = new ModuleBuilder();
  const f = module.exportedFunction('f', { a: 'i64', b: 'i64' } as const, 'i64');
  body(f);
  f.unreachable();
  return instantiate(module).exports;
}

describe('a module', () => {
  it('has the bytes that the specification gives it', () => {
    const module = new ModuleBuilder();
    const f = module.exportedFunction('f', { a: 'i32' } as const, 'i32');
    f.return(i32.add(f.params.a, i32.const(1)));
    const text = Buffer.from(module.finish()).toString('hex');
    expect(text).toBe(
      [
        '0061736d01000000', // magic, version
        '0106 01 60 01 7f 01 7f', // one type: i32 to i32
        '0212 01 03656e76 066d656d6f7279 02 03 01 808004', // env.memory, shared, 1 to 65536 pages
        '0302 01 00', // one function of type 0
        '0601 00', // no globals
        '0705 01 0166 00 00', // "f" is function 0
        '001b 196d657461646174612e636f64652e6272616e63685f68696e74 00', // no branch hints
        '0a0a 01 08 00 20 00 41 01 6a 0f 0b', // local.get 0, i32.const 1, i32.add, return, end
        '0013 046e616d65 01 04 01 00 01 66 02 06 01 00 01 00 01 61', // names of the function and its parameter
      ]
        .join('')
        .replaceAll(' ', ''),
    );
  });

  it('imports constants and keeps variables', () => {
    const module = new ModuleBuilder();
    const base = module.importedGlobal('base', 'i32');
    const count = module.global('count', 'i64', -2n);
    const f = module.exportedFunction('next', {}, 'i64');
    f.setGlobal(count, i64.add(count, i64.extendI32U(base)));
    f.return(count);
    f.unreachable();
    const { exports } = instantiate(module, { base: 10 });
    expect([exports.next?.(), exports.next?.()]).toEqual([8n, 18n]);
  });

  it('has functions that call one another, whatever the order', () => {
    const module = new ModuleBuilder();
    const even = module.exportedFunction('even', { n: 'i32' } as const, 'i32');
    const odd = module.function('odd', { n: 'i32' } as const, 'i32');
    for (const [f, other, atZero] of [
      [even, odd, 1],
      [odd, even, 0],
    ] as const) {
      const { n } = f.params;
      f.if(i32.eqz(n), () => f.return(i32.const(atZero)));
      f.return(f.call(other, { n: i32.sub(n, i32.const(1)) }));
      f.unreachable();
    }
    const { exports } = instantiate(module);
    expect([exports.even?.(10), exports.even?.(7)]).toEqual([1, 0]);
  });
});

describe('a function', () => {
  it('keeps locals of both types apart', () => {
    const { f } = binary((b) => {
      const { a, b: other } = b.params;
      const narrow = b.let('narrow', i32.wrap(a));
      const wide = b.let('wide', i64.mul(other, i64.const(3n)));
      const again = b.let('again', i32.add(narrow, narrow));
      b.return(i64.add(wide, i64.extendI32S(again)));
    });
    expect(f?.(0x1_0000_0005n, 7n)).toBe(31n);
  });

  it('loops, and leaves blocks from inside', () => {
    // The greatest common divisor.
    const { f } = binary((b) => {
      const { a, b: other } = b.params;
      const rest = b.local('rest', 'i64');
      b.block((done) =>
        b.loop((again) => {
          b.branchIf(i64.eqz(other), done);
          b.set(rest, i64.remU(a, other));
          b.set(a, other);
          b.set(other, rest);
          b.branch(again);
        }),
      );
      b.return(a);
    });
    expect(f?.(1071n, 462n)).toBe(21n);
  });

  it('takes one of two ways, with or without a hint', () => {
    for (const hint of [undefined, 'likely', 'unlikely'] as const) {
      const { f } = binary((b) => {
        const { a, b: other } = b.params;
        b.if(
          i64.ltS(a, other),
          () => b.return(a),
          () => b.return(other),
          hint,
        );
      });
      expect([f?.(1n, 2n), f?.(2n, 1n), f?.(-5n, 1n)]).toEqual([1n, 1n, -5n]);
    }
  });

  it('switches to the case of its number, and to the last resort beyond them', () => {
    const { f } = binary((b) => {
      const result = b.local('result', 'i64');
      const cases = [10n, 20n, 30n].map((value) => () => b.set(result, i64.const(value)));
      b.switch(i32.wrap(b.params.a), cases, () => b.set(result, i64.const(-1n)));
      b.return(i64.add(result, b.params.b));
    });
    expect([0n, 1n, 2n, 3n, -1n].map((n) => f?.(n, 1n))).toEqual([11n, 21n, 31n, 0n, 0n]);
  });

  it('selects without branching', () => {
    const { f } = binary((b) => b.return(select(b.params.a, b.params.b, i64.gtU(b.params.a, b.params.b))));
    expect(f?.(-1n, 1n)).toBe(-1n);
  });

  it('cannot branch to a block that was closed', () => {
    const module = new ModuleBuilder();
    const f = module.function('f', {});
    f.block((outer) => {
      let inner = outer;
      f.block((label) => {
        inner = label;
      });
      expect(() => f.branch(inner)).toThrow('closed');
    });
  });
});

describe('memory', () => {
  it('is read and written in every width', () => {
    const module = new ModuleBuilder();
    const f = module.exportedFunction('f', { at: 'i32', value: 'i64' } as const, 'i64');
    const { at, value } = f.params;
    for (const [i, bytes] of ([1, 2, 4, 8] as const).entries()) f.store(at, value, 8 * i, bytes);
    f.return(i64.add(i64.load16S(at, 8), i64.load8U(at)));
    f.unreachable();
    const { exports, view } = instantiate(module);
    expect(exports.f?.(16, -2n)).toBe(-2n + 254n);
    expect([0, 8, 16, 24].map((offset) => view.getBigUint64(16 + offset, true))).toEqual([
      0xfen,
      0xfffen,
      0xffff_fffen,
      0xffff_ffff_ffff_fffen,
    ]);
  });

  it('is changed atomically; operations return the old value', () => {
    const module = new ModuleBuilder();
    const f = module.exportedFunction('f', { at: 'i32' } as const, 'i64');
    const { at } = f.params;
    f.store(at, i64.const(0xf0n));
    const old = f.let('old', i64.atomicAdd(at, i64.const(0x0fn)));
    f.drop(i64.atomicOr(at, i64.const(0x100n)));
    f.drop(i64.atomicAnd(at, i64.const(0x1f0n)));
    f.drop(i64.atomicXor(at, i64.const(1n)));
    f.set(old, i64.add(old, i64.atomicExchange32(at, i64.const(0x77n))));
    f.drop(i32.atomicCompareExchange(at, i32.const(0x76), i32.const(1)));
    f.drop(i64.atomicCompareExchange(at, i64.const(0x77n), i64.const(0x78n)));
    f.atomicFence();
    f.atomicStore(at, i32.const(5), 8);
    f.return(i64.add(old, i64.extendI32U(i32.atomicLoad(at, 8))));
    f.unreachable();
    const { exports, view } = instantiate(module);
    expect(exports.f?.(64)).toBe(0xf0n + 0x1f1n + 5n);
    expect(view.getBigUint64(64, true)).toBe(0x78n);
  });

  it('is waited on only while it holds what is expected', () => {
    const module = new ModuleBuilder();
    const f = module.exportedFunction('f', { expected: 'i32' } as const, 'i32');
    f.return(i32.atomicWait(i32.const(0), f.params.expected, i64.const(1000n)));
    f.unreachable();
    const { exports } = instantiate(module);
    expect([exports.f?.(1), exports.f?.(0)]).toEqual([1, 2]);
  });

  it('is filled and copied', () => {
    const module = new ModuleBuilder();
    const f = module.exportedFunction('f', {});
    f.memoryFill(i32.const(8), i32.const(0xab), i32.const(3));
    f.memoryCopy(i32.const(100), i32.const(7), i32.const(3));
    const { exports, view } = instantiate(module);
    exports.f?.();
    expect(view.getUint32(100, true)).toBe(0x00ab_ab00);
  });
});
