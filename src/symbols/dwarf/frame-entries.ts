import { type Cursor, damaged } from './cursor.js';
import type { DebugSections, SectionName } from './sections.js';

/** What the frame descriptions of one compilation have in common (DWARF 5, §6.4.1). */
export interface CommonFrame {
  readonly codeFactor: number;
  readonly dataFactor: number;
  readonly returnRegister: number;
  /** How addresses are written in .eh_frame (LSB, "DWARF Exception Header Encoding"). */
  readonly encoding: number;
  readonly addressSize: number;
  readonly hasAugmentation: boolean;
  readonly instructions: Cursor;
}

/** How to leave the frame of a function, wherever in it one stands. */
export interface FrameDescription {
  readonly low: number;
  readonly high: number;
  readonly common: CommonFrame;
  readonly instructions: Cursor;
}

const ABSOLUTE = 0;
/** DW_EH_PE: the upper bits say what the number is relative to, the lower how it is written. */
const Encoding = {
  data2: 2,
  udata4: 3,
  udata8: 4,
  sdata4: 0x0b,
  sdata8: 0x0c,
  relativeToPlace: 0x10,
  base: 0x70,
} as const;

/** By address. `section` is `.debug_frame` or `.eh_frame`, which differ in how they refer to what is common. */
export function readFrameDescriptions(sections: DebugSections, section: SectionName): FrameDescription[] {
  if (!sections.has(section)) return [];
  const reader = new FrameReader(sections, section === '.eh_frame' ? section : '.debug_frame');
  return reader.read().sort((a, b) => a.low - b.low);
}

class FrameReader {
  private readonly common = new Map<number, CommonFrame>();
  private readonly isLoaded: boolean;

  constructor(
    private readonly sections: DebugSections,
    private readonly section: '.debug_frame' | '.eh_frame',
  ) {
    this.isLoaded = section === '.eh_frame';
  }

  read(): FrameDescription[] {
    const found: FrameDescription[] = [];
    const cursor = this.sections.at(this.section, 0);
    while (cursor.left > 0) {
      const { length, offsetSize } = cursor.initialLength();
      // .eh_frame ends with an empty entry.
      if (length === 0) continue;
      const body = cursor.take(length);
      const place = body.at;
      const id = body.unsigned(offsetSize);
      if (this.isCommon(id, offsetSize)) continue;
      const common = this.commonAt(this.isLoaded ? place - id : id);
      found.push(this.readDescription(body, common));
    }
    return found;
  }

  private isCommon(id: number, offsetSize: 4 | 8): boolean {
    return id === (this.isLoaded ? 0 : offsetSize === 8 ? 2 ** 64 : 2 ** 32 - 1);
  }

  private readDescription(body: Cursor, common: CommonFrame): FrameDescription {
    const low = this.address(body, common);
    const length = body.unsigned(sizeOf(common, body));
    if (common.hasAugmentation) body.skip(body.uleb());
    return { low, high: low + length, common, instructions: body };
  }

  private address(body: Cursor, common: CommonFrame): number {
    const { encoding } = common;
    const size = sizeOf(common, body);
    const base = encoding & Encoding.base;
    if (base === ABSOLUTE) return body.unsigned(size);
    if (base !== Encoding.relativeToPlace)
      throw damaged(this.section, `addresses in encoding 0x${encoding.toString(16)} before byte ${body.at}`);
    const place = this.sections.address(this.section) + body.at;
    return place + (size === 8 ? body.i64() : size === 4 ? body.i32() : (body.u16() << 16) >> 16);
  }

  private commonAt(offset: number): CommonFrame {
    const known = this.common.get(offset);
    if (known !== undefined) return known;
    if (offset < 0) throw damaged(this.section, `something refers to byte ${offset}`);
    const cursor = this.sections.at(this.section, offset);
    const { length, offsetSize } = cursor.initialLength();
    const body = cursor.take(length);
    if (!this.isCommon(body.unsigned(offsetSize), offsetSize))
      throw damaged(this.section, `what a function refers to at byte ${offset} is not common information`);
    const common = readCommon(body);
    this.common.set(offset, common);
    return common;
  }
}

function readCommon(body: Cursor): CommonFrame {
  const version = body.u8();
  if (version !== 1 && version !== 3 && version !== 4)
    throw damaged(body.section, `frame information of version ${version} before byte ${body.at}`);
  const augmentation = body.text();
  if (augmentation !== '' && !augmentation.startsWith('z'))
    throw damaged(body.section, `the augmentation '${augmentation}' before byte ${body.at} is unknown`);
  const addressSize = version === 4 ? body.u8() : 8;
  if (version === 4) body.skip(1);
  const codeFactor = body.uleb();
  const dataFactor = body.sleb();
  const returnRegister = version === 1 ? body.u8() : body.uleb();
  let encoding = ABSOLUTE;
  if (augmentation !== '') {
    const data = body.take(body.uleb());
    for (const letter of augmentation.slice(1)) {
      if (letter === 'R') encoding = data.u8();
      else if (letter === 'L') data.u8();
      else if (letter !== 'S') throw damaged(body.section, `the augmentation '${augmentation}' is unknown`);
    }
  }
  const hasAugmentation = augmentation !== '';
  return { codeFactor, dataFactor, returnRegister, encoding, addressSize, hasAugmentation, instructions: body };
}

function sizeOf({ encoding, addressSize }: CommonFrame, body: Cursor): number {
  switch (encoding & 0x0f) {
    case ABSOLUTE:
      return addressSize;
    case Encoding.data2:
      return 2;
    case Encoding.udata4:
    case Encoding.sdata4:
      return 4;
    case Encoding.udata8:
    case Encoding.sdata8:
      return 8;
    default:
      throw damaged(body.section, `addresses in encoding 0x${encoding.toString(16)} before byte ${body.at}`);
  }
}
