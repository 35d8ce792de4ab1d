#include "kernel.h"

enum { V = 1, R = 2, W = 4, X = 8, U = 16, A = 64, D = 128 };
/* Machine mode's mstatus.MPP; 0 there is user mode. */
#define MPP (3UL << 11)
#define SV39 (8UL << 60)
#define FOR_EVER 0x6f /* j . */
#define PROGRAM 8UL

static struct spinlock lock;

/* A page that nobody frees. */
void lose(void) { kalloc(); }

void free_twice(void) {
  void *page = kalloc();
  kfree(page);
  kfree(page);
}

/* Where a free page leads to is overwritten. */
void scribble(void) {
  u64 *page = kalloc();
  kfree(page);
  *page = 0x0505050505050505;
}

/* Waits for itself. */
void take_twice(void) {
  acquire(&lock);
  acquire(&lock);
}

static u64 entry(void *page, u64 flags) { return ((u64)page >> 12) << 10 | flags | V; }

static u64 *table(void) {
  u64 *page = kalloc();
  for (u32 i = 0; i < PAGE / sizeof *page; i++) page[i] = 0;
  return page;
}

/* A program that goes round for ever, in a page at address 0 that may be free: behind the word that leads to the next one. */
void run_program(int freed) {
  u64 *root = table(), *middle = table(), *leaves = table();
  u32 *page = kalloc();
  page[PROGRAM / sizeof *page] = FOR_EVER;
  root[0] = entry(middle, 0);
  middle[0] = entry(leaves, 0);
  leaves[0] = entry(page, R | W | X | U | A | D);
  if (freed) kfree(page);
  asm volatile("csrw satp, %0\n csrc mstatus, %1\n csrw mepc, %2\n mret"
               : : "r"(SV39 | (u64)root >> 12), "r"(MPP), "r"(PROGRAM));
}
