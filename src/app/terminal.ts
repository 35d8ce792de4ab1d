import type { Readable } from 'node:stream';
import type { InputProducer } from '../machine/input-ring.js';

/** Ctrl-C, as a terminal in raw mode sends it. */
const INTERRUPT = 0x03;

/** `process.stdin`, whatever it is: a terminal, a pipe, a file. */
export type InputStream = Readable & { readonly isTTY?: boolean; setRawMode?(on: boolean): unknown };

export interface TerminalOptions {
  readonly stream: InputStream;
  /** Somebody in the guest is sure to read the console: there is no need to wait until he does. */
  readonly atOnce: boolean;
  /** Ctrl-C was typed, which raw mode keeps the terminal from making a signal. */
  interrupted(): void;
  /** The stream cannot be read; the guest sees its end. */
  failed(why: string): void;
}

/**
 * Carries what is typed, or what a pipe brings, from the host's stdin to the guest's console. Stdin is left alone until
 * somebody in the guest reads the console, so that whoever runs a program that does not can go on using it; from then
 * on a terminal is in raw mode, until `close`. A pipe is held back while the guest does not take what it brings. A
 * terminal is not, so that Ctrl-C is always heard.
 */
export class TerminalInput {
  private readonly stream: InputStream;
  private readonly isTerminal: boolean;
  private state: 'untouched' | 'open' | 'ended' | 'closed' = 'untouched';
  /** Bytes that have found no room yet, and whether somebody is waiting for it. */
  private waiting: Uint8Array = new Uint8Array();
  private passing = false;

  constructor(
    private readonly options: TerminalOptions,
    private readonly ring: InputProducer,
  ) {
    this.stream = options.stream;
    this.isTerminal = this.stream.isTTY === true;
  }

  /** Settles when the stream is being read, or when it was closed before anybody wanted it. */
  async run(): Promise<void> {
    while (this.state === 'untouched') if (this.options.atOnce || (await this.ring.wanted())) this.open();
  }

  /** Puts the terminal back as it was, and lets go of stdin. */
  close(): void {
    const { state } = this;
    this.state = 'closed';
    if (state === 'open') this.leave();
    this.ring.release();
  }

  private open(): void {
    if (this.state !== 'untouched') return;
    this.state = 'open';
    this.stream.on('data', this.onData).on('end', this.onEnd).on('error', this.onError);
    if (this.isTerminal) this.stream.setRawMode?.(true);
  }

  /** Goes on listening for errors: a terminal that has hung up makes one of being put back, which is of no use any more. */
  private leave(): void {
    this.stream.off('data', this.onData).off('end', this.onEnd);
    this.stream.pause();
    if (this.isTerminal) this.stream.setRawMode?.(false);
  }

  private readonly onData = (chunk: Uint8Array): void => {
    const typed = this.isTerminal ? chunk.filter((byte) => byte !== INTERRUPT) : chunk;
    this.waiting = Buffer.concat([this.waiting, typed]);
    if (!this.isTerminal) this.stream.pause();
    if (typed.length < chunk.length) this.options.interrupted();
    void this.pass();
  };

  private readonly onEnd = (): void => {
    this.state = 'ended';
    this.leave();
    void this.pass();
  };

  private readonly onError = (error: Error): void => {
    if (this.state !== 'open') return;
    this.options.failed(error.message);
    this.onEnd();
  };

  /** Puts what waits into the ring, as the guest makes room. */
  private async pass(): Promise<void> {
    if (this.passing) return;
    this.passing = true;
    while (this.waiting.length > 0 && this.state !== 'closed') {
      this.waiting = this.waiting.subarray(this.ring.put(this.waiting));
      if (this.waiting.length > 0) await this.ring.room();
    }
    this.passing = false;
    if (this.state === 'ended') this.ring.end();
    else if (this.state === 'open' && !this.isTerminal) this.stream.resume();
  }
}
