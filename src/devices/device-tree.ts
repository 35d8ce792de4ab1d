/** A node of a device tree: its properties, and the nodes below it, in order. */
export interface TreeNode {
  readonly properties: Readonly<Record<string, PropertyValue>>;
  readonly children?: Readonly<Record<string, TreeNode>>;
}

/** Text, several texts, cells of 32 bits, or nothing, which says that something is so. */
export type PropertyValue = string | readonly string[] | readonly number[] | true;

/** Devicetree Specification 0.4, chapter "Flattened Devicetree (DTB) Format". */
const MAGIC = 0xd00d_feed;
const VERSION = 17;
const LAST_COMPATIBLE = 16;
const HEADER_SIZE = 40;
const RESERVATIONS_SIZE = 16;
const Token = { beginNode: 1, endNode: 2, property: 3, end: 9 } as const;

/** The tree as a blob: big-endian, aligned to eight bytes, with no memory reserved. */
export function deviceTreeBlob(root: TreeNode): Uint8Array {
  const structure: number[] = [];
  const names = new NameTable();
  writeNode(structure, names, '', root);
  structure.push(...word(Token.end));
  const structureAt = HEADER_SIZE + RESERVATIONS_SIZE;
  const namesAt = structureAt + structure.length;
  const header = [
    MAGIC,
    namesAt + names.bytes.length,
    structureAt,
    namesAt,
    HEADER_SIZE,
    VERSION,
    LAST_COMPATIBLE,
    0,
    names.bytes.length,
    structure.length,
  ];
  return Uint8Array.from([
    ...header.flatMap(word),
    ...Array<number>(RESERVATIONS_SIZE).fill(0),
    ...structure,
    ...names.bytes,
  ]);
}

/** Names of properties, each once. */
class NameTable {
  readonly bytes: number[] = [];
  private readonly offsets = new Map<string, number>();

  offset(name: string): number {
    const known = this.offsets.get(name);
    if (known !== undefined) return known;
    const at = this.bytes.length;
    this.offsets.set(name, at);
    this.bytes.push(...text(name));
    return at;
  }
}

function writeNode(into: number[], names: NameTable, name: string, node: TreeNode): void {
  into.push(...word(Token.beginNode), ...padded(text(name)));
  for (const [property, value] of Object.entries(node.properties)) {
    const bytes = valueBytes(value);
    into.push(...word(Token.property), ...word(bytes.length), ...word(names.offset(property)), ...padded(bytes));
  }
  for (const [child, below] of Object.entries(node.children ?? {})) writeNode(into, names, child, below);
  into.push(...word(Token.endNode));
}

function valueBytes(value: PropertyValue): number[] {
  if (value === true) return [];
  if (typeof value === 'string') return text(value);
  return value.flatMap((part) => (typeof part === 'string' ? text(part) : word(part)));
}

function word(value: number): number[] {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff);
}
function text(value: string): number[] {
  return [...new TextEncoder().encode(value), 0];
}
function padded(bytes: number[]): number[] {
  return [...bytes, ...Array<number>((4 - (bytes.length % 4)) % 4).fill(0)];
}
