import type { Device } from './device.js';

/**
 * The window of a PCI Express bridge behind which there is nothing, as on QEMU's `virt` without PCI devices: loads give ones,
 * and stores go nowhere. A kernel that indexes an array of its frames by a device's page comes here, and lives.
 */
export class PciWindow implements Device {
  readonly name = 'pci';
  readonly base = 0x4000_0000;
  readonly size = 0x4000_0000;

  load(_offset: number, size: number): bigint {
    return (1n << BigInt(size * 8)) - 1n;
  }

  store(): boolean {
    return true;
  }
}
