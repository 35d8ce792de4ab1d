// No call may fail for want of memory in any way but by saying so, and what it had taken by then must come back.
#include "usertests.h"

// Takes all memory but `left` pages, and gives how many it took.
static int take_all_but(int left) {
  int pages = take_all();
  check(sbrk(-left * PAGE) != NO_MEMORY, 1);
  return pages - left;
}

// What is tried when there is little memory. Gives whether it went well.
static int try_fork(void) {
  int pid = fork();
  if (pid < 0) return 0;
  if (pid == 0) exit(0);
  int status = 0;
  check(wait(&status), pid);
  // The child may be killed for the want of a page of its own.
  check(status == 0 || status == KILLED, 1);
  return status == 0;
}

static int try_exec(void) {
  char *argv[] = {SELF, EXEC_CHILD, "exit", "0", 0};
  exec(SELF, argv);
  return 0;
}

static int try_exec_with_arguments(void) {
  char *argv[20] = {SELF, EXEC_CHILD, "exit", "0"};
  for (int i = 4; i < 19; i++) argv[i] = "another argument";
  exec(SELF, argv);
  return 0;
}

static int try_pipes(void) {
  int fds[8];
  int open = 0;
  while (open < 8 && pipe(fds + open) == 0) open += 2;
  for (int i = 0; i < open; i++) check(close(fds[i]), 0);
  return open == 8;
}

static int try_to_grow(void) {
  char *end = sbrk(0);
  if (sbrk(30 * PAGE) == NO_MEMORY) {
    check(sbrk(0), end);
    return 0;
  }
  memset(end, 'x', 30 * PAGE);
  return 1;
}

static int try_files(void) {
  int fd = open("oom", O_RDWR | O_CREATE | O_TRUNC);
  check(fd >= 0, 1);
  check(write(fd, buffer, 2000), 2000);
  check(close(fd), 0);
  check(unlink("oom"), 0);
  return 1;
}

// More pages than any of these needs to begin, and to go well.
#define ENOUGH 300

// Holds what memory there is: for each number that it reads, all but so many pages.
static void hog(int orders, int done) {
  int left;
  while (read(orders, &left, sizeof left) == sizeof left) {
    take_all_but(left);
    must_write(done, &left, sizeof left);
  }
  exit(0);
}

static void leave_free(int pages, const int orders[2], const int done[2]) {
  must_write(orders[1], &pages, sizeof pages);
  must_read(done[0], &pages, sizeof pages);
}

// Makes the attempt when told to; all that it needs before is there by then.
static int start(int (*attempt)(void), const int ready[2], const int go[2]) {
  int pid = must_fork();
  if (pid != 0) return pid;
  char c = 0;
  must_write(ready[1], &c, 1);
  must_read(go[0], &c, 1);
  // It needs descriptors too.
  for (int fd = 3; fd < NOFILE; fd++) close(fd);
  exit(attempt() ? 0 : 1);
}

// With no page free, one, two and so on, until it goes well. Gives how many that took.
static int least_memory_for(int (*attempt)(void)) {
  int orders[2], done[2], ready[2], go[2];
  must_pipe(orders);
  must_pipe(done);
  must_pipe(ready);
  must_pipe(go);
  int holder = must_fork();
  if (holder == 0) {
    close(orders[1]);
    hog(orders[0], done[1]);
  }
  int left = 0;
  for (;; left = left < 40 ? left + 1 : left * 2) {
    check(left < ENOUGH, 1);
    leave_free(ENOUGH, orders, done);
    int pid = start(attempt, ready, go);
    char c;
    must_read(ready[0], &c, 1);
    leave_free(left, orders, done);
    must_write(go[1], &c, 1);
    int status = 1;
    check(wait(&status), pid);
    if (status == CHECK_FAILED) exit(CHECK_FAILED);
    if (status == 0) break;
    check(status == 1 || status == KILLED, 1);
  }
  close(orders[1]);
  must_wait(holder, 0);
  return left;
}

// At least once each of them did not go well.
static void fork_fails(void) { check(least_memory_for(try_fork) > 0, 1); }
static void exec_fails(void) { check(least_memory_for(try_exec) > 0, 1); }
static void exec_with_arguments_fails(void) { check(least_memory_for(try_exec_with_arguments) > 0, 1); }
static void pipe_fails(void) { check(least_memory_for(try_pipes) > 0, 1); }
static void sbrk_fails(void) { check(least_memory_for(try_to_grow) > 0, 1); }
static void files_need_none(void) { check(least_memory_for(try_files), 0); }

// A refused sbrk gives back what it had taken: all of it can be had afterwards.
static void refused_sbrk_gives_back(void) {
  int pages = take_all_but(20);
  check(pages > 0, 1);
  for (int i = 0; i < 20; i++) check(sbrk(40 * PAGE), NO_MEMORY);
  check(sbrk(20 * PAGE) != NO_MEMORY, 1);
  check(sbrk(-(pages + 20) * PAGE) != NO_MEMORY, 1);
}

// A fork that is refused half way gives back what the child had by then, and the parent has its own as before: it can
// write there, for which there would be no memory if they were still shared.
static void refused_fork_gives_back(void) {
  int all = free_pages();
  // Half of the page tables that a child would need, even if it shares the pages.
  int left = all / 1024 + 1;
  char *at = sbrk(0);
  int pages = take_all_but(left);
  for (int turn = 0; turn < 3; turn++) {
    for (int i = 0; i < pages; i++) *(int *)(at + (int64_t)i * PAGE + 16) = i + turn;
    check(fork(), -1);
    check(sbrk(left * PAGE) != NO_MEMORY, 1);
    for (int i = 0; i < pages; i++)
      if (*(int *)(at + (int64_t)i * PAGE + 16) != i + turn) check(i, pages);
    for (int i = 0; i < pages; i++) *(int *)(at + (int64_t)i * PAGE + 16) = -i;
    check(sbrk(-left * PAGE) != NO_MEMORY, 1);
  }
}

// Several take all they can at the same time.
static void all_at_once(void) {
  int ready[2], go[2];
  must_pipe(ready);
  must_pipe(go);
  for (int child = 0; child < 6; child++) {
    if (must_fork() != 0) continue;
    // From here on it writes to pages of its own only.
    char c = 0;
    must_write(ready[1], &c, 1);
    must_read(go[0], &c, 1);
    char *at = sbrk(0);
    int pages = 0;
    while (sbrk(PAGE) != NO_MEMORY) {
      *(int *)(at + (int64_t)pages * PAGE + 16) = pages + child;
      pages++;
    }
    for (int i = 0; i < pages; i++)
      if (*(int *)(at + (int64_t)i * PAGE + 16) != i + child) exit(1);
    exit(0);
  }
  char all[6];
  must_read(ready[0], all, sizeof all);
  must_write(go[1], all, sizeof all);
  reap(6, 0);
}

const struct test out_of_memory_tests[] = {
    {.name = "fork-out-of-memory", .run = fork_fails, .slow = 1},
    {.name = "exec-out-of-memory", .run = exec_fails, .slow = 1},
    {.name = "arguments-out-of-memory", .run = exec_with_arguments_fails, .slow = 1},
    {.name = "pipe-out-of-memory", .run = pipe_fails, .slow = 1},
    {.name = "sbrk-out-of-memory", .run = sbrk_fails, .slow = 1},
    {.name = "files-out-of-memory", .run = files_need_none, .slow = 1},
    {.name = "refused-sbrk-gives-back", .run = refused_sbrk_gives_back, .slow = 1},
    {.name = "refused-fork-gives-back", .run = refused_fork_gives_back, .slow = 1},
    {.name = "all-at-once", .run = all_at_once, .slow = 1},
    {},
};
