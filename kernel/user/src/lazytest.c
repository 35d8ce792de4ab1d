// lazytest: memory that sbrk has only promised, case by case. Prints each case and how it went. Exit status: 0 when all
// went well, and memory is as it was before; 2 where the kernel promises nothing (`run --abi xv6-2025` does).
#include "check.h"

// Far more than any memory that this is run with.
#define HUGE_STEP (1 << 30)
#define HUGE_STEPS 16

// Nobody but this process takes or gives memory here.
static int used(int before) { return before - free_pages(); }

static void costs_nothing(void) {
  int before = free_pages();
  char *at = sbrk(0);
  for (int i = 0; i < HUGE_STEPS; i++) check(sbrklazy(HUGE_STEP), at + (long)i * HUGE_STEP);
  // The tables that the counting takes, so far up.
  check(used(before) <= 2, 1);
  // A page here and there, with tables for it: here, and in the process that counts.
  for (long i = 0; i < HUGE_STEPS; i += 5) {
    char *page = at + i * HUGE_STEP;
    check(page[PAGE - 1], 0);
    page[1] = (char)i;
    check(page[1], i);
  }
  check(used(before) > 4, 1);
  // Where fork copies, the one that counts has the pages too.
  check(used(before) <= 20 + HUGE_STEPS / 5 + 1, 1);
  for (int i = 0; i < HUGE_STEPS; i++) check(sbrklazy(-HUGE_STEP) != NO_MEMORY, 1);
  check(sbrk(0), at);
  // Tables stay until exit, pages do not.
  check(used(before) <= 8, 1);
}

static void is_zero_when_touched_again(void) {
  char *at = sbrklazy(2 * PAGE);
  at[PAGE] = 7;
  check(sbrk(-2 * PAGE) != NO_MEMORY, 1);
  int pid = must_fork();
  if (pid == 0) {
    at[PAGE] = 8;
    exit(0);
  }
  must_wait(pid, KILLED);
  check(sbrklazy(2 * PAGE), at);
  check(at[PAGE], 0);
  // What sbrk gives at once lies behind what it has promised.
  char *end = sbrk(PAGE);
  check(end, at + 2 * PAGE);
  check(end[0], 0);
  sbrk(-3 * PAGE);
}

static void fork_copies_promises(void) {
  char *at = sbrklazy(3 * PAGE);
  at[PAGE] = 1;
  int pid = must_fork();
  if (pid == 0) {
    check(at[0], 0);
    check(at[PAGE], 1);
    at[PAGE] = 2;
    at[2 * PAGE] = 3;
    int below = must_fork();
    if (below == 0) {
      check(at[PAGE], 2);
      check(at[2 * PAGE], 3);
      at[2 * PAGE] = 4;
      exit(0);
    }
    must_wait(below, 0);
    check(at[2 * PAGE], 3);
    exit(0);
  }
  at[2 * PAGE] = 5;
  must_wait(pid, 0);
  check(at[0], 0);
  check(at[PAGE], 1);
  check(at[2 * PAGE], 5);
  sbrk(-3 * PAGE);
}

static void the_kernel_touches_too(void) {
  char *at = sbrklazy(4 * PAGE);
  int fds[2];
  check(pipe(fds), 0);
  // Out of a page that is not there, and into two.
  check(write(fds[1], at, 8), 8);
  check(write(fds[1], "something", 8), 8);
  check(read(fds[0], at + 2 * PAGE - 8, 16), 16);
  check(memcmp(at + 2 * PAGE, "something", 8), 0);
  check(at[2 * PAGE - 1], 0);
  // A name there is an empty one, which is this directory's.
  check(close(open(at + 3 * PAGE, O_RDONLY)), 0);
  int *status = (int *)(at + 3 * PAGE);
  int pid = must_fork();
  if (pid == 0) exit(9);
  check(wait(status), pid);
  check(*status, 9);
  // Behind the end nothing is promised.
  check(write(fds[1], sbrk(0), 1), 0);
  close(fds[0]);
  close(fds[1]);
  sbrk(-4 * PAGE);
}

static void is_no_program(void) {
  char *at = sbrklazy(PAGE);
  int pid = must_fork();
  if (pid == 0) {
    ((void (*)(void))at)();
    exit(0);
  }
  must_wait(pid, KILLED);
  sbrk(-PAGE);
}

static void memory_runs_out(void) {
  int fds[2];
  check(pipe(fds), 0);
  int pid = fork_settled();
  check(pid >= 0, 1);
  if (pid == 0) {
    char *at = sbrklazy(PAGE);
    char *rest = sbrklazy(4 * PAGE);
    take_all();
    // A page that sbrk could not take, for want of another one for its table, is there still.
    for (int i = 0; i < 4 && write(fds[1], "x", 1) == 1; i++)
      if (read(fds[0], rest + i * PAGE, 1) != 1) break;
    check(write(fds[1], "x", 1), 1);
    // The kernel is refused, and says so; the process itself is ended.
    check(read(fds[0], at, 1), -1);
    *at = 1;
    exit(0);
  }
  must_wait(pid, KILLED);
  close(fds[0]);
  close(fds[1]);
}

static void ends_below_the_top(void) {
  // What xv6 keeps at the end of an address space.
  char *top = (char *)(MAXVA - 2 * PAGE);
  char *at = sbrk(0);
  while (top - sbrk(0) >= HUGE_STEP) check(sbrklazy(HUGE_STEP) != NO_MEMORY, 1);
  check(sbrklazy((int)(top - sbrk(0)) - PAGE) != NO_MEMORY, 1);
  char *last = sbrk(PAGE);
  check(last, top - PAGE);
  last[PAGE - 1] = 1;
  check(sbrk(1), NO_MEMORY);
  check(sbrklazy(1), NO_MEMORY);
  int pid = must_fork();
  if (pid == 0) {
    check(last[PAGE - 1], 1);
    exit(0);
  }
  must_wait(pid, 0);
  check(at[PAGE], 0);
}

static const struct {
  const char *name;
  void (*run)(void);
} cases[] = {
    {"a promise costs nothing", costs_nothing},
    {"pages are zero whenever they come", is_zero_when_touched_again},
    {"fork copies promises as promises", fork_copies_promises},
    {"the kernel touches pages too", the_kernel_touches_too},
    {"nothing there can be run", is_no_program},
    {"memory runs out at a touch", memory_runs_out},
    {"the address space ends where xv6's does", ends_below_the_top},
};

// In a process of its own, so that a case that fails cannot disturb the rest. Gives 1 when it did not go well.
static int run_case(const char *name, void (*run)(void)) {
  printf("lazytest: %s: ", name);
  int pid = fork_settled();
  if (pid == 0) {
    run();
    exit(0);
  }
  int status = 0;
  int failed = pid < 0 || wait(&status) != pid || status != 0;
  printf("%s\n", failed ? "FAILED" : "ok");
  return failed;
}

int main(void) {
  int before = free_pages();
  if (sbrklazy(HUGE_STEP) == NO_MEMORY) {
    printf("lazytest: this kernel's sbrk promises nothing; `hartbreak run --abi xv6-2025` has one that does\n");
    return 2;
  }
  sbrklazy(-HUGE_STEP);
  int failed = 0;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) failed += run_case(cases[i].name, cases[i].run);
  int after = free_pages();
  if (after != before) {
    printf("lazytest: FAILED: there were %d free pages before, and %d are left\n", before, after);
    failed++;
  }
  printf("%s\n", failed == 0 ? "ALL CASES PASSED" : "SOME CASES FAILED");
  return failed == 0 ? 0 : 1;
}
