// One file at a time: what is written is read, and open, dup, fork, link and unlink treat it right.
#include "usertests.h"

static void write_and_read(void) {
  make_file("file", 1, 5000);
  check_file("file", 1, 5000);
  struct stat st = must_stat("file");
  check(st.type, T_FILE);
  check(st.size, 5000);
  check(st.nlink, 1);
  check(unlink("file"), 0);
  check(exists("file"), 0);
}

static void open_flags(void) {
  check(open("file", O_RDONLY), -1);
  check(open("file", O_RDWR), -1);
  check(open("file", O_WRONLY | O_TRUNC), -1);
  int fd = must_open("file", O_CREATE);
  check(write(fd, "x", 1), -1);
  check(read(fd, buffer, 1), 0);
  check(close(fd), 0);
  fd = must_open("file", O_WRONLY);
  must_write(fd, "abc", 3);
  check(read(fd, buffer, 1), -1);
  check(close(fd), 0);
  // What is there stays, but for O_TRUNC.
  fd = must_open("file", O_RDWR | O_CREATE);
  must_read(fd, buffer, 3);
  check(memcmp(buffer, "abc", 3), 0);
  must_write(fd, "d", 1);
  check(close(fd), 0);
  check(must_stat("file").size, 4);
  fd = must_open("file", O_WRONLY | O_TRUNC);
  check(close(fd), 0);
  check(must_stat("file").size, 0);
  check(unlink("file"), 0);
}

// The lowest free number, always.
static void descriptor_numbers(void) {
  int first = must_open("/", O_RDONLY);
  check(first, 3);
  check(dup(first), 4);
  check(must_open("/", O_RDONLY), 5);
  check(close(4), 0);
  check(dup(0), 4);
  check(close(3), 0);
  check(close(0), 0);
  check(must_open("/", O_RDONLY), 0);
  check(must_open("/", O_RDONLY), 3);
}

static void too_many_descriptors(void) {
  int count = 0;
  while (open("/", O_RDONLY) >= 0) check(++count < NOFILE, 1);
  check(count, NOFILE - 3);
  check(dup(0), -1);
  // A file that cannot be opened for that reason may be there now, and is an ordinary one.
  open("file", O_RDWR | O_CREATE);
  check(close(NOFILE - 1), 0);
  int fd = must_open("file", O_RDWR | O_CREATE);
  check(fd, NOFILE - 1);
  check(close(fd), 0);
  check(unlink("file"), 0);
}

// Opened twice, a file has two offsets; dup and fork share one.
static void offsets(void) {
  make_file("file", 2, 100);
  int a = must_open("file", O_RDONLY);
  int b = must_open("file", O_RDONLY);
  int c = dup(a);
  must_read(a, buffer, 10);
  check_filled(buffer, 2, 0, 10);
  must_read(b, buffer, 20);
  check_filled(buffer, 2, 0, 20);
  must_read(c, buffer, 10);
  check_filled(buffer, 2, 10, 10);
  check(close(a), 0);
  int pid = must_fork();
  if (pid == 0) {
    must_read(c, buffer, 10);
    check_filled(buffer, 2, 20, 10);
    exit(0);
  }
  must_wait(pid, 0);
  must_read(c, buffer, 10);
  check_filled(buffer, 2, 30, 10);
  check(close(b), 0);
  check(close(c), 0);
  check(unlink("file"), 0);
}

static void truncated_while_open(void) {
  make_file("file", 3, 2000);
  int fd = must_open("file", O_RDWR);
  must_read(fd, buffer, 1000);
  int other = must_open("file", O_WRONLY | O_TRUNC);
  // The offset lies behind the end now: there is nothing to read, and no way to leave a hole.
  check(read(fd, buffer, 10), 0);
  check(write(fd, "x", 1), -1);
  must_write(other, "abcd", 4);
  check(read(fd, buffer, 10), 0);
  check(close(fd), 0);
  check(close(other), 0);
  check(must_stat("file").size, 4);
  check(unlink("file"), 0);
}

static void truncated_again_and_again(void) {
  for (int i = 0; i < 30; i++) {
    make_file("file", i, i * 500);
    check_file("file", i, i * 500);
  }
  check(unlink("file"), 0);
}

static void unlinked_while_open(void) {
  make_file("file", 4, 3000);
  int fd = must_open("file", O_RDWR);
  check(unlink("file"), 0);
  check(exists("file"), 0);
  check(unlink("file"), -1);
  // Another of the same name has nothing to do with it.
  make_file("file", 5, 100);
  must_read(fd, buffer, 3000);
  check_filled(buffer, 4, 0, 3000);
  must_write(fd, buffer, 2000);
  struct stat st;
  check(fstat(fd, &st), 0);
  check(st.size, 5000);
  check(st.nlink, 0);
  check(close(fd), 0);
  check_file("file", 5, 100);
  check(unlink("file"), 0);
}

// Exit closes, and lets go of what only this process still had.
static void unlinked_until_exit(void) {
  for (int i = 0; i < 20; i++) {
    int pid = must_fork();
    if (pid == 0) {
      int fd = must_open("file", O_RDWR | O_CREATE);
      check(unlink("file"), 0);
      must_write(fd, buffer, 10000);
      exit(0);
    }
    must_wait(pid, 0);
  }
}

static void links(void) {
  make_file("one", 6, 500);
  check(link("one", "two"), 0);
  struct stat one = must_stat("one");
  struct stat two = must_stat("two");
  check(one.ino, two.ino);
  check(one.nlink, 2);
  check(link("one", "two"), -1);
  check(link("one", "one"), -1);
  check(link("missing", "three"), -1);
  check(link("one", "missing/three"), -1);
  check(link("one", "two/three"), -1);
  check(link(".", "three"), -1);
  check(link("/", "three"), -1);
  check(must_stat("one").nlink, 2);
  make_file("two", 7, 700);
  check_file("one", 7, 700);
  check(unlink("one"), 0);
  check(must_stat("two").nlink, 1);
  check_file("two", 7, 700);
  check(link("two", "one"), 0);
  check(unlink("two"), 0);
  check(unlink("one"), 0);
}

static void bytes_across_blocks(void) {
  for (int size = 499; size < 12 * BSIZE; size += 1471) {
    int fd = must_open("file", O_RDWR | O_CREATE | O_TRUNC);
    for (int part = 0; part < 2; part++) {
      fill(buffer, 8, part * size, size);
      must_write(fd, buffer, size);
    }
    check(close(fd), 0);
    check_file("file", 8, 2 * size);
  }
  check(unlink("file"), 0);
}

// To the last block that a file can have, and no byte further.
static void longest_file(void) {
  int fd = must_open("file", O_RDWR | O_CREATE | O_TRUNC);
  for (int block = 0; block < MAXFILE; block++) {
    fill(buffer, 9, block * BSIZE, BSIZE);
    must_write(fd, buffer, BSIZE);
  }
  check(write(fd, buffer, 1), -1);
  check(write(fd, buffer, BSIZE), -1);
  check(close(fd), 0);
  check(must_stat("file").size, MAXFILE * BSIZE);
  check_file("file", 9, MAXFILE * BSIZE);
  fd = must_open("file", O_RDWR);
  for (int block = 0; block < MAXFILE - 1; block++) must_read(fd, buffer, BSIZE);
  check(write(fd, buffer, BSIZE + 1), -1);
  must_write(fd, buffer, BSIZE);
  check(close(fd), 0);
  check(must_stat("file").size, MAXFILE * BSIZE);
  check(unlink("file"), 0);
}

// Over what is there already, in the middle of direct and indirect blocks: every second piece is written anew.
static void overwriting(void) {
  const int piece = 350;
  const int bytes = 60 * piece;
  make_file("file", 10, bytes);
  int fd = must_open("file", O_RDWR);
  for (int at = 0; at < bytes; at += 2 * piece) {
    must_read(fd, buffer, piece);
    check_filled(buffer, 10, at, piece);
    fill(buffer, 11, at + piece, piece);
    must_write(fd, buffer, piece);
  }
  check(close(fd), 0);
  fd = must_open("file", O_RDONLY);
  for (int i = 0; i < bytes / piece; i++) {
    must_read(fd, buffer, piece);
    check_filled(buffer, i % 2 == 0 ? 10 : 11, i * piece, piece);
  }
  must_end(fd);
  check(close(fd), 0);
  check(unlink("file"), 0);
}

// The data of a write may end before its length does: what could be read of it is in the file, or nothing is.
static void half_a_write(void) {
  char *end = (char *)(((uintptr_t)sbrk(0) + PAGE - 1) & ~(PAGE - 1UL));
  sbrk((int)(end - sbrk(0)) + PAGE);
  fill(end, 12, 0, PAGE);
  int fd = must_open("file", O_RDWR | O_CREATE | O_TRUNC);
  check(write(fd, end, 3 * PAGE), -1);
  check(close(fd), 0);
  int size = (int)must_stat("file").size;
  check(size <= PAGE, 1);
  check_file("file", 12, size);
  check(unlink("file"), 0);
}

// A device's file says which it is; a number that no device has cannot be opened.
static void devices(void) {
  check(mknod("device", CONSOLE, 0), 0);
  check(mknod("device", CONSOLE, 0), -1);
  check(must_stat("device").type, T_DEVICE);
  check(must_stat("device").size, 0);
  int fd = must_open("device", O_WRONLY);
  check(write(fd, "", 0), 0);
  check(close(fd), 0);
  check(unlink("device"), 0);
  check(mknod("device", 99, 0), 0);
  check(open("device", O_RDWR), -1);
  check(unlink("device"), 0);
  check(mknod("device", -1, 0), 0);
  check(open("device", O_RDWR), -1);
  check(unlink("device"), 0);
  // One that could be there, but is not.
  check(mknod("device", 5, 0), 0);
  fd = open("device", O_RDWR);
  if (fd >= 0) {
    check(read(fd, buffer, 1), -1);
    check(write(fd, buffer, 1), -1);
    check(close(fd), 0);
  }
  check(unlink("device"), 0);
}

const struct test file_tests[] = {
    {.name = "write-and-read", .run = write_and_read},
    {.name = "open-flags", .run = open_flags},
    {.name = "descriptor-numbers", .run = descriptor_numbers},
    {.name = "too-many-descriptors", .run = too_many_descriptors},
    {.name = "offsets", .run = offsets},
    {.name = "truncated-while-open", .run = truncated_while_open},
    {.name = "truncated-again-and-again", .run = truncated_again_and_again},
    {.name = "unlinked-while-open", .run = unlinked_while_open},
    {.name = "unlinked-until-exit", .run = unlinked_until_exit},
    {.name = "links", .run = links},
    {.name = "bytes-across-blocks", .run = bytes_across_blocks},
    {.name = "longest-file", .run = longest_file},
    {.name = "overwriting", .run = overwriting},
    {.name = "half-a-write", .run = half_a_write},
    {.name = "devices", .run = devices},
    {},
};
