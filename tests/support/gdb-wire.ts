import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { packet } from '../../src/machine/gdb/packet-stream.js';

/** A debugger's end of the wire. */
export class Wire {
  private text = '';
  private readonly ended: Promise<unknown>;

  private constructor(readonly socket: Socket) {
    socket.setEncoding('latin1');
    socket.on('data', (data: string) => {
      this.text += data;
    });
    this.ended = once(socket, 'close');
  }

  static async to(port: number): Promise<Wire> {
    const socket = connect(port, '127.0.0.1');
    const wire = new Wire(socket);
    await once(socket, 'connect');
    return wire;
  }

  send(raw: string): void {
    this.socket.write(raw, 'latin1');
  }
  /** Waits for it to come, and takes everything up to it. */
  async expect(raw: string): Promise<void> {
    while (!this.text.includes(raw)) await Promise.race([once(this.socket, 'data'), this.failAtEnd(raw)]);
    this.text = this.text.slice(this.text.indexOf(raw) + raw.length);
  }
  /** Sends a packet, and waits for the answer's text. */
  async ask(text: string): Promise<string> {
    this.send(packet(text));
    return await this.answer();
  }
  /** The text of the next packet that comes. */
  async answer(): Promise<string> {
    for (;;) {
      const [whole, text] = /\$([^#]*)#[0-9a-f]{2}/.exec(this.text) ?? [];
      if (whole === undefined || text === undefined) {
        await Promise.race([once(this.socket, 'data'), this.failAtEnd('a packet')]);
        continue;
      }
      this.text = this.text.slice(this.text.indexOf(whole) + whole.length);
      return text;
    }
  }
  async closed(): Promise<string> {
    await this.ended;
    return this.text;
  }

  private async failAtEnd(raw: string): Promise<never> {
    await this.ended;
    throw new Error(`the wire was closed before ${raw}; there is ${this.text}`);
  }
}
