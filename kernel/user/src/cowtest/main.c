// cowtest [pages]: copy-on-write fork, case by case. Prints each case and how it went, then ok when all went well.
//
// With more pages than half of the memory, the first case passes only where fork really shares. Without a number: 1024,
// or a quarter of a smaller memory.
#include "cowtest.h"

#define DEFAULT_PAGES 1024

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
    {"wait writes a shared page", wait_into_shared},
    {"read from a pipe into shared pages", pipe_into_shared},
    {"read from a file into shared pages", file_into_shared},
    {"write from shared pages", write_from_shared},
    {"exec after fork", exec_after_fork},
    {"text stays read-only", text_stays_read_only},
    {"memory runs out", memory_runs_out},
};

// In a process of its own, so that a case that fails cannot disturb the rest. Gives 1 when it did not go well.
static int run_case(const char *name, void (*run)(void)) {
  printf("cowtest: %s: ", name);
  int pid = fork_settled();
  if (pid == 0) {
    run();
    exit(0);
  }
  int status = 0;
  int failed = pid < 0 || wait(&status) != pid || (status != 0 && status != SKIPPED);
  printf("%s\n", failed ? "FAILED" : status == SKIPPED ? "skipped" : "ok");
  return failed;
}

int main(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], AFTER_EXEC) == 0) return after_exec(argc, argv);
  int before = free_pages();
  int fitting = before / 4 < DEFAULT_PAGES ? before / 4 : DEFAULT_PAGES;
  large = argc > 1 ? atoi(argv[1]) : fitting;
  if (large < 1 || large > INT32_MAX / PAGE) {
    printf("usage: cowtest [pages, 1 to %d]\n", INT32_MAX / PAGE);
    return 2;
  }
  int failed = 0;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) failed += run_case(cases[i].name, cases[i].run);
  int after = free_pages();
  if (after != before) {
    printf("cowtest: FAILED: there were %d free pages before, and %d are left\n", before, after);
    failed++;
  }
  if (failed == 0) printf("ok\n");
  return failed == 0 ? 0 : 1;
}
