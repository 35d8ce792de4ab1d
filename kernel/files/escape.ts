export const ESC = 0x1b;

/** A terminal sends ESC [ … and a letter, or ESC O and a letter, for keys without a character of their own (ECMA-48 §5.4; arrows and the like). */
export const Escape = { None: 0, Begun: 1, Sequence: 2, OneMore: 3 } as const;
export type Escape = (typeof Escape)[keyof typeof Escape];

/** How far the key has come with its next byte. */
export function escapeAfter(before: Escape, c: number): Escape {
  switch (before) {
    case Escape.Begun:
      if (c === 0x5b) return Escape.Sequence;
      if (c === ESC) return Escape.Begun;
      return c === 0x4f ? Escape.OneMore : Escape.None;
    case Escape.Sequence:
      // Parameters and what comes between; anything else is the last.
      return c >= 0x20 && c < 0x40 ? Escape.Sequence : Escape.None;
    case Escape.OneMore:
      return Escape.None;
    default:
      return Escape.Begun;
  }
}
