import { lineOf, type SourceText } from './source-text.js';

/**
 * src/memory/README.md: no raw view of the shared buffer outside `src/memory`.
 *
 * A view needs a buffer, and shared memory's can be had in three ways only: made, taken from a `.buffer`, or passed in
 * under a type that says so. All three are closed; `Atomics` works on nothing but raw views, so it is closed as well.
 * What stays open are arrays of one's own: from a length, a list, or a copy.
 */
const VIEW = '(?:(?:Int|Uint|Float|BigInt|BigUint)\\d+(?:Clamped)?Array|DataView)';
const RULES: readonly { readonly pattern: RegExp; readonly why: string; readonly unless?: typeof ownArray }[] = [
  { pattern: /\bSharedArrayBuffer\b/g, why: 'names SharedArrayBuffer' },
  { pattern: /\bArrayBufferLike\b/g, why: 'names a buffer that may be shared' },
  { pattern: /\bWebAssembly\s*\.\s*Memory\s*\(/g, why: 'makes a WebAssembly.Memory' },
  { pattern: /\bAtomics\b/g, why: 'uses Atomics on a raw view' },
  // Begins with a whole word, or where no blank stands before: comments are blanks here, thousands in a row, and to begin
  // at each of them takes their square.
  {
    pattern: /(?:\b(\w+)|(?<!\s))\s*(?:[?!]\s*)?\.\s*buffer\b/g,
    why: 'takes the buffer of something',
    unless: ownArray,
  },
  { pattern: /\[\s*(['"`])\s+\1\s*\]/g, why: 'takes the buffer of something', unless: otherKey },
  {
    pattern: /[{,]\s*buffer\s*(?::\s*\w+\s*)?(?:,[^{}()]*)?\}\s*(?::[^=;]*)?=(?!=)/g,
    why: 'takes the buffer of something',
  },
  // A second argument is an offset into a buffer.
  {
    pattern: new RegExp(`\\bnew\\s+${VIEW}\\s*\\(\\s*[\\w.!?]+\\s*,`, 'g'),
    why: 'lays a view over a buffer',
    unless: ownBuffer,
  },
  {
    pattern: new RegExp(`\\bnew\\s+${VIEW}\\s*\\(\\s*(?:buffer|(?:\\w+\\.)*\\w*(?:Buffer|[mM]emory|wasm))\\s*\\)`, 'g'),
    why: 'lays a view over a buffer',
    unless: ownBuffer,
  },
];

/** One line for each way to the shared buffer that goes around `src/memory`. */
export function rawViewViolations(source: SourceText): string[] {
  if (source.path.startsWith('src/memory/') || source.path.endsWith('.d.ts')) return [];
  return RULES.flatMap(({ pattern, why, unless }) =>
    [...source.code.matchAll(pattern)]
      .filter((match) => unless?.(source, match) !== true)
      .map(
        (match) => `${source.path}:${lineOf(source, match.index)}: ${why}; only src/memory may (${match[0].trim()})`,
      ),
  );
}

/** `bytes.buffer` after `const bytes = new Uint8Array(4)`, and no other `bytes` that comes in as a parameter. */
function ownArray(source: SourceText, match: RegExpMatchArray): boolean {
  const name = match[1];
  return name !== undefined && isOwn(source, name, `${VIEW}\\s*\\(`);
}

/** `new DataView(scratch, 4)` after `const scratch = new ArrayBuffer(8)`. */
function ownBuffer(source: SourceText, match: RegExpMatchArray): boolean {
  const name = /\(\s*(\w+)\s*[,)]/.exec(match[0])?.[1];
  return name !== undefined && isOwn(source, name, 'ArrayBuffer\\s*\\(');
}

function isOwn(source: SourceText, name: string, made: string): boolean {
  const own = new RegExp(`\\bconst\\s+${name}\\s*=\\s*new\\s+${made}`).test(source.code);
  const parameter = new RegExp(`\\b${name}\\s*\\??\\s*:|\\b${name}\\s*[,)][^;{}()]*=>`).test(source.code);
  return own && !parameter;
}

function otherKey(source: SourceText, match: RegExpMatchArray): boolean {
  return !/^\[\s*['"`]buffer['"`]/.test(source.text.slice(match.index));
}

/** Inside `src/memory` a raw view stays inside its class: a public one would hand the buffer on. */
export function publicViewViolations(source: SourceText): string[] {
  if (!source.path.startsWith('src/memory/')) return [];
  const field = new RegExp(
    `^ {2}(?!private\\b|#)((?:\\w+ )*\\w+)[?!]?\\s*(?::\\s*|=\\s*new\\s+)(?:${VIEW}|SharedArrayBuffer|ArrayBufferLike)\\b`,
    'gm',
  );
  return [...source.code.matchAll(field)].map(
    (match) =>
      `${source.path}:${lineOf(source, match.index)}: ${match[1]} is a raw view that others can reach; make it private`,
  );
}
