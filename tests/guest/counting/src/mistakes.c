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

/* An address space with a page at address 0 for a program, which may be free, and the kernel's code where it lies. */
static void space(u32 *page, int freed) {
  u64 *root = table(), *middle = table(), *leaves = table();
  root[0] = entry(middle, 0);
  root[2] = entry((void *)0x80000000, R | X | A);
  middle[0] = entry(leaves, 0);
  leaves[0] = entry(page, R | W | X | U | A | D);
  asm volatile("csrw stvec, %0\n csrw satp, %1" : : "r"(scribble), "r"(SV39 | (u64)root >> 12));
  if (freed) kfree(page);
}

/* At the prompt again, nobody has a use for it. */
void map_freed(void) { space(kalloc(), 1); }

/* A program that goes round for ever, behind the word of its page that leads to the next free one. */
void run_program(int freed) {
  u32 *page = kalloc();
  page[PROGRAM / sizeof *page] = FOR_EVER;
  space(page, freed);
  asm volatile("csrc mstatus, %0\n csrw mepc, %1\n mret" : : "r"(MPP), "r"(PROGRAM));
}
