import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { type AnyNode, type BlockStatement, type Program, parse, tokenizer } from 'acorn';
import { children } from './syntax.js';

/** A file of the kernel as `tsc` compiles it, which is what threads run. Offsets are those of its text. */
export interface CompiledFile {
  /** From the folder that `tsc` writes to: `kernel/process/sleep.js`. */
  readonly path: string;
  readonly text: string;
  readonly program: Program;
}

/** A method of a class, or a function at the top of its file. What is defined inside belongs to it. */
export interface KernelFunction {
  readonly file: CompiledFile;
  /** `Sleep.wakeup`. */
  readonly name: string;
  readonly body: BlockStatement;
}

/** Where it is written what harts do at once. */
const FOLDERS = ['files', 'fs', 'locks', 'memory', 'page-sharing', 'process', 'trap'];
/** What makes, reads and checks disks on the host, or looks at memory from outside, or boots. */
const NOT_BY_HARTS = /\/(?:mkfs|format|check-\w+|image-view|inspect|segments|userinit)\.js$/;
const BOOT = /\.(?:init|kinit|constructor)$/;
/** Designs as their authors wrote them: known to be broken. */
const PUBLISHED = /(?:^|\/)published/i;

/** @param dist the folder that `tsc` writes to */
export function compiledKernel(dist: URL): CompiledFile[] {
  const names = (folder: string) =>
    readdirSync(new URL(`kernel/${folder}/`, dist), { recursive: true, encoding: 'utf8' });
  return FOLDERS.flatMap((folder) => names(folder).map((name) => `kernel/${folder}/${name}`))
    .filter((path) => path.endsWith('.js') && !NOT_BY_HARTS.test(path) && !PUBLISHED.test(path))
    .toSorted()
    .map((path) => compiledFile(path, readFileSync(new URL(path, dist), 'utf8')));
}

export function compiledFile(path: string, text: string): CompiledFile {
  return { path, text, program: parse(text, { ecmaVersion: 'latest', sourceType: 'module' }) };
}

/** What harts run at once, in the order of the text. */
export function functionsOf(file: CompiledFile): KernelFunction[] {
  return [...functionsIn(file, file.program, '')].filter(({ name }) => !BOOT.test(name) && !PUBLISHED.test(name));
}

function* functionsIn(file: CompiledFile, node: AnyNode, className: string): Generator<KernelFunction> {
  switch (node.type) {
    case 'MethodDefinition':
      if (node.key.type === 'Identifier') yield { file, name: `${className}.${node.key.name}`, body: node.value.body };
      return;
    case 'FunctionDeclaration':
      if (node.id !== null && node.body.type === 'BlockStatement') yield { file, name: node.id.name, body: node.body };
      return;
    case 'ClassDeclaration':
      for (const child of children(node)) yield* functionsIn(file, child, node.id?.name ?? '');
      return;
    default:
      for (const child of children(node)) yield* functionsIn(file, child, className);
  }
}

/** The function's code in a few letters, which change when it does, and not with a comment or a line break. */
export function digestOf({ file, body }: KernelFunction): string {
  const text = file.text.slice(body.start, body.end);
  const tokens = [...tokenizer(text, { ecmaVersion: 'latest' })];
  const code = tokens.map(({ start, end }) => text.slice(start, end)).join(' ');
  return createHash('sha256').update(code).digest('hex').slice(0, 8);
}
