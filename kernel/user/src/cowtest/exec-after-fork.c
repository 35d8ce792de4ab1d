#include "cowtest.h"

#define SELF "/cowtest"
#define CHILDREN 4

// In the address space that exec made: nothing of the old one is there, and what came along is what was passed.
int after_exec(int argc, char **argv) {
  check(argc, 4);
  check(strcmp(argv[3], "an argument"), 0);
  char *fresh = take(FEW_PAGES);
  for (int i = 0; i < FEW_PAGES * PAGE; i += 8) check(*(uint64_t *)(fresh + i), 0);
  write_pages(fresh, FEW_PAGES, 9);
  check_pages(fresh, FEW_PAGES, 9);
  return atoi(argv[2]);
}

static void become_another(char *at, int who) {
  // The argument lies in a page that is shared until this writes it.
  strcpy(at + 100, "an argument");
  char status[2] = {(char)('0' + who), 0};
  char *argv[] = {SELF, AFTER_EXEC, status, at + 100, 0};
  exec(SELF, argv);
  check(0, 1);
}

void exec_after_fork(void) {
  struct stat st;
  if (stat(SELF, &st) < 0) skip("there is no " SELF " on this machine's disk");
  char *at = take(FEW_PAGES);
  write_pages(at, FEW_PAGES, 1);
  int sum = 0;
  for (int who = 1; who <= CHILDREN; who++) {
    if (must_fork() == 0) become_another(at, who);
    sum += who;
  }
  write_pages(at, FEW_PAGES, 2);
  for (int i = 0; i < CHILDREN; i++) {
    int status = 0;
    check(wait(&status) > 0, 1);
    if (status == CHECK_FAILED) exit(CHECK_FAILED);
    sum -= status;
  }
  check(sum, 0);
  check_pages(at, FEW_PAGES, 2);
  // One that fails leaves everything as it was.
  char *argv[] = {"/no such program", 0};
  check(exec(argv[0], argv), -1);
  check_pages(at, FEW_PAGES, 2);
}
