/** Below this many columns, text is stacked rather than squeezed: names of the kernel would be cut in pieces. */
export const NARROWEST = 24;

/** Running text gets no more than this, however wide the page: eyes lose the line on their way back. */
export const READABLE = 100;

/** How far lines of running text that go on are set in. */
const HANG = 4;

/**
 * The lines of `text` when none may have more than `width` characters. They end at blanks where there are any, else
 * inside a word that is longer than a line: only blanks at the ends of lines are ever lost.
 *
 * @param hang blanks before every line but the first, which count for the width
 */
export function wrapped(text: string, width: number, hang = 0): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    // By code points: half of one is no character.
    let rest = [...paragraph.trimEnd()];
    do {
      const indent = lines.length === 0 ? 0 : hang;
      const end = endOfLine(rest, width - indent);
      lines.push(`${' '.repeat(indent)}${rest.slice(0, end).join('')}`.trimEnd());
      rest = [...rest.slice(end).join('').trimStart()];
    } while (rest.length > 0);
  }
  return lines;
}

/** Where a line of at most `room` characters ends. */
function endOfLine(characters: readonly string[], room: number): number {
  if (characters.length <= room) return characters.length;
  const blank = characters.lastIndexOf(' ', room);
  const word = characters.findIndex((character) => character !== ' ');
  return blank > word ? blank : room;
}

/** `text` behind its label, going on under its own start, or nearer to the margin where that leaves it too narrow. */
export function hanging(label: string, text: string, width: number): string {
  const room = width - label.length;
  if (room < NARROWEST) return fitted(label + text, width);
  return label + wrapped(text, room).join(`\n${' '.repeat(label.length)}`);
}

/** Lines of running text; one that is too long goes on a little further in than it began. */
export function fitted(text: string, width: number): string {
  const lines = text.split('\n').flatMap((line) => {
    const words = line.trimStart();
    const indent = ' '.repeat(line.length - words.length);
    return wrapped(words, width - indent.length, HANG).map((part) => (part === '' ? '' : indent + part));
  });
  return lines.join('\n');
}

/**
 * A command of the shell behind its label. Where it does not fit it goes on behind a backslash, so that it still runs
 * when it is copied; for the same reason a word of it stays whole, even if the page is narrower.
 */
export function commandText(label: string, command: string, width: number): string {
  const BACKSLASH = ' \\';
  const lines: string[] = [];
  let line = label;
  for (const word of command.split(' ')) {
    const longer = `${line} ${word}`;
    if (longer.length + BACKSLASH.length > width && line !== label) {
      lines.push(line + BACKSLASH);
      line = ' '.repeat(Math.min(HANG, Math.max(0, width - word.length))) + word;
    } else line = longer;
  }
  return [...lines, line].join('\n');
}
