import { describe, expect, it } from 'vitest';
import { GdbSession } from '../../../src/machine/gdb/gdb-session.js';
import { GdbRegister } from '../../../src/machine/gdb/gdb-target.js';
import { FakeGdbTarget } from '../../support/fake-gdb-target.js';

class Conversation {
  readonly target = new FakeGdbTarget(3);
  readonly session = new GdbSession(this.target);

  say(packet: string): string {
    const answer = this.session.handle(packet);
    return answer.kind === 'running' ? '(runs)' : answer.text;
  }
}

/** 64 bits, the lowest byte first, as the protocol has them. */
function register(value: number): string {
  return (value.toString(16).padStart(16, '0').match(/../g) ?? []).reverse().join('');
}

describe('a debugger', () => {
  it('is told why the machine stands, and that its threads are the harts', () => {
    const gdb = new Conversation();
    expect(gdb.say('?')).toBe('T05thread:1;');
    expect(gdb.say('qfThreadInfo')).toBe('m1,2,3');
    expect(gdb.say('qsThreadInfo')).toBe('l');
    expect(gdb.say('qC')).toBe('QC1');
    expect(gdb.say('T3')).toBe('OK');
    expect(gdb.say('T4')).toBe('E01');
    expect(Buffer.from(gdb.say('qThreadExtraInfo,2'), 'hex').toString()).toBe('hart 1, mode 1');
    expect(gdb.say('qThreadExtraInfo,9')).toBe('E01');
    expect(gdb.say('qAttached')).toBe('1');
  });

  it('says what it can, and hears what the machine can', () => {
    const gdb = new Conversation();
    const features = gdb.say('qSupported:multiprocess+;swbreak+').split(';');
    expect(features).toEqual(expect.arrayContaining(['PacketSize=4000', 'qXfer:features:read+', 'QStartNoAckMode+']));
    expect(gdb.say('vCont?')).toBe('vCont;c;C;s;S');
    expect(gdb.say('QStartNoAckMode')).toBe('OK');
    for (const unknown of [
      'qOffsets',
      'vMustReplyEmpty',
      'X80000000,0:',
      '!',
      '',
      'Z2,80000000,8',
      'qXfer:auxv:read::0,4',
    ])
      expect(gdb.say(unknown), unknown).toBe('');
  });

  it('reads the description of the registers in pieces', () => {
    const gdb = new Conversation();
    let text = '';
    for (let piece = 'm'; piece === 'm'; ) {
      const answer = gdb.say(`qXfer:features:read:target.xml:${text.length.toString(16)},80`);
      piece = answer[0]!;
      text += answer.slice(1);
    }
    expect(text).toMatch(/^<\?xml .*<\/target>\n$/s);
    expect(text).toContain('<architecture>riscv:rv64</architecture>');
    expect(text).toContain('<reg name="pc" bitsize="64" regnum="32" type="code_ptr"/>');
    expect(text).toContain(`<reg name="satp" bitsize="64" regnum="${65 + 0x180}" type="int"/>`);
    expect(gdb.say('qXfer:features:read:other.xml:0,80')).toBe('E00');
  });

  it('reads and writes the registers of the hart that it has selected', () => {
    const gdb = new Conversation();
    expect(gdb.say('Hg2')).toBe('OK');
    expect(gdb.say('p20')).toBe(register(0x1000 + 32));
    const all = gdb.say('g');
    expect(all).toHaveLength(33 * 16);
    expect(all.slice(16, 32)).toBe(register(0x1001));
    expect(gdb.say(`P5=${register(0x1234)}`)).toBe('OK');
    expect(gdb.target.registers[1]?.[5]).toBe(0x1234n);
    expect(gdb.say(`G${all.replaceAll(register(0x1007), register(0x77))}`)).toBe('OK');
    expect(gdb.target.registers[1]?.[7]).toBe(0x77n);
    expect(gdb.target.registers[1]?.[0]).toBe(0n);
    expect(gdb.target.registers[0]?.[7]).toBe(7n);
    expect(gdb.say(`p${GdbRegister.privilege.toString(16)}`)).toBe(register(1));
    expect(gdb.say('p21'), 'ft0, which this machine has not got').toBe('x'.repeat(16));
    for (const wrong of ['p2000', 'pzz', 'P5', 'P5=12', 'P99=00', 'G00', `Gzz${all.slice(2)}`, 'Hg7', 'Hgx'])
      expect(gdb.say(wrong), wrong).toBe('E01');
    expect(gdb.say('Hg0')).toBe('OK');
    expect(gdb.say('Hc-1')).toBe('OK');
  });

  it('reads and writes memory', () => {
    const gdb = new Conversation();
    expect(gdb.say('m80000010,4')).toBe('10111213');
    expect(gdb.say('m80000ffe,4'), 'as much as there is').toBe('feff');
    expect(gdb.say('M80000010,3:aabbcc')).toBe('OK');
    expect(gdb.say('m80000010,4')).toBe('aabbcc13');
    expect(gdb.say('m80000010,0')).toBe('');
    for (const wrong of ['m0,4', 'm80000000', 'm80000000,fffff', 'M0,1:00', 'M80000000,2:00', 'M80000000,1:0'])
      expect(gdb.say(wrong), wrong).toBe('E01');
  });

  it('sets breakpoints as the selected hart sees the address', () => {
    const gdb = new Conversation();
    gdb.say('Hg3');
    expect(gdb.say('Z0,80000100,2')).toBe('OK');
    expect(gdb.say('z0,80000100,2')).toBe('OK');
    expect(gdb.say('Z1,80000200,4')).toBe('OK');
    expect(gdb.say('Z0,100,2')).toBe('E01');
    expect(gdb.target.asked.slice(0, 3)).toEqual([
      'set 80000100 by hart 2',
      'clear 80000100 by hart 2',
      'set 80000200 by hart 2',
    ]);
  });

  it('steps one hart, whatever it wants of the others', () => {
    const gdb = new Conversation();
    expect(gdb.say('vCont;s:2;c')).toBe('T05thread:2;');
    expect(gdb.say('p20')).toBe(register(0x1000 + 36));
    expect(gdb.say('vCont;c:1;s:3')).toBe('T05thread:3;');
    gdb.say('Hc1');
    expect(gdb.say('s')).toBe('T05thread:1;');
    expect(gdb.say('s80000400')).toBe('T05thread:1;');
    expect(gdb.say('Hg1')).toBe('OK');
    expect(gdb.say('p20')).toBe(register(0x80000404));
    expect(gdb.say('vCont;s:9')).toBe('E01');
    expect(gdb.say('vCont;x')).toBe('E01');
    expect(gdb.target.asked).toEqual(['step 1', 'step 2', 'step 0', 'step 0']);
  });

  it('lets those harts run that it names', () => {
    for (const [packet, asked] of [
      ['vCont;c', 'resume 0,1,2'],
      ['c', 'resume 0,1,2'],
      ['vCont;c:2', 'resume 1'],
      ['vCont;C05:3;c:1', 'resume 0,2'],
      ['vCont;c:-1', 'resume 0,1,2'],
    ] as const) {
      const gdb = new Conversation();
      expect(gdb.say(packet)).toBe('(runs)');
      expect(gdb.target.asked, packet).toEqual([asked]);
    }
  });

  it('lets all harts run until one comes to a breakpoint, which is selected then', async () => {
    const gdb = new Conversation();
    const answer = gdb.session.handle('vCont;c');
    if (answer.kind !== 'running') throw new Error('it does not run');
    gdb.target.stopRunning({ kind: 'breakpoint', hart: 2 });
    expect(await answer.halt).toBe('T05thread:3;');
    expect(gdb.say('qC')).toBe('QC3');
    expect(gdb.say('?')).toBe('T05thread:3;');
  });

  it('interrupts the machine, and is told of its end', async () => {
    const gdb = new Conversation();
    const running = gdb.session.handle('c');
    if (running.kind !== 'running') throw new Error('it does not run');
    gdb.session.interrupt();
    expect(await running.halt).toBe('T02thread:1;');
    const again = gdb.session.handle('c');
    if (again.kind !== 'running') throw new Error('it does not run');
    gdb.target.stopRunning({ kind: 'ended', status: 7 });
    expect(await again.halt).toBe('W07');
  });

  it('goes, or ends the machine', () => {
    const gdb = new Conversation();
    expect(gdb.session.handle('D')).toEqual({ kind: 'over', text: 'OK' });
    expect(gdb.session.handle('vKill;1')).toEqual({ kind: 'over', text: 'OK' });
    expect(gdb.session.handle('k').kind).toBe('over');
    expect(gdb.target.asked).toEqual(['release', 'kill', 'kill']);
  });
});
