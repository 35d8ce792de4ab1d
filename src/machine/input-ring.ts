import { INPUT_RING, InputEnd, inputRing } from '../memory/map.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import { SharedDoorbells } from './shared-doorbells.js';

const { written, taken, end, wanted, bytes } = inputRing.fields;

/** How long the main thread waits before it looks again whether the machine still runs, in milliseconds. */
const LOOK_MS = 100;

/** The main thread's side of the console input: it puts in what was typed. */
export class InputProducer {
  private readonly bells: SharedDoorbells;

  constructor(private readonly memory: SharedMemory) {
    this.bells = new SharedDoorbells(memory);
  }

  /** Whether somebody in the guest has asked for input yet; waits a little for it. */
  async wanted(): Promise<boolean> {
    const { host, map } = this.memory;
    if (wanted.load(host, map.input) === 0) await host.changed(wanted.at(map.input), 0, LOOK_MS);
    return wanted.load(host, map.input) !== 0;
  }

  /** Whoever waits in `wanted` or `room` has a look. */
  release(): void {
    const { host, map } = this.memory;
    for (const word of [wanted, taken]) host.unpark(word.at(map.input), 1);
  }

  /** Puts in as much as there is room for, and tells a hart. How many bytes that was. */
  put(data: Uint8Array): number {
    const { host, map } = this.memory;
    const from = written.load(host, map.input);
    // Pairs with the addition in `InputConsumer.take`: what has been taken has been read, and may be overwritten.
    const room = INPUT_RING - distance(taken.load(host, map.input), from);
    const fits = data.subarray(0, room);
    for (const piece of pieces(from, fits.length))
      host.write(bytes.at(map.input) + piece.at, fits.subarray(piece.start, piece.end));
    if (fits.length === 0) return 0;
    // Publishes the bytes: pairs with the loads in `InputConsumer`.
    written.add(host, map.input, fits.length);
    this.tell();
    return fits.length;
  }

  /** Waits a little for room. */
  async room(): Promise<void> {
    const { host, map } = this.memory;
    const before = taken.load(host, map.input);
    if (distance(before, written.load(host, map.input)) === INPUT_RING)
      await host.changed(taken.at(map.input), before, LOOK_MS);
  }

  /** Nothing more will come. */
  end(): void {
    // After the last bytes: pairs with the loads in `InputConsumer`.
    end.store(this.memory.host, this.memory.map.input, InputEnd.Ended);
    this.tell();
  }

  /** Harts that are busy look by themselves with their next timer interrupt; an idle one must be woken. */
  private tell(): void {
    this.bells.ringIdle();
  }
}

/** The guest's side: the supervisor takes the bytes out, one hart at a time. */
export class InputConsumer {
  /** @param echo whether the guest's console shall show what is typed: somebody sits at a terminal */
  constructor(
    private readonly memory: SharedMemory,
    readonly echo: boolean,
  ) {}

  /**
   * Whether `take` or `takeEnd` has something. To be asked after the hart was marked idle and before it parks: pairs with
   * the producer, which first writes its count and then looks for idle harts.
   */
  pending(): boolean {
    const { host, map } = this.memory;
    return (
      written.load(host, map.input) !== taken.load(host, map.input) || end.load(host, map.input) === InputEnd.Ended
    );
  }

  /** The next bytes, `most` of them at most. */
  take(most: number): Uint8Array {
    const { host, map } = this.memory;
    const from = taken.load(host, map.input);
    // Pairs with the addition in `InputProducer.put`: the bytes are there.
    const data = new Uint8Array(Math.min(most, distance(from, written.load(host, map.input))));
    for (const piece of pieces(from, data.length))
      data.set(host.read(bytes.at(map.input) + piece.at, piece.end - piece.start), piece.start);
    if (data.length === 0) return data;
    // The bytes have been read: pairs with the load in `InputProducer.put`.
    taken.add(host, map.input, data.length);
    host.unpark(taken.at(map.input), 1);
    return data;
  }

  /** true, once: everything has been taken, and nothing will follow. */
  takeEnd(): boolean {
    const { host, map } = this.memory;
    // Pairs with the store in `InputProducer.end`: whoever sees the end sees the last bytes too.
    if (end.load(host, map.input) !== InputEnd.Ended) return false;
    if (written.load(host, map.input) !== taken.load(host, map.input)) return false;
    return end.compareExchange(host, map.input, InputEnd.Ended, InputEnd.Told) === InputEnd.Ended;
  }

  /** Somebody waits for input: the main thread begins to read the host's. */
  want(): void {
    const { host, map } = this.memory;
    if (wanted.exchange(host, map.input, 1) === 0) host.unpark(wanted.at(map.input), 1);
  }
}

/** Bytes from one count to a later one; the counts are modulo 2^32. */
function distance(from: number, to: number): number {
  return (to - from) >>> 0;
}

/** `length` bytes from count `from` on lie in the ring in two pieces at most: where, and which of the bytes they are. */
function pieces(from: number, length: number): { readonly at: number; readonly start: number; readonly end: number }[] {
  const at = from % INPUT_RING;
  const first = Math.min(length, INPUT_RING - at);
  const all = [
    { at, start: 0, end: first },
    { at: 0, start: first, end: length },
  ];
  return all.filter((piece) => piece.end > piece.start);
}
