import { describe, expect, it } from 'vitest';
import { DARK, LIGHT, LOOKS, lookOf } from '../../../src/report/html/palette.js';

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

const times = (matrix: Matrix, [a, b, c]: Triple) =>
  matrix.map(([x, y, z]) => x * a + y * b + z * c) as unknown as Triple;

/** Linear sRGB, 0 to 1, of `#rrggbb`. */
function linear(colour: string): Triple {
  return [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as unknown as Triple;
}

/** WCAG 2.1, contrast ratio. */
function contrast(a: string, b: string): number {
  const luminance = (colour: string) =>
    times(
      [
        [0.2126, 0.7152, 0.0722],
        [0, 0, 0],
        [0, 0, 0],
      ],
      linear(colour),
    )[0] + 0.05;
  const [less, more] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return more / less;
}

/** What people see, in linear sRGB: Machado, Oliveira and Fernandes 2009, severity 1. */
const SIGHT: Readonly<Record<string, Matrix>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** Ottosson's OKLab of linear sRGB, in which distances are about what eyes make of them. */
function oklab(rgb: Triple): Triple {
  const cones = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    rgb.map((value) => Math.max(0, value)) as unknown as Triple,
  );
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    cones.map(Math.cbrt) as unknown as Triple,
  );
}

const themes = [
  ['light', LIGHT],
  ['dark', DARK],
] as const;

describe.each(themes)('the %s palette', (theme, { background, text, faint }) => {
  const colours = LOOKS.map((look) => look[theme]);

  it('can be read on its page, lines and text', () => {
    for (const colour of [...colours, text, faint]) expect(contrast(colour, background), colour).toBeGreaterThan(4.5);
  });

  it.each(Object.keys(SIGHT))('has no two lines of nearly one colour, to %s sight', (sight) => {
    const seen = colours.map((colour) => oklab(times(SIGHT[sight]!, linear(colour))));
    for (const [i, one] of seen.entries())
      for (const [j, other] of seen.slice(0, i).entries())
        expect(Math.hypot(...one.map((value, k) => value - other[k]!)), `${colours[i]} ${colours[j]}`).toBeGreaterThan(
          0.1,
        );
  });
});

describe('looks', () => {
  it('differ in colour or symbol, for 49 lines', () => {
    const looks = Array.from({ length: LOOKS.length ** 2 }, (_, n) => lookOf(n));
    expect(new Set(looks.map(({ light, symbol }) => `${light} ${symbol}`)).size).toBe(LOOKS.length ** 2);
  });
});
