import { expect, test } from 'vitest';
import { ProgressLine } from '../../src/report/progress.js';

function written(isTTY: boolean, show: (line: ProgressLine, at: (ms: number) => void) => void): string {
  const texts: string[] = [];
  let time = 1000;
  const stream = { isTTY, columns: 10, write: (text: string) => texts.push(text) };
  show(new ProgressLine(stream, () => time), (ms) => {
    time = 1000 + ms;
  });
  return texts.join('');
}

test('a terminal has one line, which is written over, cut to its width, and taken away', () => {
  const text = written(true, (line) => {
    line.show('one');
    line.show('0123456789');
    line.clear();
    line.clear();
  });
  expect(text).toBe('\r\u001b[Kone\r\u001b[K012345678\r\u001b[K');
});

test('a pipe has a whole line every five minutes, and none in the first', () => {
  const text = written(false, (line, at) => {
    line.show('at once');
    at(299_999);
    line.show('too early');
    at(300_000);
    line.show('0123456789');
    at(599_999);
    line.show('too early');
    at(610_000);
    line.show('two');
    line.clear();
  });
  expect(text).toBe('0123456789\ntwo\n');
});
