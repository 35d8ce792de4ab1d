// Many files, and several processes at once.
#include "usertests.h"

#define MANY 80

// More names than one block of a directory holds.
static void many_names(void) {
  check(mkdir("dir"), 0);
  check(chdir("dir"), 0);
  for (int i = 0; i < MANY; i++) make_file(numbered('n', i), i, 5);
  for (int i = 0; i < MANY; i++) check_file(numbered('n', i), i, 5);
  for (int i = 0; i < MANY; i += 2) check(unlink(numbered('n', i)), 0);
  for (int i = 0; i < MANY; i++) check(exists(numbered('n', i)), i % 2);
  for (int i = 1; i < MANY; i += 2) check(unlink(numbered('n', i)), 0);
  check(chdir(".."), 0);
  check(unlink("dir"), 0);
}

#define LINKS 200

// Many names of one file.
static void many_links(void) {
  check(mkdir("dir"), 0);
  make_file("dir/file", 1, 10);
  check(chdir("dir"), 0);
  for (int i = 0; i < LINKS; i++) check(link("file", numbered('l', i)), 0);
  check(must_stat("file").nlink, LINKS + 1);
  check(must_stat(".").size, (LINKS + 3) * sizeof(struct dirent));
  for (int i = 0; i < LINKS; i += 3) check(unlink(numbered('l', i)), 0);
  check(must_stat("file").nlink, 1 + LINKS - (LINKS + 2) / 3);
  for (int i = LINKS - 1; i >= 0; i--)
    if (i % 3 != 0) check(unlink(numbered('l', i)), 0);
  check(must_stat("file").nlink, 1);
  check_file("file", 1, 10);
  check(unlink("file"), 0);
  check(chdir(".."), 0);
  check(unlink("dir"), 0);
}

// Names of their own in one directory.
static void create_and_delete_at_once(void) {
  for (int child = 0; child < 4; child++) {
    if (must_fork() != 0) continue;
    for (int i = 0; i < 25; i++) {
      make_file(numbered((char)('p' + child), i), child, 10 + i);
      if (i > 0 && i % 2 == 0) check(unlink(numbered((char)('p' + child), i / 2)), 0);
    }
    exit(0);
  }
  reap(4, 0);
  for (int child = 0; child < 4; child++) {
    for (int i = 0; i < 25; i++) {
      int removed = i > 0 && i <= 12;
      check(exists(numbered((char)('p' + child), i)), !removed);
      if (removed) continue;
      check_file(numbered((char)('p' + child), i), child, 10 + i);
      check(unlink(numbered((char)('p' + child), i)), 0);
    }
  }
}

// The same names: whoever comes first, each is there once or not at all.
static void fight_over_names(void) {
  for (int child = 0; child < 4; child++) {
    if (must_fork() != 0) continue;
    for (int i = 0; i < 60; i++) {
      char *name = numbered('f', i % 5);
      if ((i + child) % 3 == 0) {
        unlink(name);
      } else if ((i + child) % 3 == 1) {
        link(numbered('f', (i + 1) % 5), "f999");
        unlink("f999");
      } else {
        int fd = must_open(name, O_RDWR | O_CREATE);
        must_write(fd, "x", 1);
        check(close(fd), 0);
      }
    }
    exit(0);
  }
  reap(4, 0);
  unlink("f999");
  for (int i = 0; i < 5; i++) {
    unlink(numbered('f', i));
    check(exists(numbered('f', i)), 0);
  }
}

// One of them makes a directory, one finds it there.
static void one_directory_for_all(void) {
  for (int turn = 0; turn < 10; turn++) {
    for (int child = 0; child < 4; child++)
      if (must_fork() == 0) exit(mkdir("dir") == 0);
    int made = 0;
    for (int child = 0; child < 4; child++) {
      int status = 0;
      check(wait(&status) > 0, 1);
      made += status;
    }
    check(made, 1);
    check(unlink("dir"), 0);
  }
}

static void a_file_each(void) {
  for (int child = 0; child < 4; child++) {
    if (must_fork() != 0) continue;
    static char name[5];
    strcpy(name, numbered('w', child));
    for (int turn = 0; turn < 3; turn++) {
      make_file(name, child + turn, 15000);
      check_file(name, child + turn, 15000);
    }
    exit(0);
  }
  reap(4, 0);
  for (int child = 0; child < 4; child++) {
    check_file(numbered('w', child), child + 2, 15000);
    check(unlink(numbered('w', child)), 0);
  }
}

#define WRITES 100
#define BYTES 10

// One open file: each write is whole, and none is lost.
static void one_file_for_all(void) {
  int fd = must_open("file", O_RDWR | O_CREATE | O_TRUNC);
  for (int child = 0; child < 4; child++) {
    if (must_fork() != 0) continue;
    memset(buffer, 'a' + child, BYTES);
    for (int i = 0; i < WRITES; i++) must_write(fd, buffer, BYTES);
    exit(0);
  }
  reap(4, 0);
  check(close(fd), 0);
  int counts[4] = {0};
  fd = must_open("file", O_RDONLY);
  for (int i = 0; i < 4 * WRITES; i++) {
    must_read(fd, buffer, BYTES);
    check(buffer[0] >= 'a' && buffer[0] < 'a' + 4, 1);
    for (int b = 1; b < BYTES; b++) check(buffer[b], buffer[0]);
    counts[buffer[0] - 'a']++;
  }
  must_end(fd);
  for (int child = 0; child < 4; child++) check(counts[child], WRITES);
  check(close(fd), 0);
  check(unlink("file"), 0);
}

// Readers see the old bytes or the new ones.
static void readers_beside_a_writer(void) {
  memset(buffer, 'a', BSIZE);
  int fd = must_open("file", O_RDWR | O_CREATE | O_TRUNC);
  must_write(fd, buffer, BSIZE);
  check(close(fd), 0);
  for (int child = 0; child < 3; child++) {
    if (must_fork() != 0) continue;
    for (int i = 0; i < 40; i++) {
      fd = must_open("file", child == 0 ? O_WRONLY : O_RDONLY);
      if (child == 0) {
        memset(buffer, i % 2 == 0 ? 'b' : 'a', BSIZE);
        must_write(fd, buffer, BSIZE);
      } else {
        check(read(fd, buffer, BSIZE), BSIZE);
        for (int b = 1; b < BSIZE; b++) check(buffer[b], buffer[0]);
      }
      check(close(fd), 0);
    }
    exit(0);
  }
  reap(3, 0);
  check(unlink("file"), 0);
}

// Many processes with many open files: some opens may be refused; nothing stays open.
static void many_open_files(void) {
  for (int turn = 0; turn < 2; turn++) {
    for (int child = 0; child < 16; child++) {
      if (must_fork() != 0) continue;
      for (int i = 0; i < 12; i++) {
        int fd = open("/", O_RDONLY);
        char c;
        if (fd >= 0) check(read(fd, &c, 1), 1);
      }
      sleep(1);
      exit(0);
    }
    reap(16, 0);
  }
  int fd = must_open("file", O_CREATE);
  check(close(fd), 0);
  check(unlink("file"), 0);
}

const struct test many_files_tests[] = {
    {.name = "many-names", .run = many_names},
    {.name = "many-links", .run = many_links, .slow = 1},
    {.name = "create-and-delete-at-once", .run = create_and_delete_at_once},
    {.name = "fight-over-names", .run = fight_over_names},
    {.name = "one-directory-for-all", .run = one_directory_for_all},
    {.name = "a-file-each", .run = a_file_each},
    {.name = "one-file-for-all", .run = one_file_for_all},
    {.name = "readers-beside-a-writer", .run = readers_beside_a_writer},
    {.name = "many-open-files", .run = many_open_files},
    {},
};
