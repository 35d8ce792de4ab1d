// count [rounds]: parent and child count in a page that they share after each fork, by load-reserved and
// store-conditional. Each must see its own counting and none of the other's. Exit status 1 when one does not.
#include "user.h"

static volatile uint64_t counter __attribute__((aligned(PAGE)));

// As often as the store-conditional fails, from the start.
static void increment(void) {
  uint64_t value, failed;
  do
    __asm__ volatile(
        "lr.d %0, (%2)\n"
        "addi %0, %0, 1\n"
        "sc.d %1, %0, (%2)"
        : "=&r"(value), "=&r"(failed)
        : "r"(&counter)
        : "memory");
  while (failed);
}

int main(int argc, char **argv) {
  int rounds = argc > 1 ? atoi(argv[1]) : 1;
  for (uint64_t round = 1; round <= (uint64_t)rounds; round++) {
    increment();
    int pid = fork();
    if (pid < 0) return 2;
    increment();
    if (pid == 0) exit(counter == 2 * round ? 0 : 1);
    int status;
    if (wait(&status) != pid || status != 0 || counter != 2 * round) return 1;
  }
  return 0;
}
