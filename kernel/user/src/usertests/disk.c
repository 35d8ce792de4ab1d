// A disk that is full: calls fail, nothing is damaged, and what is removed can be used again.
#include "usertests.h"

// No disk has more.
#define TOO_MANY 1000

// Files until no block is left. Gives the blocks that went into them.
static int fill_disk(void) {
  int blocks = 0;
  for (int file = 0; file < TOO_MANY; file++) {
    int fd = open(numbered('d', file), O_WRONLY | O_CREATE | O_TRUNC);
    if (fd < 0) return blocks;
    int written = 0;
    while (written < MAXFILE && write(fd, buffer, BSIZE) == BSIZE) written++;
    check(close(fd), 0);
    blocks += written;
    if (written < MAXFILE) return blocks;
  }
  check(blocks, 0);
  return 0;
}

static void empty_disk(void) {
  for (int file = 0; exists(numbered('d', file)); file++) check(unlink(numbered('d', file)), 0);
}

static void out_of_blocks(void) {
  make_file("kept", 1, 3000);
  check(mkdir("dir"), 0);
  int blocks = fill_disk();
  check(blocks > 0, 1);
  // Nothing that takes a block can be made, and nothing is left of the attempt.
  for (int i = 0; i < 20; i++) check(mkdir("other"), -1);
  check(exists("other"), 0);
  int fd = must_open("empty", O_RDWR | O_CREATE);
  check(write(fd, "x", 1), -1);
  check(close(fd), 0);
  check(must_stat("empty").size, 0);
  // What is there can still be read, written over, linked and removed.
  check_file("kept", 1, 3000);
  fd = must_open("kept", O_RDWR);
  fill(buffer, 2, 0, 3000);
  must_write(fd, buffer, 3000);
  check(close(fd), 0);
  check_file("kept", 2, 3000);
  check(link("kept", "again"), 0);
  check(unlink("kept"), 0);
  check(unlink("again"), 0);
  make_file("kept", 3, 2000);
  check_file("kept", 3, 2000);
  check(unlink("kept"), 0);
  check(unlink("empty"), 0);
  check(unlink("dir"), 0);
  empty_disk();
}

// As much fits the second time as the first, however much of it was refused.
static void blocks_come_back(void) {
  int first = fill_disk();
  empty_disk();
  check(fill_disk(), first);
  for (int i = 0; i < 10; i++) check(mkdir("other"), -1);
  empty_disk();
  check(fill_disk(), first);
  empty_disk();
}

// Writers of different files meet the end of the disk at the same time.
static void full_for_all(void) {
  for (int child = 0; child < 4; child++) {
    if (must_fork() != 0) continue;
    for (int file = 0; file < TOO_MANY; file++) {
      int fd = open(numbered((char)('p' + child), file), O_WRONLY | O_CREATE);
      if (fd < 0) break;
      int written = 0;
      while (written < MAXFILE && write(fd, buffer, BSIZE) == BSIZE) written++;
      check(close(fd), 0);
      if (written < MAXFILE) break;
    }
    exit(0);
  }
  reap(4, 0);
  for (int child = 0; child < 4; child++)
    for (int file = 0; exists(numbered((char)('p' + child), file)); file++)
      check(unlink(numbered((char)('p' + child), file)), 0);
  make_file("file", 4, 5000);
  check_file("file", 4, 5000);
  check(unlink("file"), 0);
}

static int fill_inodes(void) {
  for (int file = 0; file < TOO_MANY; file++) {
    int fd = open(numbered('d', file), O_CREATE);
    if (fd < 0) return file;
    check(close(fd), 0);
  }
  return TOO_MANY;
}

static void out_of_inodes(void) {
  make_file("kept", 5, 100);
  check(mkdir("dir"), 0);
  int first = fill_inodes();
  check(first > 0, 1);
  // Where there are more inodes than names that are tried, the end is not to be met.
  if (first < TOO_MANY) {
    check(mkdir("other"), -1);
    check(mknod("other", 1, 1), -1);
    check(open("other", O_CREATE), -1);
    check(open("dir/other", O_CREATE), -1);
    check_file("kept", 5, 100);
    check(link("kept", "again"), 0);
    check(unlink("again"), 0);
    check(unlink("kept"), 0);
    make_file("kept", 6, 100);
  }
  empty_disk();
  check(fill_inodes(), first);
  empty_disk();
  check(unlink("kept"), 0);
  check(unlink("dir"), 0);
}

const struct test disk_tests[] = {
    {.name = "out-of-blocks", .run = out_of_blocks, .slow = 1},
    {.name = "blocks-come-back", .run = blocks_come_back, .slow = 1},
    {.name = "full-for-all", .run = full_for_all, .slow = 1},
    {.name = "out-of-inodes", .run = out_of_inodes, .slow = 1},
    {},
};
