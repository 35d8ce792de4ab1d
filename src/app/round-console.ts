import { type ConsoleListener, type ConsoleVerdict, ConsoleWatch } from './console-watch.js';

const PROMPT = '$ ';
const LAST_LINES = 12;

/** A guest's console at which a line is typed again and again: at each prompt when somebody says so. Only a line that fails ends the machine. */
export class RoundConsole implements ConsoleListener {
  private watch: ConsoleWatch;
  private before: readonly string[] = [];
  private typing = '';
  private isAtPrompt = false;
  private heard = 0;

  /**
   * @param fail as of `WatchOptions`
   * @param prompted told when the kernel is at its prompt: for the first time, and at the end of every round
   */
  constructor(
    private readonly line: string,
    private readonly fail: RegExp,
    private readonly prompted: () => void,
  ) {
    this.watch = new ConsoleWatch({ exec: [], until: /\$ $/, fail });
  }

  /** Bytes that have come. */
  get bytes(): number {
    return this.heard;
  }

  /** At the prompt: the line is to be typed. */
  beginRound(): void {
    // The prompt, which is the line that stands there, is taken again.
    this.before = this.watch.lastLines.slice(0, -1);
    this.watch = new ConsoleWatch({ exec: [this.line], fail: this.fail });
    this.isAtPrompt = false;
    this.typing = this.watch.feed(new TextEncoder().encode(PROMPT));
  }

  feed(bytes: Uint8Array): string {
    const { watch, typing } = this;
    this.typing = '';
    this.heard += bytes.length;
    watch.feed(bytes);
    if (watch.verdict !== undefined && watch.verdict.kind !== 'fail' && !this.isAtPrompt) {
      this.isAtPrompt = true;
      this.prompted();
    }
    return typing;
  }

  silence(): void {
    this.watch.silence();
  }

  get verdict(): ConsoleVerdict | undefined {
    const { verdict } = this.watch;
    return verdict?.kind === 'fail' ? verdict : undefined;
  }

  get lastLines(): readonly string[] {
    return [...this.before, ...this.watch.lastLines].slice(-LAST_LINES);
  }
}
