#include "cowtest.h"

int large;

void large_memory(void) {
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

// A page given back by one sharer stays with the other, and what the first one gets in its place is a new page.
void shrink_and_grow(void) {
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
    if (status == CHECK_FAILED) exit(CHECK_FAILED);
    sum += status;
  }
  check(sum, 2 + 4);
  check_pages(at, FEW_PAGES, who);
  give_back(FEW_PAGES);
}

// Pages that were never writable do not become so by being shared and un-shared.
void text_stays_read_only(void) {
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

// A fork that shares leaves the child more memory than there is to write it all: the child dies, the parent keeps what
// it has. A fork that copies is refused. Says which of the two it was.
void memory_runs_out(void) {
  int pages = free_pages() / 8 * 5;
  char *at = take(pages);
  write_pages(at, pages, 1);
  int pid = fork_settled();
  if (pid == 0) {
    write_pages(at, pages, 2);
    exit(0);
  }
  printf("%s", pid > 0 ? "(fork shares) " : "(fork copies) ");
  if (pid > 0) must_wait(pid, KILLED);
  check_pages(at, pages, 1);
  write_pages(at, pages, 3);
  check_pages(at, pages, 3);
  give_back(pages);
}
