// The kernel writes into a page that is shared: no other sharer may see it.
#include "cowtest.h"

// wait's status goes into a shared page.
void wait_into_shared(void) {
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

#define READERS 3
// What is read lies across the end of a page.
#define READ 400
#define START (PAGE - READ / 2)

static char nth(int reader, int i) { return (char)(reader * 31 + i); }

static void check_read(const char *at, int reader) {
  for (int i = 0; i < READ; i++) check(at[START + i], nth(reader, i));
}

static void read_all(int fd, char *to, int bytes) {
  for (int done = 0; done < bytes;) {
    int n = read(fd, to + done, bytes - done);
    check(n > 0, 1);
    done += n;
  }
}

static void write_for(int fd, int reader) {
  char data[READ];
  for (int i = 0; i < READ; i++) data[i] = nth(reader, i);
  check(write(fd, data, READ), READ);
}

// Each of the children reads something else into the same two pages, which it shares with all others.
void pipe_into_shared(void) {
  char *at = take(2);
  memset(at, 'x', 2 * PAGE);
  int pids[READERS];
  int fds[READERS][2];
  for (int r = 0; r < READERS; r++) {
    check(pipe(fds[r]), 0);
    pids[r] = must_fork();
    if (pids[r] != 0) continue;
    read_all(fds[r][0], at + START, READ);
    check_read(at, r);
    check(at[START - 1], 'x');
    check(at[START + READ], 'x');
    // Its sharers have written by now, or will.
    sleep(1);
    check_read(at, r);
    exit(0);
  }
  for (int r = 0; r < READERS; r++) write_for(fds[r][1], r);
  for (int i = 0; i < 2 * PAGE; i++) check(at[i], 'x');
  int status = 0;
  for (int r = 0; r < READERS; r++) {
    check(wait(&status) > 0, 1);
    if (status == CHECK_FAILED) exit(CHECK_FAILED);
    check(status, 0);
  }
  for (int i = 0; i < 2 * PAGE; i++) check(at[i], 'x');
}

// The same with a file; the parent reads too, while its children do.
void file_into_shared(void) {
  if (open("/", O_RDONLY) < 0) skip("this machine has no disk");
  int fd = open("cowtest.file", O_RDWR | O_CREATE | O_TRUNC);
  check(fd >= 0, 1);
  for (int r = 0; r <= READERS; r++) write_for(fd, r);
  check(close(fd), 0);
  char *at = take(2);
  memset(at, 'x', 2 * PAGE);
  int me = 0;
  while (me < READERS && must_fork() != 0) me++;
  fd = open("cowtest.file", O_RDONLY);
  for (int r = 0; r <= me; r++) read_all(fd, at + START, READ);
  check_read(at, me);
  check(at[START - 1], 'x');
  check(at[START + READ], 'x');
  sleep(1);
  check_read(at, me);
  if (me < READERS) exit(0);
  int status = 0;
  for (int r = 0; r < READERS; r++) {
    check(wait(&status) > 0, 1);
    if (status == CHECK_FAILED) exit(CHECK_FAILED);
    check(status, 0);
  }
  check_read(at, me);
  check(unlink("cowtest.file"), 0);
}

// The other direction: what the kernel reads from a shared page is what this process sees there.
void write_from_shared(void) {
  char *at = take(2);
  for (int i = 0; i < READ; i++) at[START + i] = nth(1, i);
  int fds[2];
  check(pipe(fds), 0);
  int pid = must_fork();
  if (pid == 0) {
    check(write(fds[1], at + START, READ), READ);
    for (int i = 0; i < READ; i++) at[START + i] = nth(2, i);
    check(write(fds[1], at + START, READ), READ);
    exit(0);
  }
  char data[READ];
  for (int turn = 1; turn <= 2; turn++) {
    read_all(fds[0], data, READ);
    for (int i = 0; i < READ; i++) check(data[i], nth(turn, i));
  }
  must_wait(pid, 0);
  check_read(at, 1);
}
