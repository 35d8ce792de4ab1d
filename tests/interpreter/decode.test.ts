import { describe, expect, it } from 'vitest';
import { Exit } from '../../src/hart/engine.js';
import { Entry } from '../../src/interpreter/entry.js';
import { formCode, formOf, placesOf } from '../../src/interpreter/forms.js';
import { Cause } from '../../src/isa/causes.js';
import { decode, instructionSize } from '../../src/isa/decode.js';
import { extract, layouts } from '../../src/isa/formats.js';
import { rows } from '../../src/isa/rows.js';
import { PAGE_SIZE } from '../../src/isa/sv39.js';
import { CODE_ENTRY_SIZE, CODE_SLOTS, codeSlot, hartBlock, KERNBASE, REGISTER_SINK } from '../../src/memory/map.js';
import { RandomNumbers } from '../../src/schedule/random-numbers.js';
import { edgeEncodings } from '../isa/edge-encodings.js';
import { Guest } from '../support/guest.js';
import { isLongForm } from '../support/long-form.js';

const guest = new Guest();
const { host } = guest.memory;
const { block, code } = guest.hart.map;
const fields = hartBlock.fields;
/** Far from both ends of the page, near enough to one for some branches to leave it. */
const OFFSET = 0x200;
const START = KERNBASE + OFFSET;

/** Executes the encoding with all registers zero, and gives the address of what the engine decoded it to. */
function decoded(word: number): number {
  const size = instructionSize(word);
  guest.loadWords([word], size, START);
  for (let register = 1; register < 32; register++) guest.hart.setX(register, 0n);
  host.store64(block + fields.cause.offset, 0);
  guest.run(1);
  const slot = Array.from({ length: CODE_SLOTS }, (_, i) => i).find(
    (i) => host.load32(fields.slotFrame.at(block, i)) === KERNBASE,
  );
  if (slot === undefined) throw new Error('the page was not decoded');
  return code + slot * codeSlot.size + (OFFSET / 2) * CODE_ENTRY_SIZE;
}

const registerAddress = (number: number): number => fields.x.at(block, number);

function expectSameDecoding(word: number): void {
  const entry = decoded(word);
  const known = decode(word);
  const text = `0x${(word >>> 0).toString(16)}`;
  if (known === undefined) {
    expect(guest.hart.cause, text).toBe(Cause.IllegalInstruction);
    expect(guest.hart.trapValue, text).toBe(BigInt(word >>> 0));
    return;
  }
  const { row } = known;
  const form = formOf(row);
  const { rd, rs1, rs2, imm } = extract(layouts[row.format], word);
  const base = layouts[form.row.format];
  const places = placesOf(form);
  const order = places.imm === 'form' ? Number(imm) : 0;
  expect(host.load32(entry + Entry.handler) >>> 16, text).toBe(formCode(form.index, row.size, order));
  if (places.rd !== undefined)
    expect(host.load32(entry + Entry[places.rd]), text).toBe(registerAddress(rd === 0 ? REGISTER_SINK : rd));
  if (base.rs1 !== undefined) expect(host.load32(entry + Entry.rs1), text).toBe(registerAddress(rs1));
  if (places.rs2 !== undefined) expect(host.load32(entry + Entry[places.rs2]), text).toBe(registerAddress(rs2));
  if (form.traits.needsEncoding) expect(host.load32(entry + Entry.last), text).toBe(word >>> 0);
  if (places.imm !== undefined && places.imm !== 'form') {
    const target = OFFSET + Number(imm);
    const near = form.traits.relative && target >= 0 && target < PAGE_SIZE;
    const expected = near ? Number(imm) * (CODE_ENTRY_SIZE / 2) : Number(imm);
    expect(host.load32(entry + Entry[places.imm]) | 0, text).toBe(expected);
  }
}

describe('the decoder in WebAssembly agrees with the one of the ISA', () => {
  it.each(rows.map((row) => [row.name, row] as const))('about %s', (_, row) => {
    for (const word of edgeEncodings(row)) expectSameDecoding(word);
  });

  it('about 16-bit encodings, in the long form every one', () => {
    for (let word = 0; word < 0x10000; word += isLongForm ? 1 : 5) if ((word & 3) !== 3) expectSameDecoding(word);
  });

  it('about random 32-bit encodings, most of them illegal', () => {
    const random = new RandomNumbers(1, 0);
    for (let i = 0; i < (isLongForm ? 20_000 : 5000); i++) expectSameDecoding((random.below(2 ** 30) * 4 + 3) >>> 0);
  });

  it('about encodings one bit away from legal ones', () => {
    for (const row of rows.filter((r) => r.size === 4))
      for (let bit = 2; bit < 32; bit++) expectSameDecoding((row.match ^ (1 << bit)) >>> 0);
  });
});

describe('an illegal instruction', () => {
  it.each([0xffffffff, 0x0000007f, 0x00000000])('0x%i traps with its encoding', (word) => {
    decoded(word);
    expect(guest.run()).toBe(Exit.Trap);
    expect(guest.hart.pc).toBe(BigInt(START));
    expect(guest.hart.cause).toBe(Cause.IllegalInstruction);
    expect(guest.hart.trapValue).toBe(BigInt(word));
  });
});
