import { columnsOf, type Output } from './page.js';

/** One line on the terminal, written over and over; nothing when the output is not a terminal. */
export class ProgressLine {
  private shown = false;

  constructor(private readonly stream: Output & { write(text: string): unknown }) {}

  show(text: string): void {
    const columns = columnsOf(this.stream);
    if (columns === undefined) return;
    this.stream.write(`\r\u001b[K${text.slice(0, columns - 1)}`);
    this.shown = true;
  }

  clear(): void {
    if (this.shown) this.stream.write('\r\u001b[K');
    this.shown = false;
  }
}
