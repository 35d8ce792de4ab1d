// leftover: a process reserves a word by load-reserved and exits. Its child, which has the page from it and has never
// reserved anything, tries a store-conditional on the word. It must fail, and the word keep its value: exit status 1
// when it does not.
#include "user.h"

static volatile uint64_t word __attribute__((aligned(PAGE)));

static uint64_t load_reserved(void) {
  uint64_t value;
  __asm__ volatile("lr.d %0, (%1)" : "=r"(value) : "r"(&word) : "memory");
  return value;
}

// 0 when it succeeded.
static uint64_t store_conditional(uint64_t value) {
  uint64_t failed;
  __asm__ volatile("sc.d %0, %1, (%2)" : "=r"(failed) : "r"(value), "r"(&word) : "memory");
  return failed;
}

int main(void) {
  if (fork() == 0) {
    if (fork() == 0) exit(store_conditional(1) == 0 || word != 0);
    load_reserved();
    exit(0);
  }
  // From here on this process has a page of its own, and nobody has the other but the child and the grandchild.
  word = 0;
  // The child, and the grandchild that it leaves behind.
  int failed = 0;
  for (int i = 0; i < 2; i++) {
    int status;
    if (wait(&status) < 0) return 2;
    failed |= status;
  }
  return failed;
}
