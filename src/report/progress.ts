import { columnsOf, type Output } from './page.js';

/** Between two lines in a pipe or a file, whose reader wants to know that it is still going on. */
const SELDOM_MS = 300_000;

/** One line on the terminal, written over and over; into anything else a line now and then, none in the first five minutes. */
export class ProgressLine {
  private shown = false;
  private lastAt: number;

  /** @param now milliseconds */
  constructor(
    private readonly stream: Output & { write(text: string): unknown },
    private readonly now: () => number = () => performance.now(),
  ) {
    this.lastAt = now();
  }

  show(text: string): void {
    const columns = columnsOf(this.stream);
    if (columns === undefined) this.showSeldom(text);
    else {
      this.stream.write(`\r\u001b[K${text.slice(0, columns - 1)}`);
      this.shown = true;
    }
  }

  clear(): void {
    if (this.shown) this.stream.write('\r\u001b[K');
    this.shown = false;
  }

  private showSeldom(text: string): void {
    const at = this.now();
    if (at - this.lastAt < SELDOM_MS) return;
    this.lastAt = at;
    this.stream.write(`${text}\n`);
  }
}
