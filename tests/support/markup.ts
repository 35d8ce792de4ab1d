import { parseHTML } from 'linkedom';

/** As much of the DOM's element as tests look at. */
export interface Parsed {
  readonly tagName: string;
  readonly textContent: string;
  readonly id: string;
  readonly children: Iterable<Parsed> & { readonly length: number };
  getAttribute(name: string): string | null;
  getAttributeNames(): string[];
  querySelector(selector: string): Parsed | null;
  querySelectorAll(selector: string): Iterable<Parsed> & { readonly length: number };
}

/** The whole of an HTML document, or of a piece of one. */
export function parsed(html: string): Parsed {
  return parseHTML(html).document as unknown as Parsed;
}

export function textsOf(of: Parsed, selector: string): string[] {
  return [...of.querySelectorAll(selector)].map(({ textContent }) => textContent);
}
