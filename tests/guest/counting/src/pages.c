#include "kernel.h"

struct run { struct run *next; };

struct { struct spinlock lock; struct run *freelist; } kmem;
struct { struct spinlock lock; u32 count[PAGES]; } refs;
/* The pages lie behind the kernel. */
extern u8 end[];

void kinit(void) {
  for (u32 i = 0; i < PAGES; i++) kfree(end + i * PAGE);
}

void *kalloc(void) {
  acquire(&kmem.lock);
  struct run *page = kmem.freelist;
  if (page != 0) kmem.freelist = page->next;
  release(&kmem.lock);
  return page;
}

void kfree(void *page) {
  struct run *run = page;
  acquire(&kmem.lock);
  run->next = kmem.freelist;
  kmem.freelist = run;
  release(&kmem.lock);
}

static u32 *count_of(void *page) { return &refs.count[((u8 *)page - end) / PAGE]; }

void share(void *page, u32 owners) { *count_of(page) = owners; }

/* Two harts may read the same count: then neither of them frees the page. */
void put(void *page) {
  u32 left = *count_of(page) - 1;
  *count_of(page) = left;
  if (left == 0) kfree(page);
}

void put_locked(void *page) {
  acquire(&refs.lock);
  u32 left = *count_of(page) - 1;
  *count_of(page) = left;
  release(&refs.lock);
  if (left == 0) kfree(page);
}
