import type { ValueType } from './expression.js';
import {
  type Callee,
  FunctionBuilder,
  Global,
  initializer,
  type ParameterTypes,
  type ResultType,
  type Signature,
  TYPE_CODES,
} from './function-builder.js';
import { name, sized, unsigned, vector } from './leb128.js';

const MAGIC_AND_VERSION = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** Section ids (Core specification §5.5.2). */
const section = { custom: 0, type: 1, import: 2, function: 3, global: 6, export: 7, code: 10 } as const;
const kind = { function: 0, table: 1, memory: 2, global: 3 } as const;
const FUNCTION_TYPE = 0x60;
const FUNCTION_REFERENCE = 0x70;
/** Limits without a maximum. */
const OPEN_LIMITS = 0x00;
/** Limits with a maximum, shared. */
const SHARED_LIMITS = 0x03;
/** The most pages that a memory can have: 4 GiB. */
const MAX_PAGES = 65536;
const CONSTANT = 0;
const MUTABLE = 1;

/** Sub-sections of the name section (Core specification, appendix "Custom Sections"). */
const subsection = { functions: 1, locals: 2 } as const;

/** A WebAssembly module over one imported, shared memory: `env.memory`. */
export class ModuleBuilder {
  private readonly functions: { builder: FunctionBuilder; exported: boolean }[] = [];
  private readonly signatures: Signature[] = [];
  private readonly importedFunctions: Callee[] = [];
  private readonly imports: Global<ValueType>[] = [];
  private tableName: string | undefined;
  private readonly globals: { global: Global<ValueType>; initial: bigint }[] = [];

  /** Starts a function; its body may call any function of the module that was started, itself included. */
  function<P extends ParameterTypes, R extends ResultType = undefined>(
    functionName: string,
    parameters: P,
    result?: R,
  ): FunctionBuilder<P, R> {
    return this.add(functionName, parameters, result, false);
  }
  /** The same, for callers outside the module. */
  exportedFunction<P extends ParameterTypes, R extends ResultType = undefined>(
    functionName: string,
    parameters: P,
    result?: R,
  ): FunctionBuilder<P, R> {
    return this.add(functionName, parameters, result, true);
  }
  /** What functions of the table take and give. Declared before any function. */
  signature<P extends ParameterTypes, R extends ResultType>(parameters: P, result: R): Signature<P, R> {
    if (this.importedFunctions.length + this.functions.length > 0)
      throw new Error('signatures are declared before functions');
    const signature = { index: this.signatures.length, parameters, result };
    this.signatures.push(signature);
    return signature;
  }
  /** A function that the embedder supplies as `env.<name>`. Declared before any function of the module's own. */
  importedFunction<P extends ParameterTypes, R extends ResultType>(
    functionName: string,
    parameters: P,
    result: R,
  ): Callee<P, R> {
    if (this.functions.length > 0) throw new Error(`${functionName}: imports are declared before the module's own`);
    const callee = { name: functionName, index: this.importedFunctions.length, parameters, result };
    this.importedFunctions.push(callee);
    return callee;
  }
  /** The table of `callIndirect`, which the embedder supplies as `env.<name>`. */
  importedTable(tableName: string): void {
    this.tableName = tableName;
  }
  /** A constant that the embedder supplies as `env.<name>` when the module is instantiated. Declared before any other global. */
  importedGlobal<T extends ValueType>(globalName: string, type: T): Global<T> {
    if (this.globals.length > 0)
      throw new Error(`${globalName}: imported globals are declared before the module's own`);
    const global = new Global(globalName, type, this.imports.length);
    this.imports.push(global);
    return global;
  }
  /** A variable of the instance. */
  global<T extends ValueType>(globalName: string, type: T, initial: bigint): Global<T> {
    const global = new Global(globalName, type, this.imports.length + this.globals.length);
    this.globals.push({ global, initial });
    return global;
  }

  /** The module in the binary format. `names`: with those of functions and locals, for whoever debugs it. */
  finish({ names = true }: { names?: boolean } = {}): Uint8Array {
    const bodies = this.functions.map(({ builder }) => builder.finish());
    const imports = [
      [...name('env'), ...name('memory'), kind.memory, SHARED_LIMITS, ...unsigned(1), ...unsigned(MAX_PAGES)],
      ...this.importedFunctions.map((f, i) => [
        ...name('env'),
        ...name(f.name),
        kind.function,
        ...unsigned(this.signatures.length + i),
      ]),
      ...(this.tableName === undefined
        ? []
        : [[...name('env'), ...name(this.tableName), kind.table, FUNCTION_REFERENCE, OPEN_LIMITS, ...unsigned(0)]]),
      ...this.imports.map((g) => [...name('env'), ...name(g.name), kind.global, TYPE_CODES[g.type], CONSTANT]),
    ];
    const exported = this.functions.filter((f) => f.exported).map((f) => f.builder);
    const sections = [
      this.section(
        section.type,
        vector(
          [...this.signatures, ...this.importedFunctions, ...this.functions.map((f) => f.builder)].map(functionType),
        ),
      ),
      this.section(section.import, vector(imports)),
      this.section(
        section.function,
        vector(this.functions.map((f) => unsigned(this.signatures.length + f.builder.index))),
      ),
      this.section(
        section.global,
        vector(this.globals.map((g) => [TYPE_CODES[g.global.type], MUTABLE, ...initializer(g.global.type, g.initial)])),
      ),
      this.section(section.export, vector(exported.map((f) => [...name(f.name), kind.function, ...unsigned(f.index)]))),
      // Hints are read before the code that they are about.
      this.section(section.custom, [
        ...name('metadata.code.branch_hint'),
        ...branchHints(bodies, this.importedFunctions.length),
      ]),
      this.section(section.code, vector(bodies.map((b) => b.body))),
      ...(names ? [this.section(section.custom, name('name').concat(this.nameSection()))] : []),
    ];
    return Buffer.concat([MAGIC_AND_VERSION, ...sections].map((bytes) => new Uint8Array(bytes)));
  }

  private add<P extends ParameterTypes, R extends ResultType>(
    functionName: string,
    parameters: P,
    result: R | undefined,
    exported: boolean,
  ): FunctionBuilder<P, R> {
    const index = this.importedFunctions.length + this.functions.length;
    const builder = new FunctionBuilder(functionName, index, parameters, result as R);
    this.functions.push({ builder, exported });
    return builder;
  }
  private section(id: number, contents: readonly number[]): number[] {
    return [id].concat(sized(contents));
  }
  private nameSection(): number[] {
    const builders = this.functions.map((f) => f.builder);
    const functions = builders.map((f) => [...unsigned(f.index), ...name(f.name)]);
    const locals = builders.map((f) => [
      ...unsigned(f.index),
      ...vector(f.locals.map((l) => [...unsigned(l.index), ...name(l.name)])),
    ]);
    return [subsection.functions, ...sized(vector(functions)), subsection.locals, ...sized(vector(locals))];
  }
}

function functionType({ parameters: types, result }: Omit<Signature, 'index'>): number[] {
  const parameters = Object.values(types).map((type) => [TYPE_CODES[type]]);
  const results = result === undefined ? [] : [[TYPE_CODES[result]]];
  return [FUNCTION_TYPE, ...vector(parameters), ...vector(results)];
}

/** Branch hinting proposal: per function, numbered from `first`, pairs of an offset into the body and which way the condition goes. */
function branchHints(bodies: readonly ReturnType<FunctionBuilder['finish']>[], first: number): number[] {
  const hinted = bodies.flatMap(({ hints }, i) => (hints.length === 0 ? [] : [{ index: first + i, hints }]));
  return vector(
    hinted.map(({ index, hints }) => [
      ...unsigned(index),
      ...vector(hints.map(({ offset, hint }) => [...unsigned(offset), 1, hint === 'likely' ? 1 : 0])),
    ]),
  );
}
