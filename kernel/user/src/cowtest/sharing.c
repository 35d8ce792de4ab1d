#include "cowtest.h"

#define MAX_CHILDREN 4096
#define MAX_DEPTH 12
#define LONG_SLEEP 100000

void three_writers(void) {
  char *at = take(FEW_PAGES);
  write_pages(at, FEW_PAGES, 1);
  int first = must_fork();
  if (first == 0) {
    int second = must_fork();
    uint64_t who = second == 0 ? 3 : 2;
    check_pages(at, FEW_PAGES, 1);
    write_pages(at, FEW_PAGES, who);
    check_pages(at, FEW_PAGES, who);
    if (second == 0) exit(3);
    must_wait(second, 3);
    check_pages(at, FEW_PAGES, who);
    exit(2);
  }
  write_pages(at, FEW_PAGES, 4);
  check_pages(at, FEW_PAGES, 4);
  must_wait(first, 2);
  check_pages(at, FEW_PAGES, 4);
  give_back(FEW_PAGES);
}

// Each level sees what all levels above wrote, and none of them sees what it writes. Gives the level's exit status.
static int descend(char *at, int depth) {
  for (int p = 0; p < depth; p++) check_pages(at + p * PAGE, 1, 100 + p);
  for (int p = depth; p < MAX_DEPTH; p++) check_pages(at + p * PAGE, 1, 1);
  if (depth == MAX_DEPTH) return depth;
  write_pages(at + depth * PAGE, 1, 100 + depth);
  int pid = must_fork();
  if (pid == 0) exit(descend(at, depth + 1));
  // The same page again, while the levels below share it.
  write_pages(at + depth * PAGE, 1, 200 + depth);
  must_wait(pid, depth + 1);
  check_pages(at + depth * PAGE, 1, 200 + depth);
  for (int p = depth + 1; p < MAX_DEPTH; p++) check_pages(at + p * PAGE, 1, 1);
  return depth;
}

void fork_inside_fork(void) {
  char *at = take(MAX_DEPTH);
  for (int p = 0; p < MAX_DEPTH; p++) write_pages(at + p * PAGE, 1, 1);
  int pid = must_fork();
  if (pid == 0) exit(descend(at, 0));
  must_wait(pid, 0);
  for (int p = 0; p < MAX_DEPTH; p++) check_pages(at + p * PAGE, 1, 1);
  give_back(MAX_DEPTH);
}

enum order { OLDEST_FIRST, YOUNGEST_FIRST, ODD_FIRST };

static int nth(enum order order, int i, int count) {
  if (order == OLDEST_FIRST) return i;
  if (order == YOUNGEST_FIRST) return count - 1 - i;
  int odd = count / 2;
  return i < odd ? 2 * i + 1 : 2 * (i - odd);
}

static int sharers[MAX_CHILDREN];

// As many sharers of one page as the kernel has processes for. Every third writes it, so that they leave with both
// kinds of page; then they go, in the given order, and the parent writes when it is the last.
static void many_sharers(enum order order) {
  char *at = take(1);
  write_pages(at, 1, 1);
  int count = 0;
  while (count < MAX_CHILDREN) {
    int pid = fork();
    if (pid < 0) break;
    if (pid == 0) {
      check_pages(at, 1, 1);
      if (count % 3 == 0) {
        write_pages(at, 1, 1000 + count);
        check_pages(at, 1, 1000 + count);
      }
      sleep(LONG_SLEEP);
      exit(0);
    }
    sharers[count++] = pid;
  }
  check(count > 1, 1);
  // Time for them to write, which makes the case harder; it is right without it.
  sleep(2);
  check_pages(at, 1, 1);
  for (int i = 0; i < count; i++) {
    int pid = sharers[nth(order, i, count)];
    check(kill(pid), 0);
    must_wait(pid, KILLED);
    if (i % 8 == 0) check_pages(at, 1, 1);
  }
  write_pages(at, 1, 2);
  check_pages(at, 1, 2);
  give_back(1);
}

void sharers_oldest_first(void) { many_sharers(OLDEST_FIRST); }
void sharers_youngest_first(void) { many_sharers(YOUNGEST_FIRST); }
void sharers_odd_first(void) { many_sharers(ODD_FIRST); }
