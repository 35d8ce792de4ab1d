import { expect, test } from 'vitest';
import { pageOfSections, sectionsOf } from './sections.js';

const PAGE = `# Head

words

## One

text

### Below one

more

## Two

| a |
`;

test('a page comes apart at its headings of the second level and together again', () => {
  const sections = sectionsOf(PAGE);
  expect([...sections.keys()]).toEqual(['One', 'Two']);
  expect(sections.get('One')).toBe('text\n\n### Below one\n\nmore');
  expect(pageOfSections('# Head\n\nwords\n', ['One', 'Two'], sections)).toBe(PAGE);
});

test('sections come in the order that is asked for, and those that are in no list are dropped', () => {
  const sections = new Map([...sectionsOf(PAGE), ['Three', 'new']]);
  expect(pageOfSections('# Head', ['Three', 'Missing', 'One'], sections)).toBe(
    '# Head\n\n## Three\n\nnew\n\n## One\n\ntext\n\n### Below one\n\nmore\n',
  );
});

test('a page without headings has no sections', () => {
  expect(sectionsOf('').size).toBe(0);
  expect(sectionsOf('words\n').size).toBe(0);
});
