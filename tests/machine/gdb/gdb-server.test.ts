import { afterEach, describe, expect, it } from 'vitest';
import { GdbServer } from '../../../src/machine/gdb/gdb-server.js';
import { packet } from '../../../src/machine/gdb/packet-stream.js';
import { FakeGdbTarget } from '../../support/fake-gdb-target.js';
import { Wire } from '../../support/gdb-wire.js';

describe('the server', () => {
  const open: GdbServer[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((server) => server.close()));
  });

  async function serve(connected: () => Promise<void> = async () => {}) {
    const target = new FakeGdbTarget(2);
    const server = new GdbServer(target, connected);
    const port = await server.listen(0);
    open.push(server);
    return { target, server, port };
  }

  it('acknowledges packets until it is asked not to, and asks for damaged ones again', async () => {
    const { port } = await serve();
    const wire = await Wire.to(port);
    wire.send('+$qC#b5');
    await wire.expect(`-`);
    wire.send(packet('qC'));
    await wire.expect(`+${packet('QC1')}`);
    wire.send('-');
    await wire.expect(packet('QC1'));
    wire.send(packet('QStartNoAckMode'));
    await wire.expect(`+${packet('OK')}`);
    wire.send(packet('qC'));
    await wire.expect(packet('QC1'));
    wire.send(packet('D'));
    expect(await wire.closed()).toBe(packet('OK'));
  });

  it('answers nothing before the machine stands still', async () => {
    let stand = () => {};
    const standing = new Promise<void>((resolve) => {
      stand = resolve;
    });
    const { port } = await serve(() => standing);
    const wire = await Wire.to(port);
    wire.send(packet('?'));
    const answered = wire.expect(packet('T05thread:1;'));
    stand();
    await answered;
    wire.socket.destroy();
  });

  it('hears Ctrl-C while the machine runs', async () => {
    const { port, target } = await serve();
    const wire = await Wire.to(port);
    wire.send(packet('vCont;c'));
    await wire.expect('+');
    expect(target.isRunning).toBe(true);
    wire.send('\x03');
    await wire.expect(packet('T02thread:1;'));
    wire.socket.destroy();
  });

  it('lets the machine go when the debugger has gone, and takes the next one', async () => {
    const { port, target } = await serve();
    const first = await Wire.to(port);
    first.send(packet('qC'));
    await first.expect(packet('QC1'));
    const refused = await Wire.to(port);
    await refused.closed();
    first.socket.end();
    await first.closed();
    expect(target.asked).toEqual(['release']);
    const second = await Wire.to(port);
    second.send(packet('qC'));
    await second.expect(packet('QC1'));
    second.socket.destroy();
  });

  it('tells a debugger of the end of the machine before it closes', async () => {
    const { port, target, server } = await serve();
    const wire = await Wire.to(port);
    wire.send(packet('c'));
    await wire.expect('+');
    target.stopRunning({ kind: 'ended', status: 3 });
    open.splice(0);
    await Promise.all([wire.expect(packet('W03')), server.close()]);
    await wire.closed();
  });

  it('says when somebody else has its port', async () => {
    const { port } = await serve();
    const other = new GdbServer(new FakeGdbTarget(1), async () => {});
    await expect(other.listen(port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
