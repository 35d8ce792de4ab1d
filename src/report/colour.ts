/** What a colour says. */
export type Tone = 'bad' | 'good' | 'heading' | 'turn' | 'pair' | 'aside';

/** Text in a tone. Colour takes no columns, but its codes are characters: text is wrapped first and painted after. */
export type Paint = (tone: Tone, text: string) => string;

/** Select Graphic Rendition, ECMA-48 §8.3.117: on, and off again. */
const CODES: Readonly<Record<Tone, readonly [on: number, off: number]>> = {
  bad: [31, 39],
  good: [32, 39],
  heading: [1, 22],
  turn: [36, 39],
  pair: [33, 39],
  aside: [2, 22],
};

/** Without colour. */
export const plain: Paint = (_tone, text) => text;

export const coloured: Paint = (tone, text) => {
  const [on, off] = CODES[tone];
  return `\u001b[${on}m${text}\u001b[${off}m`;
};

/** Whether a terminal may be coloured: https://no-color.org, and what terminfo calls a terminal that can do nothing. */
export function allowsColour({ NO_COLOR = '', TERM }: NodeJS.ProcessEnv): boolean {
  return NO_COLOR === '' && TERM !== 'dumb';
}
