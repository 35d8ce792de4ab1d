// cowtest [pages]: copy-on-write fork, case by case. Prints the case that runs, then ok; or the line that fails.
//
// With more pages than half of the memory, the first case passes only where fork really shares.
#include "user.h"

#define DEFAULT_PAGES 1024
// Cases that need no large memory.
#define FEW_PAGES 24
#define MAX_CHILDREN 4096
#define MAX_DEPTH 12
#define LONG_SLEEP 100000
#define FAILED 77
#define KILLED (-1)

static int large;

static void check_at(int line, const char *what, int64_t seen, int64_t expected) {
  if (seen == expected) return;
  printf("cowtest: process %d, line %d: %s: expected 0x%lx, got 0x%lx\n", getpid(), line, what, expected, seen);
  exit(FAILED);
}
#define check(expression, expected) check_at(__LINE__, #expression, (int64_t)(expression), (int64_t)(expected))

static char *take(int pages) {
  char *at = sbrk(pages * PAGE);
  check(at != NO_MEMORY, 1);
  return at;
}

static void give_back(int pages) { check(sbrk(-pages * PAGE) != NO_MEMORY, 1); }

// A word at each end of every page.
static void write_pages(char *at, int pages, uint64_t who) {
  for (int p = 0; p < pages; p++) {
    volatile uint64_t *page = (volatile uint64_t *)(at + (int64_t)p * PAGE);
    page[0] = who << 32 | (uint64_t)p;
    page[PAGE / 8 - 1] = ~page[0];
  }
}

static void check_pages(char *at, int pages, uint64_t who) {
  for (int p = 0; p < pages; p++) {
    volatile uint64_t *page = (volatile uint64_t *)(at + (int64_t)p * PAGE);
    check(page[0], who << 32 | (uint64_t)p);
    check(page[PAGE / 8 - 1], ~(who << 32 | (uint64_t)p));
  }
}

static int must_fork(void) {
  int pid = fork();
  check(pid >= 0, 1);
  return pid;
}

static void must_wait(int pid, int expected) {
  int status = 0;
  check(wait(&status), pid);
  // It has said what was wrong.
  if (status == FAILED) exit(FAILED);
  check(status, expected);
}

static void large_memory(void) {
  char *at = take(large);
  write_pages(at, large, 1);
  int pid = must_fork();
  if (pid == 0) {
    check_pages(at, large, 1);
    exit(3);
  }
  must_wait(pid, 3);
  check_pages(at, large, 1);
  // The child is gone: every page is this process's alone again.
  write_pages(at, large, 2);
  check_pages(at, large, 2);
  give_back(large);
}

static void three_writers(void) {
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

static void fork_inside_fork(void) {
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

static void sharers_oldest_first(void) { many_sharers(OLDEST_FIRST); }
static void sharers_youngest_first(void) { many_sharers(YOUNGEST_FIRST); }
static void sharers_odd_first(void) { many_sharers(ODD_FIRST); }

// A page given back by one sharer stays with the other, and what the first one gets in its place is a new page.
static void shrink_and_grow(void) {
  char *at = take(FEW_PAGES);
  write_pages(at, FEW_PAGES, 1);
  int half = FEW_PAGES / 2;
  int pid = must_fork();
  uint64_t who = pid == 0 ? 2 : 3;
  if (pid == 0) {
    give_back(half);
    char *fresh = take(half);
    check(fresh, at + half * PAGE);
    for (int i = 0; i < half * PAGE; i += 8) check(*(uint64_t *)(fresh + i), 0);
    check_pages(at, half, 1);
  } else {
    write_pages(at, half, 1);
    check_pages(at, FEW_PAGES, 1);
  }
  write_pages(at, FEW_PAGES, who);
  int below = must_fork();
  if (below == 0) {
    check_pages(at, FEW_PAGES, who);
    give_back(FEW_PAGES);
    exit(4);
  }
  check_pages(at, FEW_PAGES, who);
  // Children may end in either order: the parent has two.
  if (pid == 0) {
    must_wait(below, 4);
    check_pages(at, FEW_PAGES, who);
    exit(2);
  }
  int sum = 0;
  for (int i = 0; i < 2; i++) {
    int status = 0;
    check(wait(&status) > 0, 1);
    if (status == FAILED) exit(FAILED);
    sum += status;
  }
  check(sum, 2 + 4);
  check_pages(at, FEW_PAGES, who);
  give_back(FEW_PAGES);
}

// The kernel's own write into a shared page (wait's status) must not reach the other sharer.
static void kernel_writes_shared_page(void) {
  char *at = take(1);
  int *status = (int *)(at + 64);
  *status = 1234;
  int pid = must_fork();
  if (pid == 0) {
    int below = must_fork();
    if (below == 0) exit(55);
    check(wait(status), below);
    check(*status, 55);
    exit(5);
  }
  must_wait(pid, 5);
  check(*status, 1234);
  // And once more into a page that this process shares with a child that is still there.
  int sleeping = must_fork();
  if (sleeping == 0) {
    sleep(2);
    check(*status, 1234);
    exit(6);
  }
  int quick = must_fork();
  if (quick == 0) exit(66);
  int reaped = wait(status);
  if (reaped == quick) {
    check(*status, 66);
    must_wait(sleeping, 6);
  } else {
    check(*status, 6);
    must_wait(quick, 66);
  }
  give_back(1);
}

// Pages that were never writable do not become so by being shared and un-shared.
static void text_stays_read_only(void) {
  int pid = must_fork();
  if (pid == 0) {
    int below = must_fork();
    if (below == 0) exit(1);
    must_wait(below, 1);
    *(volatile char *)(uintptr_t)large_memory = 0;
    exit(0);
  }
  must_wait(pid, KILLED);
}

static const struct {
  const char *name;
  void (*run)(void);
} cases[] = {
    {"large memory", large_memory},
    {"large memory again", large_memory},
    {"three writers", three_writers},
    {"fork inside fork", fork_inside_fork},
    {"sharers leave, oldest first", sharers_oldest_first},
    {"sharers leave, youngest first", sharers_youngest_first},
    {"sharers leave, odd ones first", sharers_odd_first},
    {"sbrk down and up", shrink_and_grow},
    {"the kernel writes a shared page", kernel_writes_shared_page},
    {"text stays read-only", text_stays_read_only},
};

int main(int argc, char **argv) {
  large = argc > 1 ? atoi(argv[1]) : DEFAULT_PAGES;
  if (large < 1 || large > INT32_MAX / PAGE) {
    printf("usage: cowtest [pages, 1 to %d]\n", INT32_MAX / PAGE);
    return 2;
  }
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    printf("cowtest: %s\n", cases[i].name);
    // In a process of its own, so that a case that fails cannot disturb the rest of its exit.
    int pid = fork();
    if (pid == 0) {
      cases[i].run();
      exit(0);
    }
    int status = 0;
    if (pid < 0 || wait(&status) != pid || status != 0) {
      printf("cowtest: %s FAILED\n", cases[i].name);
      return 1;
    }
  }
  printf("ok\n");
  return 0;
}
