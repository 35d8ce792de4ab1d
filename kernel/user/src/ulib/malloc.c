// First fit over a list of free blocks in address order; neighbours are joined when a block comes back.
#include "user.h"

struct block {
  size_t bytes; // of the whole block, this header included; a multiple of 16
  struct block *next;
};

// Asked of the kernel at least this much at a time.
#define GROWTH (16 * PAGE)

static struct block *first_free;

static void give_back(struct block *block) {
  struct block **link = &first_free;
  struct block *before = 0;
  while (*link != 0 && *link < block) {
    before = *link;
    link = &before->next;
  }
  block->next = *link;
  *link = block;
  if (block->next == (struct block *)((char *)block + block->bytes)) {
    block->bytes += block->next->bytes;
    block->next = block->next->next;
  }
  if (before != 0 && (char *)before + before->bytes == (char *)block) {
    before->bytes += block->bytes;
    before->next = block->next;
  }
}

// Gives 0 when the kernel refuses.
static int grow(size_t bytes) {
  size_t ask = bytes < GROWTH ? GROWTH : bytes;
  if (ask > INT32_MAX - 16) return 0;
  char *at = sbrk((int)ask + 16);
  if (at == NO_MEMORY) return 0;
  // The program may have moved the end of the heap to any byte.
  struct block *block = (struct block *)(((uintptr_t)at + 15) & ~15UL);
  block->bytes = ask;
  give_back(block);
  return 1;
}

void *malloc(size_t bytes) {
  if (bytes > INT32_MAX) return 0;
  size_t need = ((bytes + 15) & ~15UL) + sizeof(struct block);
  do {
    for (struct block **link = &first_free; *link != 0; link = &(*link)->next) {
      struct block *block = *link;
      if (block->bytes < need) continue;
      if (block->bytes - need >= 2 * sizeof(struct block)) {
        struct block *rest = (struct block *)((char *)block + need);
        rest->bytes = block->bytes - need;
        rest->next = block->next;
        block->bytes = need;
        *link = rest;
      } else {
        *link = block->next;
      }
      return block + 1;
    }
  } while (grow(need));
  return 0;
}

void free(void *memory) {
  if (memory != 0) give_back((struct block *)memory - 1);
}
