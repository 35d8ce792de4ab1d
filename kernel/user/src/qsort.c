// qsort [repetitions]: quicksort with a comparison through a function pointer. Branches nobody can predict, and calls.
#include "user.h"

#define COUNT 100000

static int32_t values[COUNT];

typedef int compare(const int32_t *a, const int32_t *b);

static int ascending(const int32_t *a, const int32_t *b) { return *a < *b ? -1 : *a > *b; }
static int descending(const int32_t *a, const int32_t *b) { return ascending(b, a); }

static void swap(int32_t *a, int32_t *b) {
  int32_t kept = *a;
  *a = *b;
  *b = kept;
}

// Hoare's partition; a pivot that is not the last value leaves neither part empty. Recursion takes the smaller part, so that the stack stays within its page.
static void sort(int32_t *at, int64_t count, compare *order) {
  while (count > 1) {
    int32_t pivot = at[(count - 1) / 2];
    int64_t low = -1;
    int64_t high = count;
    for (;;) {
      do low++;
      while (order(&at[low], &pivot) < 0);
      do high--;
      while (order(&at[high], &pivot) > 0);
      if (low >= high) break;
      swap(&at[low], &at[high]);
    }
    int64_t left = high + 1;
    if (left <= count - left) {
      sort(at, left, order);
      at += left;
      count -= left;
    } else {
      sort(at + left, count - left, order);
      count = left;
    }
  }
}

// The same numbers in every run (Numerical Recipes' generator).
static void fill(uint32_t seed) {
  for (int i = 0; i < COUNT; i++) values[i] = (int32_t)(seed = seed * 1664525 + 1013904223);
}

// Depends on every value and on its place.
static uint64_t checksum(void) {
  uint64_t sum = 0;
  for (int i = 0; i < COUNT; i++) sum = sum * 31 + (uint32_t)values[i];
  return sum;
}

int main(int argc, char **argv) {
  // Through a volatile, so that the compiler cannot see which comparison it calls.
  compare *volatile orders[] = {ascending, descending};
  int repetitions = argc > 1 ? atoi(argv[1]) : 10;
  uint64_t sum = 0;
  for (int i = 0; i < repetitions; i++) {
    compare *order = orders[i % 2];
    fill((uint32_t)i);
    sort(values, COUNT, order);
    for (int v = 1; v < COUNT; v++) {
      if (order(&values[v - 1], &values[v]) <= 0) continue;
      printf("qsort: value %d is out of order\n", v);
      return 1;
    }
    sum += checksum();
  }
  printf("qsort: %d times %d values, checksum 0x%lx\n", repetitions, COUNT, sum);
  return 0;
}
