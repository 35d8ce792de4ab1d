import type { GdbTarget } from './gdb-target.js';
import { number } from './hex.js';
import { LONGEST_PACKET } from './packet-stream.js';
import { targetDescription } from './target-description.js';

const THREADS_A_PACKET = 64;

/** `q` and `Q` packets ("Debugging with GDB", "General Query Packets"); empty for those that are not known. */
export function answerQuery(packet: string, target: GdbTarget, hart: number): string {
  const [name = '', ...rest] = packet.split(/[:,;]/);
  switch (name) {
    case 'qSupported':
      return `PacketSize=${LONGEST_PACKET.toString(16)};qXfer:features:read+;QStartNoAckMode+;vContSupported+`;
    case 'QStartNoAckMode':
      return 'OK';
    case 'qXfer':
      return describeTarget(packet);
    case 'qfThreadInfo':
      return `m${Array.from({ length: Math.min(target.harts, THREADS_A_PACKET) }, (_, i) => (i + 1).toString(16)).join(',')}`;
    case 'qsThreadInfo':
      return 'l';
    case 'qThreadExtraInfo':
      return describeThread(target, rest[0] ?? '');
    case 'qC':
      return `QC${(hart + 1).toString(16)}`;
    case 'qAttached':
      return '1';
    case 'qSymbol':
      return 'OK';
    default:
      return '';
  }
}

function describeThread(target: GdbTarget, id: string): string {
  const hart = Number(number(id) ?? 0n) - 1;
  if (hart < 0 || hart >= target.harts) return 'E01';
  return Buffer.from(`hart ${hart}, ${target.describe(hart)}`).toString('hex');
}

/** A piece of target.xml: `m` before one that others follow, `l` before the last. */
function describeTarget(packet: string): string {
  const [, offset, length] = /^qXfer:features:read:target\.xml:([0-9a-f]{1,8}),([0-9a-f]{1,8})$/i.exec(packet) ?? [];
  if (offset === undefined || length === undefined) return packet.startsWith('qXfer:features:read:') ? 'E00' : '';
  const start = Number.parseInt(offset, 16);
  const end = start + Number.parseInt(length, 16);
  return `${end >= targetDescription.length ? 'l' : 'm'}${targetDescription.slice(start, end)}`;
}
