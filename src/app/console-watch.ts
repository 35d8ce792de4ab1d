/** What a command wants from a guest's console. */
export interface WatchOptions {
  /** Lines to be typed, one at each prompt of the shell. */
  readonly exec: readonly string[];
  /** The machine has done what it was to do when a line matches. */
  readonly until?: RegExp;
  /** It has failed when a line matches. */
  readonly fail: RegExp;
}

/** What the console has come to. */
export interface ConsoleVerdict {
  /** `prompt`: the shell is ready for another line, and there is none. */
  readonly kind: 'until' | 'prompt' | 'fail';
  /** The line. */
  readonly line: string;
}

/** Whoever reads a guest's console while it runs. */
export interface ConsoleListener {
  /** What is to be typed in answer. Nothing is looked at once there is a verdict. */
  feed(bytes: Uint8Array): string;
  /** Nothing has come for a while. */
  silence(): void;
  /** What the console has come to, with which the machine ends; undefined: it goes on. */
  readonly verdict: ConsoleVerdict | undefined;
  /** The last lines, the unfinished one among them. */
  readonly lastLines: readonly string[];
}

const PROMPT = '$ ';
/** A line that never ends is cut. */
const LONGEST_LINE = 4096;
/** Lines that are kept for a report. */
const LAST_LINES = 12;

/**
 * Reads a guest's console. Each line is looked at as it grows, so that what comes of it does not depend on the pieces in
 * which it arrives: `until` is met by the first beginning of a line that matches; a line that fails is heard to its end.
 */
export class ConsoleWatch implements ConsoleListener {
  verdict: ConsoleVerdict | undefined;
  private line = '';
  private readonly past: string[] = [];
  private typed = 0;
  /** The guest echoes what was typed, which is no prompt whatever it looks like. */
  private echoing = false;
  private failing = false;

  constructor(private readonly options: WatchOptions) {}

  /** What is to be typed in answer. Nothing is looked at once there is a verdict. */
  feed(bytes: Uint8Array): string {
    let answer = '';
    for (const byte of bytes) if (this.verdict === undefined) answer += this.character(String.fromCharCode(byte));
    return answer;
  }

  /** Nothing has come for a while: a line that fails and has not ended will not. */
  silence(): void {
    if (this.failing) this.settle('fail');
  }

  /** The last lines, the unfinished one among them. */
  get lastLines(): readonly string[] {
    return [...this.past, this.line].filter((line, i) => i < this.past.length || line !== '').slice(-LAST_LINES);
  }

  private character(letter: string): string {
    const { until, fail, exec } = this.options;
    if (letter === '\n') {
      if (this.failing) this.settle('fail');
      this.past.push(this.line);
      if (this.past.length > LAST_LINES) this.past.shift();
      this.line = '';
      this.echoing = false;
      return '';
    }
    if (letter === '\r') return '';
    this.line = (this.line + letter).slice(-LONGEST_LINE);
    if (fail.test(this.line)) this.failing = true;
    else if (until?.test(this.line) === true) this.settle('until');
    else if (exec.length > 0 && !this.echoing && this.line.endsWith(PROMPT)) return this.atPrompt();
    return '';
  }

  private atPrompt(): string {
    const next = this.options.exec[this.typed];
    if (next === undefined) {
      this.settle('prompt');
      return '';
    }
    this.typed++;
    this.echoing = true;
    return `${next}\n`;
  }

  private settle(kind: ConsoleVerdict['kind']): void {
    this.verdict ??= { kind, line: this.line };
  }
}
