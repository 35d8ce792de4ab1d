import { posix } from 'node:path';
import { lineOf, type SourceText } from './source-text.js';

/** Something a source brings in from elsewhere. */
export interface Import {
  readonly line: number;
  /** As written; undefined where it is computed, so that nobody can say what it is. */
  readonly specifier: string | undefined;
  /** The source it names, from the package root, without `.js`; undefined for packages. */
  readonly target: string | undefined;
}

/** Each ends just before the quote of the specifier, or where a quote ought to be. */
const FORMS = [
  // import x from, import type { x } from, export * from: between the keyword and `from` stands no quote and no `;`.
  { pattern: /\b(?:import|export)\b[^'"`;]*?\bfrom\s*(?=['"])/g, always: true },
  // import 'x'
  { pattern: /\bimport\s*(?=['"])/g, always: true },
  // import('x'), as an expression and as a type; require('x'); import.meta.resolve('x')
  { pattern: /\bimport\s*\(\s*/g, always: true },
  { pattern: /\brequire(?:\.resolve)?\s*\(\s*/g, always: true },
  { pattern: /\bimport\.meta\.resolve\s*\(\s*/g, always: true },
  // new URL('x', import.meta.url): how a thread entry is named, and a folder or an asset too
  { pattern: /\bnew\s+URL\s*\(\s*(?=['"`])/g, always: false },
] as const;
const SOURCE_FILE = /\.[cm]?[jt]s$/;

/** Every import of the source, in whatever form. */
export function importsOf(source: SourceText): Import[] {
  return FORMS.flatMap(({ pattern, always }) =>
    [...source.code.matchAll(pattern)].flatMap((match) => {
      const quote = match.index + match[0].length;
      const specifier = literalAt(source, quote);
      if (!always && (specifier === undefined || !SOURCE_FILE.test(specifier))) return [];
      return [{ line: lineOf(source, quote), specifier, target: resolve(source.path, specifier) }];
    }),
  );
}

/** The contents of the string that opens at `quote`; undefined when there is none, or it is put together. */
function literalAt(source: SourceText, quote: number): string | undefined {
  const mark = source.code[quote];
  if (mark !== "'" && mark !== '"' && mark !== '`') return undefined;
  const end = source.code.indexOf(mark, quote + 1);
  const between = source.code.slice(quote + 1, end);
  return end < 0 || between.trim() !== '' || !/^\s*[),;\n]|^\s*$|^\s*with\b/.test(source.code.slice(end + 1, end + 80))
    ? undefined
    : source.text.slice(quote + 1, end);
}

function resolve(path: string, specifier: string | undefined): string | undefined {
  if (specifier === undefined || !/^\.\.?(?:\/|$)/.test(specifier)) return undefined;
  return posix.join(posix.dirname(path), specifier).replace(SOURCE_FILE, '');
}
