// fork, exit, wait, sleep, uptime, and who runs when.
#include "usertests.h"

static void ids(void) {
  int me = getpid();
  check(me > 0, 1);
  int pid = must_fork();
  if (pid == 0) {
    check(getpid() != me, 1);
    exit(getpid());
  }
  check(pid != me, 1);
  must_wait(pid, pid);
  check(getpid(), me);
}

static void exit_statuses(void) {
  static const int statuses[] = {0, 1, -1, 127, 255, 256, INT32_MAX, INT32_MIN};
  for (size_t i = 0; i < LENGTH(statuses); i++) {
    int pid = must_fork();
    if (pid == 0) exit(statuses[i]);
    must_wait(pid, statuses[i]);
  }
  no_children();
}

static void wait_without_status(void) {
  int pid = must_fork();
  if (pid == 0) exit(5);
  check(wait(0), pid);
  no_children();
}

// A wait that cannot say how the child ended leaves it to be waited for.
static void wait_nowhere(void) {
  int pid = must_fork();
  if (pid == 0) exit(5);
  for (int i = 0; i < bad_pointer_count; i++) check(wait(bad_pointers[i]), -1);
  must_wait(pid, 5);
}

static void exit_wait(void) {
  for (int i = 0; i < 100; i++) {
    int pid = must_fork();
    if (pid == 0) exit(i);
    must_wait(pid, i);
  }
}

// Two that end at the same time, on two harts if there are two.
static void two_children(void) {
  for (int i = 0; i < 100; i++) {
    for (int child = 0; child < 2; child++)
      if (must_fork() == 0) exit(7);
    reap(2, 7);
    no_children();
  }
}

static void fork_and_wait(long times) {
  for (int i = 0; i < times; i++) {
    int pid = must_fork();
    if (pid == 0) exit(i);
    must_wait(pid, i);
  }
}

static void forks_beside_forks(void) {
  for (int child = 0; child < 4; child++) {
    if (must_fork() != 0) continue;
    fork_and_wait(40);
    exit(0);
  }
  reap(4, 0);
}

// A tree of forks; each process ends with the number of those below it, itself included.
static int grow(int depth) {
  int count = 1;
  if (depth == 0) return count;
  for (int child = 0; child < 2; child++)
    if (must_fork() == 0) exit(grow(depth - 1));
  for (int child = 0; child < 2; child++) {
    int status = 0;
    check(wait(&status) > 0, 1);
    if (status == CHECK_FAILED) exit(CHECK_FAILED);
    count += status;
  }
  return count;
}

static void fork_tree(void) {
  for (int i = 0; i < 5; i++) check(grow(4), 31);
}

// One whose parent has gone goes on, is nobody's child here, and is reaped by init.
static void orphan(void) {
  for (int i = 0; i < 20; i++) {
    int go[2], answer[2];
    must_pipe(go);
    must_pipe(answer);
    int pid = must_fork();
    if (pid == 0) {
      if (must_fork() != 0) exit(3);
      char c;
      must_read(go[0], &c, 1);
      must_write(answer[1], &c, 1);
      exit(4);
    }
    must_wait(pid, 3);
    no_children();
    close(answer[1]);
    char c = (char)i;
    must_write(go[1], &c, 1);
    must_read(answer[0], &c, 1);
    check(c, i);
    must_end(answer[0]);
    close(answer[0]);
    close(go[0]);
    close(go[1]);
  }
}

// Many orphans at once, of a parent that they outlive.
static void many_orphans(void) {
  int life[2], answer[2];
  must_pipe(life);
  must_pipe(answer);
  int pid = must_fork();
  if (pid == 0) {
    for (int i = 0; i < 10; i++) {
      if (must_fork() != 0) continue;
      char c;
      close(life[1]);
      read(life[0], &c, 1);
      exit(0);
    }
    exit(3);
  }
  close(answer[1]);
  must_wait(pid, 3);
  no_children();
  close(life[1]);
  must_end(answer[0]);
}

// Zombies whose parent exits without waiting for them.
static void zombies(void) {
  for (int i = 0; i < 20; i++) {
    int pid = must_fork();
    if (pid == 0) {
      if (must_fork() == 0) exit(1);
      if (must_fork() == 0) exit(2);
      exit(3);
    }
    must_wait(pid, 3);
    no_children();
  }
}

// More than any machine has.
#define TOO_MANY 100000

static int fill_table(int life[2]) {
  int children = 0;
  for (; children < TOO_MANY; children++) {
    int pid = fork();
    if (pid < 0) break;
    if (pid > 0) continue;
    char c;
    close(life[1]);
    read(life[0], &c, 1);
    exit(0);
  }
  return children;
}

static void full_table(void) {
  for (int turn = 0; turn < 2; turn++) {
    int life[2];
    must_pipe(life);
    int children = fill_table(life);
    check(children > 0 && children < TOO_MANY, 1);
    for (int i = 0; i < 5; i++) check(fork(), -1);
    close(life[1]);
    close(life[0]);
    reap(children, 0);
    no_children();
  }
}

static void sleeping(void) {
  int before = uptime();
  check(sleep(0), 0);
  check(sleep(3), 0);
  check(uptime() - before >= 3, 1);
  for (int ticks = 1; ticks <= 5; ticks++) {
    if (must_fork() != 0) continue;
    int start = uptime();
    check(sleep(ticks), 0);
    check(uptime() - start >= ticks, 1);
    exit(0);
  }
  reap(5, 0);
}

// Sixteen values that stay in registers, so that one which a trap does not bring back shows.
static uint64_t compute(int rounds) {
  uint64_t a = 1, b = 2, c = 3, d = 4, e = 5, f = 6, g = 7, h = 8, i = 9, j = 10, k = 11, l = 12, m = 13, n = 14;
  for (int round = 0; round < rounds; round++) {
    a = a * 5 + n, b ^= a >> 3, c += b * 3, d ^= c << 1, e += d >> 2, f ^= e * 7, g += f;
    h ^= g >> 5, i += h * 9, j ^= i << 2, k += j >> 1, l ^= k * 11, m += l, n ^= m >> 4;
  }
  return a ^ b ^ c ^ d ^ e ^ f ^ g ^ h ^ i ^ j ^ k ^ l ^ m ^ n;
}

#define ROUNDS 300000

static void preempted_computing(void) {
  uint64_t expected = compute(ROUNDS);
  for (int child = 0; child < 10; child++) {
    if (must_fork() != 0) continue;
    check(compute(ROUNDS), expected);
    exit(0);
  }
  check(compute(ROUNDS), expected);
  reap(10, 0);
}

// Processes that never call the kernel cannot keep the others from running, on however few harts.
static void preemption(void) {
  int spinning[10];
  for (size_t i = 0; i < LENGTH(spinning); i++) {
    spinning[i] = must_fork();
    if (spinning[i] == 0)
      for (;;) {
      }
  }
  int fds[2];
  must_pipe(fds);
  int pid = must_fork();
  if (pid == 0) {
    for (int i = 0; i < 10; i++) must_write(fds[1], "x", 1);
    exit(0);
  }
  char c;
  for (int i = 0; i < 10; i++) must_read(fds[0], &c, 1);
  must_wait(pid, 0);
  for (size_t i = 0; i < LENGTH(spinning); i++) check(kill(spinning[i]), 0);
  reap(LENGTH(spinning), KILLED);
}

const struct test process_tests[] = {
    {.name = "ids", .run = ids},
    {.name = "exit-statuses", .run = exit_statuses},
    {.name = "wait-without-status", .run = wait_without_status},
    {.name = "wait-nowhere", .run = wait_nowhere},
    {.name = "exit-wait", .run = exit_wait},
    {.name = "two-children", .run = two_children},
    {.name = "forks-beside-forks", .run = forks_beside_forks},
    {.name = "fork-tree", .run = fork_tree},
    {.name = "orphan", .run = orphan},
    {.name = "many-orphans", .run = many_orphans},
    {.name = "zombies", .run = zombies},
    {.name = "full-table", .run = full_table},
    {.name = "sleeping", .run = sleeping},
    {.name = "preempted-computing", .run = preempted_computing},
    {.name = "preemption", .run = preemption},
    {},
};
