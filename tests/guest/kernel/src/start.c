#include "kernel.h"

void main(void);
void machine_trap(void);

/* 16 KiB for each hart; hart h begins at the top of its own. */
u8 stacks[MAX_HARTS * 16384] __attribute__((aligned(16)));
/* Kept by hart 0. */
const u8 *device_tree;
static u64 scratch[MAX_HARTS][2];

enum { MSTATUS_MPP = 3 << 11, MPP_SUPERVISOR = 1 << 11, MIE_SOFTWARE = 1 << 3, COUNTER_TIME = 2 };

/* In machine mode: everything goes to the supervisor but other harts' calls, which come as machine software interrupts. */
void start(void) {
  csr_write(pmpaddr0, ~0UL);
  csr_write(pmpcfg0, 0xf);
  csr_write(medeleg, 0xffff);
  csr_write(mideleg, 0xffff);
  csr_write(mtvec, machine_trap);
  csr_write(mscratch, scratch[hart()]);
  csr_write(mie, MIE_SOFTWARE);
  csr_write(0x30a, 1UL << 63); /* menvcfg.STCE: the supervisor has a timer of its own */
  csr_write(mcounteren, COUNTER_TIME);
  csr_write(mstatus, (csr_read(mstatus) & ~(u64)MSTATUS_MPP) | MPP_SUPERVISOR);
  csr_write(satp, 0);
  csr_write(mepc, main);
  asm volatile("mret");
}
