import { describe, expect, it } from 'vitest';
import { deviceTreeBlob, type TreeNode } from '../../src/devices/device-tree.js';

/** Reads a blob back, written from the specification a second time. Values stay bytes. */
function parse(blob: Uint8Array): unknown {
  const view = Buffer.from(blob);
  expect(view.readUInt32BE(0)).toBe(0xd00dfeed);
  expect(view.readUInt32BE(4)).toBe(blob.length);
  const [structure, strings, reservations] = [8, 12, 16].map((at) => view.readUInt32BE(at)) as [number, number, number];
  expect([view.readUInt32BE(20), view.readUInt32BE(24)]).toEqual([17, 16]);
  expect(reservations % 8).toBe(0);
  expect(view.readBigUInt64BE(reservations)).toBe(0n);
  const text = (at: number) => view.toString('utf8', at, view.indexOf(0, at));
  let at = structure;
  const next = () => {
    at += 4;
    return view.readUInt32BE(at - 4);
  };
  const align = (bytes: number) => {
    at += Math.ceil(bytes / 4) * 4;
  };
  const node = (): unknown => {
    const properties: Record<string, string> = {};
    const children: Record<string, unknown> = {};
    for (;;) {
      const token = next();
      if (token === 2) return { properties, children };
      if (token === 3) {
        const [size, name] = [next(), next()];
        properties[text(strings + name)] = view.toString('latin1', at, at + size);
        align(size);
      } else {
        expect(token).toBe(1);
        const name = text(at);
        align(name.length + 1);
        children[name] = node();
      }
    }
  };
  expect(next()).toBe(1);
  align(1);
  const root = node();
  expect(next()).toBe(9);
  expect(at).toBe(structure + view.readUInt32BE(36));
  return root;
}

describe('a device tree', () => {
  it('has its nodes, and properties of every kind', () => {
    const tree: TreeNode = {
      properties: { compatible: ['a', 'bc'], model: 'xyz', cells: [1, 0x89ab_cdef] },
      children: { 'one@1': { properties: { model: 'in one', flag: true } }, two: { properties: {} } },
    };
    expect(parse(deviceTreeBlob(tree))).toEqual({
      properties: { compatible: 'a\0bc\0', model: 'xyz\0', cells: '\0\0\0\x01\x89\xab\xcd\xef' },
      children: {
        'one@1': { properties: { model: 'in one\0', flag: '' }, children: {} },
        two: { properties: {}, children: {} },
      },
    });
  });
});
