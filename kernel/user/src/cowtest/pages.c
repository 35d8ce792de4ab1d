#include "cowtest.h"

char *take(int pages) {
  char *at = sbrk(pages * PAGE);
  check(at != NO_MEMORY, 1);
  return at;
}

void give_back(int pages) { check(sbrk(-pages * PAGE) != NO_MEMORY, 1); }

void write_pages(char *at, int pages, uint64_t who) {
  for (int p = 0; p < pages; p++) {
    volatile uint64_t *page = (volatile uint64_t *)(at + (int64_t)p * PAGE);
    page[0] = who << 32 | (uint64_t)p;
    page[PAGE / 8 - 1] = ~page[0];
  }
}

void check_pages(char *at, int pages, uint64_t who) {
  for (int p = 0; p < pages; p++) {
    volatile uint64_t *page = (volatile uint64_t *)(at + (int64_t)p * PAGE);
    check(page[0], who << 32 | (uint64_t)p);
    check(page[PAGE / 8 - 1], ~(who << 32 | (uint64_t)p));
  }
}

void skip(const char *why) {
  printf("(%s) ", why);
  exit(SKIPPED);
}
