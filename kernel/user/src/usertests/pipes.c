// Pipes: what goes in comes out, once and in order, and everyone hears of an end.
#include "usertests.h"

// Bytes that a pipe holds.
#define CAPACITY 512

static void in_order(void) {
  int fds[2];
  must_pipe(fds);
  int pid = must_fork();
  if (pid == 0) {
    close(fds[0]);
    for (int turn = 0, from = 0; turn < 5; turn++, from += 1033) {
      fill(buffer, 3, from, 1033);
      must_write(fds[1], buffer, 1033);
    }
    exit(0);
  }
  close(fds[1]);
  int total = 0;
  for (int n, ask = 1; (n = read(fds[0], buffer, ask)) > 0; total += n, ask = ask * 2 % 4093) {
    check(n <= ask, 1);
    check_filled(buffer, 3, total, n);
  }
  check(total, 5 * 1033);
  must_wait(pid, 0);
  close(fds[0]);
}

// A read gives what there is.
static void partial_reads(void) {
  int fds[2];
  must_pipe(fds);
  must_write(fds[1], "0123456789", 10);
  check(read(fds[0], buffer, 4), 4);
  check(memcmp(buffer, "0123", 4), 0);
  check(read(fds[0], buffer, 100), 6);
  check(memcmp(buffer, "456789", 6), 0);
}

// That many bytes go in without a reader, again and again, wherever in the pipe they begin.
static void capacity(void) {
  int fds[2];
  must_pipe(fds);
  for (int turn = 0; turn < 5; turn++) {
    fill(buffer, turn, 0, CAPACITY);
    must_write(fds[1], buffer, CAPACITY);
    memset(buffer, 0, CAPACITY);
    check(read(fds[0], buffer, CAPACITY + 1), CAPACITY);
    check_filled(buffer, turn, 0, CAPACITY);
    must_write(fds[1], "odd", 3);
    must_read(fds[0], buffer, 3);
  }
}

static void large_write(void) {
  int fds[2];
  must_pipe(fds);
  int pid = must_fork();
  if (pid == 0) {
    fill(buffer, 4, 0, BUFFER);
    must_write(fds[1], buffer, BUFFER);
    exit(0);
  }
  for (int done = 0; done < BUFFER; done += 256) {
    must_read(fds[0], buffer, 256);
    check_filled(buffer, 4, done, 256);
  }
  must_wait(pid, 0);
}

static void nothing(void) {
  int fds[2];
  must_pipe(fds);
  check(write(fds[1], buffer, 0), 0);
  must_write(fds[1], "x", 1);
  check(read(fds[0], buffer, 0), 0);
  check(read(fds[0], buffer, 10), 1);
}

static void writers_gone(void) {
  int fds[2];
  must_pipe(fds);
  must_write(fds[1], "rest", 4);
  check(close(fds[1]), 0);
  check(read(fds[0], buffer, 2), 2);
  check(read(fds[0], buffer, 10), 2);
  must_end(fds[0]);
  must_end(fds[0]);
}

static void readers_gone(void) {
  int fds[2];
  must_pipe(fds);
  check(close(fds[0]), 0);
  check(write(fds[1], "x", 1), -1);
}

// Each end is for one direction.
static void wrong_end(void) {
  int fds[2];
  must_pipe(fds);
  check(read(fds[1], buffer, 1), -1);
  check(write(fds[0], "x", 1), -1);
  struct stat st;
  check(fstat(fds[0], &st), -1);
}

// The end comes with the last writer, whichever descriptor and process it was.
static void last_writer(void) {
  int fds[2];
  must_pipe(fds);
  int again = dup(fds[1]);
  check(close(fds[1]), 0);
  int go[2];
  must_pipe(go);
  int pid = must_fork();
  if (pid == 0) {
    char c;
    must_read(go[0], &c, 1);
    must_write(again, "late", 4);
    exit(0);
  }
  check(close(again), 0);
  must_write(go[1], "x", 1);
  must_read(fds[0], buffer, 4);
  must_end(fds[0]);
  must_wait(pid, 0);
}

// A reader that waits hears of the end; a writer that waits hears that nobody will read.
static void end_while_waiting(void) {
  for (int turn = 0; turn < 20; turn++) {
    int fds[2];
    must_pipe(fds);
    int pid = must_fork();
    if (pid == 0) {
      check(close(fds[turn % 2 == 0 ? 1 : 0]), 0);
      if (turn % 2 == 0)
        must_end(fds[0]);
      else
        check(write(fds[1], buffer, 3 * CAPACITY), -1);
      exit(0);
    }
    if (turn % 4 < 2) sleep(1);
    check(close(fds[0]), 0);
    check(close(fds[1]), 0);
    must_wait(pid, 0);
  }
}

#define MANY 8
#define EACH 3000

// Every byte arrives, whoever wrote it and whoever reads it.
static void many_writers_and_readers(void) {
  int fds[2], result[2];
  must_pipe(fds);
  must_pipe(result);
  for (int writer = 0; writer < MANY; writer++) {
    if (must_fork() != 0) continue;
    memset(buffer, 1 + writer, EACH);
    for (int done = 0; done < EACH; done += 100) must_write(fds[1], buffer, 100);
    exit(0);
  }
  for (int reader = 0; reader < 3; reader++) {
    if (must_fork() != 0) continue;
    close(fds[1]);
    static int counts[MANY];
    for (int n; (n = read(fds[0], buffer, 77)) > 0;)
      for (int i = 0; i < n; i++) counts[buffer[i] - 1]++;
    must_write(result[1], counts, sizeof counts);
    exit(0);
  }
  close(fds[1]);
  close(fds[0]);
  reap(MANY + 3, 0);
  static int totals[MANY];
  for (int reader = 0; reader < 3; reader++) {
    int counts[MANY];
    must_read(result[0], counts, sizeof counts);
    for (int writer = 0; writer < MANY; writer++) totals[writer] += counts[writer];
  }
  for (int writer = 0; writer < MANY; writer++) check(totals[writer], EACH);
}

// A token goes round a ring of processes.
static void ring(void) {
  int first[2];
  must_pipe(first);
  int in = first[0];
  for (int i = 0; i < 10; i++) {
    int next[2];
    must_pipe(next);
    if (must_fork() == 0) {
      int value;
      close(first[1]);
      close(next[0]);
      while (read(in, &value, sizeof value) == sizeof value) {
        value++;
        must_write(next[1], &value, sizeof value);
      }
      exit(0);
    }
    close(in);
    close(next[1]);
    in = next[0];
  }
  for (int value = 0, turn = 1; turn <= 100; turn++) {
    must_write(first[1], &value, sizeof value);
    must_read(in, &value, sizeof value);
    check(value, turn * 10);
  }
  close(first[1]);
  must_end(in);
  reap(10, 0);
}

// When one descriptor is left a pipe is refused, and that one is left.
static void too_many(void) {
  int fds[2];
  int opened[NOFILE];
  int count = 0;
  while (pipe(fds) == 0) {
    check(count + 2 <= NOFILE, 1);
    opened[count++] = fds[0];
    opened[count++] = fds[1];
  }
  int last = dup(0);
  if (last >= 0) {
    check(pipe(fds), -1);
    check(dup(0), -1);
    check(close(last), 0);
    check(dup(0), last);
    check(close(last), 0);
  }
  for (int i = 0; i < count; i++) check(close(opened[i]), 0);
  must_pipe(fds);
}

// A pipe whose descriptors cannot be told is as if it had never been.
static void nowhere(void) {
  char *end = (char *)(((uintptr_t)sbrk(0) + PAGE - 1) & ~(PAGE - 1UL));
  sbrk((int)(end - sbrk(0)));
  for (int turn = 0; turn < 50; turn++) {
    for (int i = 0; i < bad_pointer_count; i++) check(pipe(bad_pointers[i]), -1);
    // Room for one of the two.
    check(pipe((int *)(end - 4)), -1);
  }
  int fds[2];
  must_pipe(fds);
  check(fds[0], 3);
  check(fds[1], 4);
}

// Data that cannot be read or written does no harm to what is in the pipe.
static void bad_data(void) {
  int fds[2];
  must_pipe(fds);
  for (int i = 0; i < bad_pointer_count; i++) check(write(fds[1], bad_pointers[i], 100) <= 0, 1);
  check(write(fds[1], buffer, -1) <= 0, 1);
  must_write(fds[1], "ab", 2);
  check(read(fds[0], buffer, -1) <= 0, 1);
  must_read(fds[0], buffer, 2);
  check(memcmp(buffer, "ab", 2), 0);
  for (int i = 0; i < bad_pointer_count; i++) {
    must_write(fds[1], "x", 1);
    check(read(fds[0], bad_pointers[i], 1) <= 0, 1);
    // The byte may be lost; the pipe is not.
    must_write(fds[1], "y", 1);
    int n = read(fds[0], buffer, 2);
    check(n == 1 || n == 2, 1);
    check(buffer[n - 1], 'y');
  }
}

const struct test pipe_tests[] = {
    {.name = "pipe-in-order", .run = in_order},
    {.name = "pipe-partial-reads", .run = partial_reads},
    {.name = "pipe-capacity", .run = capacity},
    {.name = "pipe-large-write", .run = large_write},
    {.name = "pipe-nothing", .run = nothing},
    {.name = "pipe-writers-gone", .run = writers_gone},
    {.name = "pipe-readers-gone", .run = readers_gone},
    {.name = "pipe-wrong-end", .run = wrong_end},
    {.name = "pipe-last-writer", .run = last_writer},
    {.name = "pipe-end-while-waiting", .run = end_while_waiting},
    {.name = "pipe-many-writers-and-readers", .run = many_writers_and_readers},
    {.name = "pipe-ring", .run = ring},
    {.name = "pipe-too-many", .run = too_many},
    {.name = "pipe-nowhere", .run = nowhere},
    {.name = "pipe-bad-data", .run = bad_data},
    {},
};
