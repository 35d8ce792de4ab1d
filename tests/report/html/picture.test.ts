import { expect, it } from 'vitest';
import { picture } from '../../../src/report/html/picture.js';
import { HAND_MADE_PAGE, NAMES } from '../../support/bench-page.js';
import { parsed, textsOf } from '../../support/markup.js';

it('a picture has a title, a background of its own, the names of its lines and a footnote', () => {
  const { main } = HAND_MADE_PAGE.sections[0]!;
  const svg = picture(main, 'made & drawn');
  const whole = parsed(svg);
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  expect(whole.querySelector('svg > title')?.textContent).toBe(main.title);
  expect(whole.querySelector('rect')?.getAttribute('fill')).toBe('var(--background)');
  expect(svg).toMatch(/svg \{[^}]*--background: #/);
  expect(textsOf(whole, 'g[data-series] text')).toEqual(NAMES);
  expect(textsOf(whole, 'svg > text')).toEqual([main.title, 'made & drawn']);
});
