import { deviceTreeBlob, type TreeNode } from '../devices/device-tree.js';
import { KERNBASE } from '../memory/map.js';

const hex = (value: number) => value.toString(16);
/** An address or a size in two cells. */
const wide = (...values: number[]) => values.flatMap((value) => [Math.floor(value / 2 ** 32), value % 2 ** 32]);

const PLIC_HANDLE = 1;
const firstCpuHandle = 2;
const SOFTWARE = 3;
const TIMER = 7;
const SUPERVISOR_EXTERNAL = 9;
const MACHINE_EXTERNAL = 11;

/** The tree of the board with so many harts and bytes of RAM, as a blob (Devicetree Specification; the bindings of Linux). */
export function boardTree(harts: number, ramSize: number): Uint8Array {
  const cpus = Array.from({ length: harts }, (_, hart) => hart);
  const interrupts = (...numbers: number[]) =>
    cpus.flatMap((hart) => numbers.flatMap((number) => [firstCpuHandle + hart, number]));
  const soc: Record<string, TreeNode> = {
    'test@100000': {
      properties: { compatible: ['sifive,test1', 'sifive,test0', 'syscon'], reg: wide(0x10_0000, 0x1000) },
    },
    'rtc@101000': { properties: { compatible: 'google,goldfish-rtc', reg: wide(0x10_1000, 0x1000) } },
    'clint@2000000': {
      properties: {
        compatible: ['sifive,clint0', 'riscv,clint0'],
        reg: wide(0x200_0000, 0x1_0000),
        'interrupts-extended': interrupts(SOFTWARE, TIMER),
      },
    },
    'plic@c000000': {
      properties: {
        compatible: ['sifive,plic-1.0.0', 'riscv,plic0'],
        reg: wide(0xc00_0000, 0x60_0000),
        'interrupts-extended': interrupts(MACHINE_EXTERNAL, SUPERVISOR_EXTERNAL),
        'interrupt-controller': true,
        '#interrupt-cells': [1],
        '#address-cells': [0],
        'riscv,ndev': [95],
        phandle: [PLIC_HANDLE],
      },
    },
    'serial@10000000': {
      properties: {
        compatible: 'ns16550a',
        reg: wide(0x1000_0000, 0x100),
        interrupts: [10],
        'interrupt-parent': [PLIC_HANDLE],
        'clock-frequency': [3_686_400],
      },
    },
    'virtio_mmio@10001000': {
      properties: {
        compatible: 'virtio,mmio',
        reg: wide(0x1000_1000, 0x1000),
        interrupts: [1],
        'interrupt-parent': [PLIC_HANDLE],
      },
    },
  };
  return deviceTreeBlob({
    properties: {
      '#address-cells': [2],
      '#size-cells': [2],
      compatible: 'riscv-virtio',
      model: 'hartbreak',
    },
    children: {
      chosen: { properties: { 'stdout-path': '/soc/serial@10000000' } },
      [`memory@${hex(KERNBASE)}`]: { properties: { device_type: 'memory', reg: wide(KERNBASE, ramSize) } },
      cpus: {
        properties: { '#address-cells': [1], '#size-cells': [0], 'timebase-frequency': [10_000_000] },
        children: Object.fromEntries(cpus.map((hart) => [`cpu@${hex(hart)}`, cpu(hart)])),
      },
      soc: {
        properties: { '#address-cells': [2], '#size-cells': [2], compatible: 'simple-bus', ranges: true },
        children: soc,
      },
    },
  });
}

function cpu(hart: number): TreeNode {
  return {
    properties: {
      device_type: 'cpu',
      reg: [hart],
      status: 'okay',
      compatible: 'riscv',
      'riscv,isa': 'rv64imac_zicntr_zicsr_zifencei_sstc',
      'mmu-type': 'riscv,sv39',
    },
    children: {
      'interrupt-controller': {
        properties: {
          '#interrupt-cells': [1],
          'interrupt-controller': true,
          compatible: 'riscv,cpu-intc',
          phandle: [firstCpuHandle + hart],
        },
      },
    },
  };
}
