import type { AnyNode } from 'acorn';
import type { CompiledFile, KernelFunction } from './compiled-kernel.js';
import { codeOf, type Operator, replaced } from './operator.js';
import { below, type MethodCall, methodCall } from './syntax.js';

/** What a plain kernel would do, by the method of a field: `at` is its address. */
const FIELD_METHODS = new Map<string, (mem: string, at: string, args: readonly string[]) => string>([
  ['load', (mem, at) => `${mem}.load32(${at})`],
  ['store', (mem, at, [value]) => `${mem}.store32(${at}, ${value})`],
  ['add', (mem, at, [by]) => changed(mem, at, `seen + (${by})`)],
  ['or', (mem, at, [bits]) => changed(mem, at, `seen | (${bits})`)],
  ['and', (mem, at, [bits]) => changed(mem, at, `seen & (${bits})`)],
  ['exchange', (mem, at, [value]) => changed(mem, at, `${value}`)],
  ['compareExchange', (mem, at, [expected, value]) => changed(mem, at, `seen === (${expected}) ? (${value}) : seen`)],
]);
const MEMORY_METHODS = new Map<string, (mem: string, args: readonly string[]) => string>([
  ['atomicLoad32', (mem, [at]) => `${mem}.load32(${at})`],
  ['atomicStore32', (mem, [at, value]) => `${mem}.store32(${at}, ${value})`],
  ['atomicAdd32', (mem, [at, by]) => changed(mem, `${at}`, `seen + (${by})`)],
]);

/** A load, then a store, and what was there, as the atomic operation tells it. */
function changed(mem: string, at: string, value: string): string {
  return `((at) => { const seen = ${mem}.load32(at); ${mem}.store32(at, (${value}) >>> 0); return seen; })(${at})`;
}

/**
 * An operator for a kernel of these files, in which it finds out which fields are atomic: their loads and stores look like
 * those of any other.
 */
export function plainForAtomic(files: readonly CompiledFile[]): Operator {
  const atomic = new Map(files.flatMap((file) => [...atomicFields(file)]));
  return {
    name: 'plain-for-atomic',
    summary: 'accesses a word plainly that others access atomically',
    *find(fn) {
      const isAtomic = fieldsIn(fn.file, atomic);
      for (const node of below(fn.body)) {
        const found = methodCall(node);
        const plain = found && (plainMemory(fn, found) ?? plainField(fn, found, isAtomic));
        if (plain !== undefined) yield { what: codeOf(fn, node), edits: [replaced(fn, node, plain)] };
      }
    },
  };
}

function plainMemory(fn: KernelFunction, { call, callee, method }: MethodCall): string | undefined {
  const args = call.arguments.map((arg) => codeOf(fn, arg));
  return MEMORY_METHODS.get(method)?.(codeOf(fn, callee.object), args);
}

function plainField(
  fn: KernelFunction,
  { call, callee, method }: MethodCall,
  isAtomic: (code: string) => boolean,
): string | undefined {
  const field = codeOf(fn, callee.object);
  const [mem = '', base = '', ...args] = call.arguments.map((arg) => codeOf(fn, arg));
  return isAtomic(field) ? FIELD_METHODS.get(method)?.(mem, `${field}.at(${base})`, args) : undefined;
}

/** Names of the atomic fields of each struct that a file declares, by the name of the constant. */
function* atomicFields({ program }: CompiledFile): Generator<[string, ReadonlySet<string>]> {
  for (const node of below(program)) {
    if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier') continue;
    if (node.init?.type !== 'CallExpression') continue;
    const { callee, arguments: args } = node.init;
    if (callee.type !== 'Identifier' || callee.name !== 'struct' || args[1]?.type !== 'ObjectExpression') continue;
    const fields = args[1].properties.flatMap((property) =>
      property.type === 'Property' && property.key.type === 'Identifier' && isAtomicType(property.value)
        ? [property.key.name]
        : [],
    );
    yield [node.id.name, new Set(fields)];
  }
}

function isAtomicType(node: AnyNode): boolean {
  return node.type === 'Identifier' && node.name === 'atomic32';
}

/** Whether some code of the file names an atomic field: by a name of its own, or as `struct.fields.name`. */
function fieldsIn(
  { program }: CompiledFile,
  atomic: ReadonlyMap<string, ReadonlySet<string>>,
): (code: string) => boolean {
  const local = new Set<string>();
  for (const node of below(program)) {
    if (node.type !== 'VariableDeclarator' || node.id.type !== 'ObjectPattern') continue;
    if (node.init?.type !== 'MemberExpression' || node.init.object.type !== 'Identifier') continue;
    const fields = atomic.get(node.init.object.name);
    for (const property of node.id.properties)
      if (property.type === 'Property' && property.value.type === 'Identifier' && property.key.type === 'Identifier')
        if (fields?.has(property.key.name) === true) local.add(property.value.name);
  }
  return (code) => {
    const [struct, fields, name] = code.split('.');
    return local.has(code) || (fields === 'fields' && atomic.get(struct!)?.has(name!) === true);
  };
}
