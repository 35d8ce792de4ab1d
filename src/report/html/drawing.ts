import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { escaped } from './markup.js';

/** What Plot takes for `marks`, and what it makes: the DOM's own types are not those of this program. */
export type Mark = Plot.Markish;

/** What a person who does not see the drawing gets of it. */
export interface Caption {
  /** Unique on the page. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

/** Digits after the point of a coordinate, in pixels. */
const DIGITS = 1;
const COORDINATES = ['d', 'transform', 'x', 'y', 'x1', 'x2', 'y1', 'y2', 'width', 'height'];
const PLOT = 'plot';
export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif';
/** In pixels. */
export const FONT_SIZE = 12;
/** CSS that drawings need where they stand. */
export const DRAWING_STYLE = `.${PLOT} { font: ${FONT_SIZE}px ${FONT}; } .${PLOT} text { white-space: pre; }`;

/**
 * Part of a drawing that the page finds again by these `data-` attributes.
 * @param tips what is shown beside each datum when one points at it
 */
export function tagged(
  attributes: Readonly<Record<string, string>>,
  tips: readonly string[] = [],
): { readonly render: Plot.RenderFunction } {
  return {
    render: (index, scales, values, dimensions, context, next) => {
      const element = next?.(index, scales, values, dimensions, context) ?? null;
      for (const [name, value] of Object.entries(attributes)) element?.setAttribute(`data-${name}`, value);
      if (tips.length > 0)
        for (const [place, datum] of index.entries()) element?.children[place]?.setAttribute('data-tip', tips[datum]!);
      return element;
    },
  };
}

/**
 * The drawing as SVG, without a browser. Colours are those of `paletteVariables`.
 * @param caption none: the drawing says nothing that does not stand beside it
 * @param data goes into `data-` attributes of the whole
 */
export function drawn(
  options: Plot.PlotOptions,
  caption?: Caption,
  data: (plot: ReturnType<typeof Plot.plot>) => Readonly<Record<string, number>> = () => ({}),
): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const plot = Plot.plot({ className: PLOT, ...options, document });
  const figures = data(plot);
  // `DRAWING_STYLE` has what is needed of its rules.
  plot.querySelector('style')?.remove();
  for (const element of plot.querySelectorAll('*')) for (const name of COORDINATES) round(element, name);
  for (const [name, value] of Object.entries(figures)) plot.setAttribute(`data-${name}`, String(rounded(value)));
  plot.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  if (caption === undefined) {
    plot.setAttribute('aria-hidden', 'true');
    return plot.outerHTML;
  }
  const { id, title, description } = caption;
  plot.setAttribute('role', 'img');
  plot.setAttribute('aria-labelledby', `${id}-title ${id}-description`);
  const head = `<title id="${id}-title">${escaped(title)}</title><desc id="${id}-description">${escaped(description)}</desc>`;
  return plot.outerHTML.replace('>', `>${head}`);
}

/** As much of the DOM's element as drawings need. */
interface SvgElement {
  textContent: string | null;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  appendChild<T>(child: T): T;
}

/** What a mark of one's own is made of. */
export function svgElement(
  document: Plot.Context['document'],
  name: string,
  attributes: Readonly<Record<string, string | number>>,
): SvgElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/** Of the same length wherever it is drawn: sines and logarithms differ in the last place from one machine to the next. */
function round(element: SvgElement, name: string): void {
  const value = element.getAttribute(name);
  if (value !== null)
    element.setAttribute(
      name,
      value.replace(/-?\d+\.\d+/g, (number) => String(rounded(Number(number)))),
    );
}

function rounded(value: number): number {
  // No -0.
  return Number(value.toFixed(DIGITS)) + 0;
}
