/** How one line of a chart looks: colour and symbol both tell it from the others. */
export interface Look {
  /** CSS colour on the light and on the dark page. */
  readonly light: string;
  readonly dark: string;
  /** Of Plot's. */
  readonly symbol: 'circle' | 'square' | 'triangle' | 'diamond' | 'star' | 'cross' | 'wye';
}

export const LIGHT = { background: '#ffffff', text: '#1d2127', faint: '#5a626d', grid: '#dfe3e8', wait: '#c3c9d1' };
export const DARK = { background: '#14171c', text: '#e4e8ee', faint: '#a2abb7', grid: '#31373f', wait: '#505863' };

/**
 * Found by a search for colours that stay apart under normal sight and under protanopia, deuteranopia and tritanopia (as
 * Machado, Oliveira and Fernandes simulate them, 2009), with a contrast against the page of 4.5 or more, as for text
 * (WCAG 2.1, 1.4.3).
 */
export const LOOKS: readonly Look[] = [
  { light: '#00326d', dark: '#0d8cff', symbol: 'circle' },
  { light: '#9a2500', dark: '#fca041', symbol: 'square' },
  { light: '#208372', dark: '#9bfcda', symbol: 'triangle' },
  { light: '#872aa3', dark: '#a370a1', symbol: 'diamond' },
  { light: '#986d00', dark: '#f8ed28', symbol: 'star' },
  { light: '#4d5459', dark: '#b1b7be', symbol: 'cross' },
  { light: '#541700', dark: '#dc592f', symbol: 'wye' },
];

/** Of the nth line. The first seven differ in colour, the first 49 in colour or symbol. */
export function lookOf(n: number): Look {
  const look = LOOKS[n % LOOKS.length]!;
  return { ...look, symbol: LOOKS[(n + Math.floor(n / LOOKS.length)) % LOOKS.length]!.symbol };
}

/** The colour of the nth line, as charts name it; `paletteVariables` says which it is. */
export function colourOf(n: number): string {
  return `var(--line-${n % LOOKS.length})`;
}

/** CSS variables with the colours of one theme. */
export function paletteVariables(theme: 'light' | 'dark'): string {
  const page = Object.entries(theme === 'light' ? LIGHT : DARK).map(([name, colour]) => `--${name}: ${colour};`);
  const lines = LOOKS.map((look, n) => `--line-${n}: ${look[theme]};`);
  return [...page, ...lines].join(' ');
}
