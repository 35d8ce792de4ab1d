#include "kernel.h"

struct free_page { struct free_page *next; };

static struct lock lock;
static struct free_page *first;
static u64 count;
extern u8 end[];

void pages_begin(void) {
  for (u64 at = ((u64)end + PAGE - 1) & ~(u64)(PAGE - 1); at + PAGE <= RAM_END; at += PAGE) page_leave((void *)at);
}

void *page_take(void) {
  take(&lock);
  struct free_page *page = first;
  if (page != 0) {
    first = page->next;
    count--;
  }
  leave(&lock);
  return page;
}

void page_leave(void *page) {
  take(&lock);
  ((struct free_page *)page)->next = first;
  first = page;
  count++;
  leave(&lock);
}

u64 pages_free(void) {
  take(&lock);
  u64 result = count;
  leave(&lock);
  return result;
}
