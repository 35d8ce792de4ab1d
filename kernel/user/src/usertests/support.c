#include "usertests.h"

char buffer[BUFFER] __attribute__((aligned(PAGE)));

// The kernel's RAM, the pages at the top of the address space, its end, what lies past it, and what is not canonical.
void *const bad_pointers[] = {
    (void *)0x80000000UL,   (void *)0x3fffffe000UL, (void *)0x3ffffff000UL, (void *)MAXVA,
    (void *)(MAXVA + PAGE), (void *)(1UL << 40),    (void *)-PAGE,          (void *)-1L,
};
const int bad_pointer_count = LENGTH(bad_pointers);

int in_child(void (*act)(long), long argument) {
  int pid = must_fork();
  if (pid == 0) {
    act(argument);
    exit(0);
  }
  int status = 0;
  check(wait(&status), pid);
  if (status == CHECK_FAILED) exit(CHECK_FAILED);
  return status;
}

void reap(int count, int expected) {
  for (int i = 0; i < count; i++) {
    int status = 0;
    check(wait(&status) > 0, 1);
    if (status == CHECK_FAILED) exit(CHECK_FAILED);
    check(status, expected);
  }
}

void no_children(void) { check(wait(0), -1); }

int must_open(const char *path, int flags) {
  int fd = open(path, flags);
  if (fd < 0) printf("(%s) ", path);
  check(fd >= 0, 1);
  return fd;
}

void must_pipe(int fds[2]) { check(pipe(fds), 0); }

void must_read(int fd, void *to, int bytes) {
  for (int done = 0; done < bytes;) {
    int n = read(fd, (char *)to + done, bytes - done);
    check(n > 0, 1);
    done += n;
  }
}

void must_write(int fd, const void *from, int bytes) { check(write(fd, from, bytes), bytes); }

void must_end(int fd) {
  char c;
  check(read(fd, &c, 1), 0);
}

struct stat must_stat(const char *path) {
  struct stat st;
  check(stat(path, &st), 0);
  return st;
}

int exists(const char *path) {
  struct stat st;
  return stat(path, &st) == 0;
}

char pattern(int seed, int i) { return (char)(seed * 37 + i + i / 251); }

void fill(char *to, int seed, int from, int bytes) {
  for (int i = 0; i < bytes; i++) to[i] = pattern(seed, from + i);
}

void check_filled(const char *at, int seed, int from, int bytes) {
  for (int i = 0; i < bytes; i++)
    if (at[i] != pattern(seed, from + i)) check(i, bytes);
}

#define PIECE 3000

void make_file(const char *path, int seed, int bytes) {
  int fd = must_open(path, O_WRONLY | O_CREATE | O_TRUNC);
  for (int done = 0; done < bytes;) {
    int piece = bytes - done < PIECE ? bytes - done : PIECE;
    fill(buffer, seed, done, piece);
    must_write(fd, buffer, piece);
    done += piece;
  }
  check(close(fd), 0);
}

void check_file(const char *path, int seed, int bytes) {
  int fd = must_open(path, O_RDONLY);
  int done = 0;
  for (int n; (n = read(fd, buffer, PIECE)) > 0; done += n) check_filled(buffer, seed, done, n);
  check(done, bytes);
  check(close(fd), 0);
}

char *numbered(char letter, int number) {
  static char name[5];
  name[0] = letter;
  for (int i = 3; i > 0; i--, number /= 10) name[i] = (char)('0' + number % 10);
  return name;
}
