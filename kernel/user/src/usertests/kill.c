// kill, whatever its victim is doing.
#include "usertests.h"

#define NOBODY 99999999
#define LONG_SLEEP 1000000

static int ready[2]; // a victim writes a byte here when it is about to do its thing
static int life[2];  // its end is read here when the test lets go

static void spin(void) {
  for (;;) {
  }
}

static void call(void) {
  for (;;) getpid();
}

static void sleep_long(void) { sleep(LONG_SLEEP); }

static void sleep_often(void) {
  for (;;) sleep(1);
}

static void read_pipe(void) {
  int fds[2];
  must_pipe(fds);
  char c;
  read(fds[0], &c, 1);
}

static void write_pipe(void) {
  int fds[2];
  must_pipe(fds);
  for (;;) write(fds[1], buffer, 100);
}

static void use_pipe(void) {
  int fds[2];
  must_pipe(fds);
  for (;;) {
    write(fds[1], buffer, 200);
    read(fds[0], buffer, 200);
  }
}

// Its child goes on until the test lets go.
static void wait_for_child(void) {
  if (must_fork() == 0) {
    char c;
    close(life[1]);
    read(life[0], &c, 1);
    exit(0);
  }
  wait(0);
}

static void fork_and_wait(void) {
  for (;;) {
    int pid = fork();
    if (pid == 0) exit(0);
    if (pid > 0) wait(0);
  }
}

static void grow_and_shrink(void) {
  for (;;) {
    sbrk(5 * PAGE);
    sbrk(-5 * PAGE);
  }
}

static void write_files(void) {
  for (;;) {
    int fd = open("victim", O_RDWR | O_CREATE | O_TRUNC);
    write(fd, buffer, 5000);
    close(fd);
    unlink("victim");
  }
}

static void make_directories(void) {
  for (;;) {
    mkdir("victims");
    unlink("victims");
  }
}

static void run_itself(void) {
  char *argv[] = {SELF, EXEC_CHILD, "run-itself", 0};
  exec(SELF, argv);
}

static void (*const ways[])(void) = {
    spin,           call,          sleep_long,      sleep_often, read_pipe,        write_pipe, use_pipe,
    wait_for_child, fork_and_wait, grow_and_shrink, write_files, make_directories, run_itself,
};

static int start(void (*way)(void)) {
  int pid = must_fork();
  if (pid != 0) return pid;
  must_write(ready[1], "x", 1);
  way();
  // The kill found it done with its thing, or about to be: it must not come back from it.
  exit(1);
}

static void open_pipes(void) {
  must_pipe(ready);
  must_pipe(life);
}

static void clean_up(void) {
  for (int i = 0; i < 2; i++) close(ready[i]), close(life[i]);
  unlink("victim");
  unlink("victims");
}

// Before it runs, as it begins, and when it has been at it for a while.
static void one_victim(void) {
  for (size_t way = 0; way < LENGTH(ways); way++) {
    for (int when = 0; when < 3; when++) {
      open_pipes();
      int pid = start(ways[way]);
      char c;
      if (when > 0) must_read(ready[0], &c, 1);
      if (when > 1) sleep(1);
      check(kill(pid), 0);
      must_wait(pid, KILLED);
      clean_up();
    }
  }
}

static void many_victims(void) {
  for (int turn = 0; turn < 3; turn++) {
    open_pipes();
    int pids[LENGTH(ways)];
    for (size_t i = 0; i < LENGTH(ways); i++) pids[i] = start(ways[i]);
    char c;
    for (size_t i = 0; turn > 0 && i < LENGTH(ways); i++) must_read(ready[0], &c, 1);
    for (size_t i = 0; i < LENGTH(ways); i++) check(kill(pids[i]), 0);
    reap(LENGTH(ways), KILLED);
    no_children();
    clean_up();
  }
}

// What one process was writing when it was killed is no obstacle to others.
static void files_after_kill(void) {
  for (int i = 0; i < 10; i++) {
    open_pipes();
    int pid = start(write_files);
    char c;
    must_read(ready[0], &c, 1);
    make_file("other", i, 4000);
    check(kill(pid), 0);
    must_wait(pid, KILLED);
    check_file("other", i, 4000);
    make_file("victim", i, 4000);
    check_file("victim", i, 4000);
    check(unlink("other"), 0);
    clean_up();
  }
}

static void nobody(void) {
  check(kill(NOBODY), -1);
  check(kill(-NOBODY), -1);
  int pid = must_fork();
  if (pid == 0) exit(0);
  must_wait(pid, 0);
  check(kill(pid), -1);
}

// Itself: the call does not return.
static void itself(void) {
  int pid = must_fork();
  if (pid == 0) {
    kill(getpid());
    exit(0);
  }
  must_wait(pid, KILLED);
}

// Several kill one, which ends once.
static void killed_by_many(void) {
  for (int i = 0; i < 10; i++) {
    open_pipes();
    int pid = start(sleep_long);
    for (int child = 0; child < 3; child++) {
      if (must_fork() != 0) continue;
      kill(pid);
      exit(KILLED);
    }
    reap(4, KILLED);
    no_children();
    clean_up();
  }
}

const struct test kill_tests[] = {
    {.name = "kill-one", .run = one_victim},
    {.name = "kill-many", .run = many_victims},
    {.name = "kill-writer-of-files", .run = files_after_kill},
    {.name = "kill-nobody", .run = nobody},
    {.name = "kill-itself", .run = itself},
    {.name = "kill-by-many", .run = killed_by_many},
    {},
};
