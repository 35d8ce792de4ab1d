import type { WriteStream } from 'node:tty';

/** One line on the terminal, written over and over; nothing when the output is not a terminal. */
export class ProgressLine {
  private shown = false;

  constructor(private readonly stream: Pick<WriteStream, 'write'> & { isTTY?: boolean; columns?: number }) {}

  show(text: string): void {
    if (this.stream.isTTY !== true) return;
    this.stream.write(`\r\u001b[K${text.slice(0, (this.stream.columns ?? 80) - 1)}`);
    this.shown = true;
  }

  clear(): void {
    if (this.shown) this.stream.write('\r\u001b[K');
    this.shown = false;
  }
}
