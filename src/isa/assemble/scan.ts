import { AssemblyError } from './assembly-error.js';

export interface Token {
  /** `local`: a reference such as `1b` or `2f`. `number` includes characters such as `'a'`. */
  readonly kind: 'name' | 'number' | 'local' | 'string' | 'mark';
  readonly text: string;
}

/** One statement: what stands between line ends and semicolons. */
export interface Statement {
  readonly line: number;
  readonly tokens: readonly Token[];
}

/** Tried in this order at each place of the source. */
const patterns: readonly (readonly [Token['kind'] | 'skip' | 'end', RegExp])[] = [
  ['skip', /[ \t\r]+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\//y],
  ['end', /[\n;]/y],
  ['number', /0[xX][\da-fA-F]+(?![\w.$])|0[bB][01]+(?![\w.$])|\d+(?![\w.$])|'(?:\\.|[^'\\\n])'/y],
  ['local', /\d+[bf](?![\w.$])/y],
  ['name', /[A-Za-z_.$][\w.$]*/y],
  ['string', /"(?:\\[\s\S]|[^"\\\n])*"/y],
  ['mark', /<<|>>|\/(?!\*)|[-+*%&|^~(),:=]/y],
];

/** Cuts the source into statements. Comments are `#` and `//` to the end of the line, and C's. Throws an AssemblyError. */
export function scan(source: string): Statement[] {
  const statements: Statement[] = [];
  let tokens: Token[] = [];
  let line = 1;
  let at = 0;
  const finish = () => {
    if (tokens.length > 0) statements.push({ line, tokens });
    tokens = [];
  };
  while (at < source.length) {
    const { kind, text } = next(source, at, line);
    if (kind === 'end') finish();
    else if (kind !== 'skip') tokens.push({ kind, text });
    line += text.split('\n').length - 1;
    at += text.length;
  }
  finish();
  return statements;
}

function next(source: string, at: number, line: number) {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const text = pattern.exec(source)?.[0];
    if (text !== undefined) return { kind, text };
  }
  const rest = source.slice(at).split('\n', 1)[0] ?? '';
  if (rest.startsWith('"')) throw new AssemblyError(line, 'the string has no closing quote; add one on the same line');
  if (rest.startsWith('/*')) throw new AssemblyError(line, 'the comment has no end; add */');
  throw new AssemblyError(line, `\`${rest}\` cannot be read; expected a name, number, string or operator`);
}

/** Parts separated by commas outside parentheses. No tokens: no parts. */
export function splitOperands(tokens: readonly Token[]): Token[][] {
  if (tokens.length === 0) return [];
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.text === '(' && token.kind === 'mark') depth++;
    if (token.text === ')' && token.kind === 'mark') depth--;
    if (token.text === ',' && token.kind === 'mark' && depth === 0) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

export const textOf = (tokens: readonly Token[]): string => tokens.map(({ text }) => text).join(' ');

const escapes: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, b: 8, f: 12 };
const escapePattern = /\\(x[\da-fA-F]+|[0-7]{1,3}|[\s\S])/g;

/** The bytes of a string token: UTF-8, with C's escapes. */
export function stringBytes(token: Token): Uint8Array {
  const bytes: number[] = [];
  const body = token.text.slice(1, -1);
  const encoder = new TextEncoder();
  let plainFrom = 0;
  for (const match of body.matchAll(escapePattern)) {
    bytes.push(...encoder.encode(body.slice(plainFrom, match.index)), escapedByte(match[1] ?? ''));
    plainFrom = match.index + match[0].length;
  }
  bytes.push(...encoder.encode(body.slice(plainFrom)));
  return Uint8Array.from(bytes);
}

function escapedByte(code: string): number {
  if (/^x./.test(code)) return Number.parseInt(code.slice(1), 16) & 0xff;
  if (/^[0-7]/.test(code)) return Number.parseInt(code, 8) & 0xff;
  return escapes[code] ?? code.charCodeAt(0);
}

const OCTAL = /^0[0-7]+$/;

/** The value of a number token: decimal, 0x, 0b, octal with a leading 0, or a character. */
export function numberValue(token: Token, line: number): bigint {
  const { text } = token;
  if (text.startsWith("'")) {
    const [byte, ...more] = stringBytes({ kind: 'string', text: `"${text.slice(1, -1)}"` });
    if (byte === undefined || more.length > 0)
      throw new AssemblyError(line, `${text} is not one byte; write its number`);
    return BigInt(byte);
  }
  if (OCTAL.test(text)) return BigInt(`0o${text.slice(1)}`);
  if (/^0\d/.test(text)) throw new AssemblyError(line, `${text} has a leading 0 but is not octal; drop the 0`);
  return BigInt(text);
}
