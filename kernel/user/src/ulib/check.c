#include "check.h"

void check_at(const char *file, int line, const char *what, int64_t seen, int64_t expected) {
  if (seen == expected) return;
  printf("%s:%d: process %d: %s: expected 0x%lx, got 0x%lx\n", file, line, getpid(), what, expected, seen);
  exit(CHECK_FAILED);
}

int fork_at(const char *file, int line) {
  int pid = fork();
  check_at(file, line, "fork", pid >= 0, 1);
  return pid;
}

void wait_at(const char *file, int line, int pid, int expected) {
  int status = 0;
  check_at(file, line, "wait", wait(&status), pid);
  if (status == CHECK_FAILED) exit(CHECK_FAILED);
  check_at(file, line, "exit status", status, expected);
}

// Most pages that it asks for at a time.
#define LARGEST_PIECE 1024

int take_all(void) {
  int pages = 0;
  for (int piece = LARGEST_PIECE; piece > 0; piece /= 2)
    while (sbrk(piece * PAGE) != NO_MEMORY) pages += piece;
  return pages;
}

// In a process of its own, which gives everything back by ending.
int free_pages(void) {
  int pid = fork_settled();
  check(pid >= 0, 1);
  if (pid == 0) exit(take_all());
  int pages = 0;
  check(wait(&pages), pid);
  check(pages >= 0, 1);
  return pages;
}
