import { describe, expect, it } from 'vitest';
import { type Incoming, LONGEST_PACKET, PacketStream, packet } from '../../../src/machine/gdb/packet-stream.js';
import { RandomNumbers } from '../../../src/schedule/random-numbers.js';

function bytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

function feed(text: string, stream = new PacketStream()): Incoming[] {
  return stream.feed(bytes(text));
}

describe('packets', () => {
  it('have a checksum, which is the sum of their bytes', () => {
    // "Debugging with GDB", appendix "GDB Remote Serial Protocol": sums by hand.
    expect(packet('OK')).toBe('$OK#9a');
    expect(packet('')).toBe('$#00');
    expect(packet('m1,2')).toBe('$m1,2#fc');
  });

  it('are what was sent, whatever it is', () => {
    const random = new RandomNumbers(1, 0);
    for (let round = 0; round < 300; round++) {
      const text = Array.from({ length: random.below(40) }, () => String.fromCharCode(random.below(256))).join('');
      expect(feed(packet(text))).toEqual([{ kind: 'packet', text }]);
    }
  });

  it('may come in pieces of any size, with acknowledgements and interrupts between them', () => {
    const wire = `+${packet('g')}\x03+-${packet('qC')}`;
    const whole = feed(wire);
    expect(whole).toEqual([
      { kind: 'packet', text: 'g' },
      { kind: 'interrupt' },
      { kind: 'again' },
      { kind: 'packet', text: 'qC' },
    ]);
    const stream = new PacketStream();
    expect([...bytes(wire)].flatMap((byte) => stream.feed(Uint8Array.of(byte)))).toEqual(whole);
  });

  it('that are damaged are told from good ones', () => {
    expect(feed('$OK#9b')).toEqual([{ kind: 'garbled' }]);
    expect(feed('$OK#zz')).toEqual([{ kind: 'garbled' }]);
    expect(feed(`$lost${packet('g')}`)).toEqual([{ kind: 'garbled' }, { kind: 'packet', text: 'g' }]);
    const endless = feed(`$${'a'.repeat(LONGEST_PACKET + 10)}${packet('g')}`);
    expect(endless).toEqual([{ kind: 'garbled' }, { kind: 'packet', text: 'g' }]);
  });

  it('of any bytes at all leave the next good one whole', () => {
    const random = new RandomNumbers(2, 0);
    for (let round = 0; round < 200; round++) {
      const stream = new PacketStream();
      stream.feed(Uint8Array.from({ length: random.below(60) }, () => random.below(256)));
      // What is still open swallows a packet at most.
      stream.feed(bytes(packet('x')));
      expect(feed(packet('g'), stream)).toContainEqual({ kind: 'packet', text: 'g' });
    }
  });
});
