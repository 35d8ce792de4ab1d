import type { SerialPort } from '../devices/uart.js';
import type { HostConsole } from './host-console.js';
import type { InputConsumer } from './input-ring.js';
import type { OutputRing } from './output-ring.js';

/** The host's terminal at the other end of the guest's serial line. */
export class GuestConsole implements SerialPort {
  constructor(
    private readonly screen: HostConsole,
    private readonly output: OutputRing,
    private readonly input: InputConsumer,
  ) {}

  write(byte: number): void {
    this.screen.write(Uint8Array.of(byte));
    this.output.put(byte);
  }

  pending(): boolean {
    return this.input.pending();
  }

  /** A serial line has no end: when the host's input does, nothing comes any more. */
  take(most: number): Uint8Array {
    const bytes = this.input.take(most);
    if (bytes.length === 0) this.input.takeEnd();
    return bytes;
  }
}
