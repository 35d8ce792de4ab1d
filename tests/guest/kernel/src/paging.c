#include "kernel.h"

enum { ENTRIES = 512, PTE_A = 64, PTE_D = 128 };
static u64 *root;

static u64 *table(void) {
  u64 *page = page_take();
  if (page == 0) panic("no page for a table");
  for (int i = 0; i < ENTRIES; i++) page[i] = 0;
  return page;
}

static u64 *below(u64 *entry) {
  if ((*entry & PTE_V) == 0) *entry = ((u64)table() >> 12 << 10) | PTE_V;
  return (u64 *)(*entry >> 10 << 12);
}

static u64 index_of(u64 va, int level) { return va >> (12 + 9 * level) & (ENTRIES - 1); }

/* `level` 0: a page; 1: two megabytes. */
static void map_at(u64 va, u64 pa, u64 flags, int level) {
  u64 *at = root;
  for (int i = 2; i > level; i--) at = below(&at[index_of(va, i)]);
  at[index_of(va, level)] = (pa >> 12 << 10) | flags | PTE_V | PTE_A | PTE_D;
}

void map(u64 va, u64 pa, u64 flags) { map_at(va, pa, flags, 0); }

/* All where it is: RAM and the large devices by superpages, the small ones page by page. */
void paging_begin(void) {
  root = table();
  for (u64 at = RAM; at < RAM_END; at += 1 << 21) map_at(at, at, PTE_R | PTE_W | PTE_X, 1);
  for (u64 at = PLIC; at < PLIC + 0x400000; at += 1 << 21) map_at(at, at, PTE_R | PTE_W, 1);
  map(CLINT, CLINT, PTE_R | PTE_W);
  map(UART, UART, PTE_R | PTE_W);
  map(DISK, DISK, PTE_R | PTE_W);
  map(FINISHER, FINISHER, PTE_R | PTE_W);
  map(RTC, RTC, PTE_R | PTE_W);
}

void paging_on(void) {
  csr_write(satp, 8UL << 60 | (u64)root >> 12);
  asm volatile("sfence.vma" ::: "memory");
}
