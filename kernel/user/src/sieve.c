// sieve [repetitions]: the primes below a million, by Eratosthenes. Byte stores with growing strides.
#include "user.h"

#define BELOW 1000000
#define PRIMES 78498

static unsigned char composite[BELOW];

static int sieve(void) {
  memset(composite, 0, sizeof composite);
  int primes = 0;
  for (int n = 2; n < BELOW; n++) {
    if (composite[n]) continue;
    primes++;
    for (int64_t multiple = (int64_t)n * n; multiple < BELOW; multiple += n) composite[multiple] = 1;
  }
  return primes;
}

int main(int argc, char **argv) {
  int repetitions = argc > 1 ? atoi(argv[1]) : 10;
  int primes = PRIMES;
  for (int i = 0; i < repetitions && primes == PRIMES; i++) primes = sieve();
  printf("sieve: %d primes below %d\n", primes, BELOW);
  return primes == PRIMES ? 0 : 1;
}
