#include "data.h"

struct {
  struct spinlock lock;
  struct run *freelist;
} kmem;

struct proc proc[4];
struct cpu cpus[2];
volatile int started;
const volatile int limit = 9;
int table[3][5];
static struct node leaf, root;
char *const names[] = {"zero", "one"};

static inline int
double_of(int x)
{
  return x + x;
}

static inline int
four_times(int x)
{
  int twice = double_of(x);
  return double_of(twice) + started;
}

int
next_pid(void)
{
  static int last = 3;
  last = four_times(last) + table[1][2];
  return last;
}

int
main(int argc)
{
  static int calls;
  calls++;
  acquire(&kmem.lock);
  proc[argc & 3].pid = next_pid();
  root.left = &leaf;
  leaf.left = &root;
  leaf.value.number = 5;
  return sum(&root, 3) + calls;
}
