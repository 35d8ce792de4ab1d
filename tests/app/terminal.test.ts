import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { TerminalInput } from '../../src/app/terminal.js';
import { InputConsumer, InputProducer } from '../../src/machine/input-ring.js';
import { INPUT_RING } from '../../src/memory/map.js';
import { SharedMemory } from '../../src/memory/shared-memory.js';

/** A stream that says it is a terminal, and remembers its modes. */
class FakeTerminal extends PassThrough {
  readonly isTTY = true;
  readonly modes: boolean[] = [];
  /** Hung up: as Node's, it makes an event of what cannot be done. */
  gone = false;
  setRawMode(on: boolean): void {
    if (this.gone) this.emit('error', new Error('setRawMode EIO'));
    else this.modes.push(on);
  }
}

/** More turns of the event loop than anything takes here, where nobody waits for anything outside. */
const TURNS = 100_000;

async function comes(happened: () => boolean): Promise<void> {
  for (let turns = 0; !happened(); turns++) {
    if (turns === TURNS) throw new Error('it does not come');
    await setImmediate();
  }
}

function opened<S extends PassThrough>(stream: S, atOnce = false) {
  const memory = SharedMemory.create({ harts: 1, memory: 2 });
  const consumer = new InputConsumer(memory, false);
  const events: string[] = [];
  const input = new TerminalInput(
    { stream, atOnce, interrupted: () => events.push('interrupted'), failed: (why) => events.push(why) },
    new InputProducer(memory),
  );
  const running = input.run();
  /** What arrives, until it is all there is to come or `text` is complete. */
  const arrival = async (text: string) => {
    let got = '';
    await comes(() => {
      got += Buffer.from(consumer.take(1000)).toString();
      return got.length >= text.length;
    });
    return got;
  };
  const end = () => comes(() => consumer.takeEnd());
  return { stream, consumer, input, running, events, arrival, end };
}

describe('a terminal', () => {
  it('is in raw mode from the first read in the guest until it is closed', async () => {
    const { stream, consumer, input, running } = opened(new FakeTerminal());
    await setImmediate();
    expect(stream.modes).toEqual([]);
    consumer.want();
    await running;
    expect(stream.modes).toEqual([true]);
    input.close();
    input.close();
    expect(stream.modes).toEqual([true, false]);
    expect(stream.isPaused()).toBe(true);
  });

  it('that is wanted at once is in raw mode at once', async () => {
    const { stream, running } = opened(new FakeTerminal(), true);
    await running;
    expect(stream.modes).toEqual([true]);
  });

  it('is never touched when nobody in the guest reads', async () => {
    const { stream, input, running } = opened(new FakeTerminal());
    input.close();
    await running;
    expect(stream.modes).toEqual([]);
    expect(stream.listenerCount('data')).toBe(0);
  });

  it('brings keys as they are typed, but for Ctrl-C, which interrupts', async () => {
    const { stream, events, arrival } = opened(new FakeTerminal(), true);
    stream.write('ab\x03c\r');
    expect(await arrival('abc\r')).toBe('abc\r');
    expect(events).toEqual(['interrupted']);
  });

  it('interrupts even when the guest takes nothing', async () => {
    const { stream, events } = opened(new FakeTerminal(), true);
    for (let times = 0; times < 3; times++) stream.write('x'.repeat(INPUT_RING));
    stream.write('\x03');
    await comes(() => events.length > 0);
    expect(events).toEqual(['interrupted']);
  });

  it('that is hung up is back in its mode, and is the end of the input', async () => {
    const { stream, end } = opened(new FakeTerminal(), true);
    stream.end();
    await end();
    expect(stream.modes).toEqual([true, false]);
  });

  it.each([
    ['ends', (stream: FakeTerminal) => stream.end()],
    ['breaks', (stream: FakeTerminal) => stream.destroy(new Error('EIO'))],
  ])('that has gone for good when it %s is the end of the input all the same', async (how, happens) => {
    const { stream, events, end } = opened(new FakeTerminal(), true);
    stream.gone = true;
    happens(stream);
    await end();
    expect(events).toEqual(how === 'breaks' ? ['EIO'] : []);
  });

  it('that has gone can be closed', () => {
    const { stream, input, events } = opened(new FakeTerminal(), true);
    stream.gone = true;
    input.close();
    expect(events).toEqual([]);
  });
});

describe('a pipe', () => {
  it('is not read before somebody in the guest does', async () => {
    const { stream, consumer, arrival, end } = opened(new PassThrough());
    stream.end('text');
    await setImmediate();
    expect(stream.readableLength).toBe(4);
    expect(consumer.pending()).toBe(false);
    consumer.want();
    expect(await arrival('text')).toBe('text');
    await end();
  });

  it('is held back while the guest takes nothing, and loses nothing', async () => {
    const { stream, consumer, arrival, end } = opened(new PassThrough({ highWaterMark: 100 }), true);
    const text = Array.from({ length: 3000 }, (_, line) => `${line}\n`).join('');
    let written = 0;
    const write = async () => {
      for (; written < text.length; written += 100) {
        if (!stream.write(text.slice(written, written + 100)))
          await new Promise((resolve) => stream.once('drain', resolve));
      }
      stream.end();
    };
    const writing = write();
    await comes(() => consumer.pending());
    for (let turns = 0; turns < 200; turns++) await setImmediate();
    expect(written).toBeLessThan(INPUT_RING + 1000);
    expect(await arrival(text)).toBe(text);
    await writing;
    await end();
  });

  it('may bring a Ctrl-C like any other byte', async () => {
    const { stream, events, arrival } = opened(new PassThrough(), true);
    stream.write('a\x03b');
    expect(await arrival('a\x03b')).toBe('a\x03b');
    expect(events).toEqual([]);
  });

  it('that breaks says so, and ends', async () => {
    const { stream, events, end } = opened(new PassThrough(), true);
    stream.destroy(new Error('EIO: i/o error, read'));
    await end();
    expect(events).toEqual(['EIO: i/o error, read']);
  });
});
