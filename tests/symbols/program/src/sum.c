#include "data.h"

static int count;

void
acquire(struct spinlock *lock)
{
  while (__atomic_exchange_n(&lock->locked, 1, __ATOMIC_ACQUIRE))
    ;
}

// Saves nothing: the end of the stack that tests look at.
__attribute__((noinline)) static int
stop(int depth)
{
  __asm__ volatile("ebreak" ::: "memory");
  return depth + count;
}

__attribute__((noinline)) int
sum(struct node *node, int depth)
{
  if (node == 0)
    return 0;
  count++;
  if (depth == 0)
    return stop(node->value.number) + 1;
  return node->value.number + sum(node->left, depth - 1);
}
