import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { InputConsumer, InputProducer } from '../../src/machine/input-ring.js';
import { controlBlock, hartBlock, INPUT_RING, inputRing } from '../../src/memory/map.js';
import { SharedMemory } from '../../src/memory/shared-memory.js';

function ring({ from = 0 } = {}) {
  const memory = SharedMemory.create({ harts: 2, memory: 2 });
  const { host, map } = memory;
  for (const count of [inputRing.fields.written, inputRing.fields.taken]) count.store(host, map.input, from);
  return { memory, producer: new InputProducer(memory), consumer: new InputConsumer(memory, false) };
}

const bytes = (count: number, first = 0) => Uint8Array.from({ length: count }, (_, i) => first + i);

describe('the console input', () => {
  it('hands over what was put in, in order', () => {
    const { producer, consumer } = ring();
    expect(consumer.pending()).toBe(false);
    expect(producer.put(bytes(3))).toBe(3);
    expect(producer.put(bytes(2, 3))).toBe(2);
    expect(consumer.pending()).toBe(true);
    expect(consumer.take(4)).toEqual(bytes(4));
    expect(consumer.take(4)).toEqual(bytes(1, 4));
    expect(consumer.take(4)).toEqual(bytes(0));
    expect(consumer.pending()).toBe(false);
  });

  it.each([
    ['its bytes lie around its end', INPUT_RING - 10],
    ['its counts wrap', 2 ** 32 - 10],
  ])('goes on where %s', (_what, from) => {
    const { producer, consumer } = ring({ from });
    expect(producer.put(bytes(30))).toBe(30);
    expect(consumer.take(5)).toEqual(bytes(5));
    expect(consumer.take(100)).toEqual(bytes(25, 5));
  });

  it('takes what it has room for, and says when there is more', async () => {
    const { producer, consumer } = ring();
    expect(producer.put(new Uint8Array(INPUT_RING + 7))).toBe(INPUT_RING);
    expect(producer.put(new Uint8Array(7))).toBe(0);
    const room = producer.room();
    expect(consumer.take(10)).toHaveLength(10);
    await room;
    expect(producer.put(new Uint8Array(20))).toBe(10);
  });

  it('ends once, after the last byte', () => {
    const { producer, consumer } = ring();
    producer.put(bytes(1));
    producer.end();
    expect(consumer.takeEnd()).toBe(false);
    consumer.take(1);
    expect(consumer.pending()).toBe(true);
    expect(consumer.takeEnd()).toBe(true);
    expect(consumer.takeEnd()).toBe(false);
    expect(consumer.pending()).toBe(false);
  });

  it('wakes a hart that is idle, and no other', () => {
    const { memory, producer } = ring();
    const { host, map } = memory;
    const bell = (hart: number) => hartBlock.fields.doorbell.load(host, map.harts[hart]!.block);
    producer.put(bytes(1));
    expect([bell(0), bell(1)]).toEqual([0, 0]);
    controlBlock.fields.idleLow.store(host, map.control, 0b10);
    producer.put(bytes(1));
    expect([bell(0), bell(1)]).toEqual([0, 1]);
  });

  it('is wanted when the guest says so', async () => {
    const { producer, consumer } = ring();
    expect(await producer.wanted()).toBe(false);
    const wanted = producer.wanted();
    consumer.want();
    expect(await wanted).toBe(true);
  });

  it('loses nothing, whatever the pieces', async () => {
    const { producer, consumer } = ring({ from: 2 ** 32 - 3 * INPUT_RING });
    const total = 50_000;
    const got: number[] = [];
    const take = async () => {
      while (got.length < total) {
        got.push(...consumer.take(1 + (got.length % 700)));
        await setTimeout(0);
      }
    };
    const put = async () => {
      let rest = bytes(total);
      while (rest.length > 0) {
        rest = rest.subarray(producer.put(rest.subarray(0, 999)));
        await producer.room();
      }
    };
    await Promise.all([take(), put()]);
    expect(Uint8Array.from(got)).toEqual(bytes(total));
  });
});
