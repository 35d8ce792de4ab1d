// spin [millions]: counts that many million times, without one system call; 0, or nothing, for ever.
#include "user.h"

#define MILLION 1000000UL

int main(int argc, char **argv) {
  uint64_t turns = argc > 1 ? (uint64_t)atoi(argv[1]) * MILLION : 0;
  // volatile: the counting itself is the purpose.
  for (volatile uint64_t turn = 0; turns == 0 || turn < turns; turn++) {
  }
  return 0;
}
