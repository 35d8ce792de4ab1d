import { createServer, type Server, type Socket } from 'node:net';
import { type Answer, GdbSession } from './gdb-session.js';
import type { GdbTarget } from './gdb-target.js';
import { PacketStream, packet } from './packet-stream.js';

/** On this machine only: whoever can connect can do anything to the guest. */
const HOST = '127.0.0.1';

/** Serves one debugger at a time over TCP. */
export class GdbServer {
  private readonly server: Server;
  private connection: GdbConnection | undefined;

  /** @param connected called with each debugger that comes: from then on the machine is its */
  constructor(
    private readonly target: GdbTarget,
    private readonly connected: () => Promise<unknown>,
  ) {
    this.server = createServer((socket) => this.accept(socket));
  }

  /** The port that it listens at: `port`, or for 0 one that was free. Rejects when somebody else has it. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, HOST, () => {
        const address = this.server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  }

  /** Nobody can connect any more; a debugger that is there is told that the machine has ended. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.connection?.end();
    await closed;
  }

  private accept(socket: Socket): void {
    if (this.connection !== undefined) {
      socket.destroy();
      return;
    }
    const connection = new GdbConnection(socket, new GdbSession(this.target));
    this.connection = connection;
    connection.closed.then(() => {
      this.connection = undefined;
      this.target.release();
    });
    this.connected().then(() => connection.begin());
  }
}

/** The wire to one debugger: acknowledgements, and one packet after the other. */
class GdbConnection {
  readonly closed: Promise<void>;
  private readonly stream = new PacketStream();
  private waiting: Buffer[] = [];
  private begun = false;
  private acknowledges = true;
  private last = '';
  private running: Promise<void> | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly session: GdbSession,
  ) {
    socket.setNoDelay(true);
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    // Its own end is told by `close` as well.
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => this.take(bytes));
  }

  /** The machine stands still: packets may be answered. */
  begin(): void {
    this.begun = true;
    for (const bytes of this.waiting.splice(0)) this.take(bytes);
  }

  end(): void {
    const after = this.running ?? Promise.resolve();
    after.then(() => this.socket.end());
  }

  private take(bytes: Buffer): void {
    if (!this.begun) {
      this.waiting.push(bytes);
      return;
    }
    for (const incoming of this.stream.feed(bytes)) {
      if (incoming.kind === 'interrupt') this.session.interrupt();
      else if (incoming.kind === 'again') this.socket.write(this.last);
      else if (incoming.kind === 'garbled') this.acknowledge('-');
      else {
        this.acknowledge('+');
        // While the machine runs, only the interrupt means something.
        if (this.running === undefined) this.answer(incoming.text);
      }
    }
  }

  private answer(text: string): void {
    const answer: Answer = this.session.handle(text);
    if (answer.kind === 'running') {
      this.running = answer.halt.then((reply) => {
        this.running = undefined;
        this.send(reply);
      });
      return;
    }
    this.send(answer.text);
    if (text === 'QStartNoAckMode') this.acknowledges = false;
    if (answer.kind === 'over') this.socket.end();
  }

  private acknowledge(sign: '+' | '-'): void {
    if (this.acknowledges) this.socket.write(sign);
  }

  private send(text: string): void {
    this.last = packet(text);
    if (this.socket.writable) this.socket.write(this.last, 'latin1');
  }
}
