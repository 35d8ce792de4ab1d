import type { CheckFailure } from '../app/check.js';
import { explainedText } from '../app/failure-text.js';
import type { Page } from '../report/page.js';
import { commandText, fitted } from '../report/wrap.js';

/** A failure, and the file that brings it back; undefined: none could be written. */
export interface SavedFailure {
  readonly failure: CheckFailure;
  readonly file: string | undefined;
}

const NOT_SAVED = 'not saved';

/** Its report when it was explained, else a line; and how to make it happen again. @param where more lines of the second kind */
export function savedText({ failure, file }: SavedFailure, page: Page, where = ''): string {
  const replay = file === undefined ? NOT_SAVED : `hartbreak replay ${file}`;
  if (failure.explanation !== undefined) return explainedText(failure.explanation, replay, page);
  const text = fitted(`${failure.kind}: ${failure.summary}${where}`, page.width);
  return file === undefined
    ? `${text}\n  not explained, and ${NOT_SAVED}`
    : `${text}\n${commandText('  not explained; replay:', replay, page.width)}`;
}
