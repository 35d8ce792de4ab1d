import type { SerialPort } from '../devices/uart.js';
import { InputConsumer } from '../machine/input-ring.js';
import { OutputRing } from '../machine/output-ring.js';
import { boardBlock } from '../machine/virt-board.js';
import type { SharedMemory } from '../memory/shared-memory.js';

const NEWLINE = 0x0a;
/** Of the shell, which is xv6's. */
const PROMPT = '$ ';
const FIRST = PROMPT.charCodeAt(0);
const SPACE = PROMPT.charCodeAt(1);

/** The console of a guest that is explored: nobody sees it, and what was typed lies there from the beginning. */
export class QuietConsole implements SerialPort {
  private readonly output: OutputRing;
  private readonly input: InputConsumer;

  /**
   * @param prompted the shell is ready for another line
   * @param isSilent what runs prints nothing, so that the first byte of a prompt is one wherever it stands: what a kernel says of a
   * program that it kills may be on the same line
   */
  constructor(
    memory: SharedMemory,
    private readonly prompted: () => void,
    private readonly isSilent = false,
  ) {
    this.output = outputOf(memory);
    this.input = new InputConsumer(memory, false);
  }

  write(byte: number): void {
    this.output.put(byte);
    if (this.isSilent ? byte === FIRST : byte === SPACE && endsInPrompt(this.output.tail(PROMPT.length + 1)))
      this.prompted();
  }

  pending(): boolean {
    return this.input.pending();
  }

  take(most: number): Uint8Array {
    return this.input.take(most);
  }
}

/** What the guest has written to its console and nobody has taken. */
export function outputOf(memory: SharedMemory): OutputRing {
  return new OutputRing(memory, memory.map.devices + boardBlock.fields.output.offset);
}

/** At the beginning of a line, where what is typed and echoed does not stand. */
function endsInPrompt(tail: Uint8Array): boolean {
  const [first = NEWLINE, ...rest] = tail.length > PROMPT.length ? tail : [NEWLINE, ...tail];
  return first === NEWLINE && String.fromCharCode(...rest) === PROMPT;
}
