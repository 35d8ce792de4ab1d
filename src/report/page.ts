import { allowsColour, coloured, type Paint, plain } from './colour.js';

/** What a text is laid out for. */
export interface Page {
  /** Columns. */
  readonly width: number;
  readonly paint: Paint;
}

/** A stream that may be a terminal, as `process.stdout` is. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Whatever is no terminal: a pipe, a file, a message of Vitest's. */
export const PLAIN_PAGE: Page = { width: 120, paint: plain };

/** A terminal that is narrower gets this, and breaks the lines itself. */
const NARROWEST_PAGE = 40;
/** Of a terminal that does not say, or says 0, as some pseudo-terminals do. */
const USUAL_COLUMNS = 80;

/** Columns of a terminal; undefined for what is none. */
export function columnsOf({ isTTY, columns }: Output): number | undefined {
  return isTTY === true ? columns || USUAL_COLUMNS : undefined;
}

export function pageOf(stream: Output, env: NodeJS.ProcessEnv = process.env): Page {
  const columns = columnsOf(stream);
  if (columns === undefined) return PLAIN_PAGE;
  return { width: Math.max(columns, NARROWEST_PAGE), paint: allowsColour(env) ? coloured : plain };
}

/** Columns of a list. One that is piped is searched line by line, so there a row is one line, however long. */
export function listWidth(stream: Output): number {
  return columnsOf(stream) === undefined ? Number.POSITIVE_INFINITY : pageOf(stream).width;
}
