// Directories, names and paths.
#include "usertests.h"

static void make_and_remove(void) {
  check(mkdir("dir"), 0);
  check(mkdir("dir"), -1);
  check(must_stat("dir").type, T_DIR);
  make_file("dir/file", 1, 100);
  check(unlink("dir"), -1);
  check_file("dir/file", 1, 100);
  check(mkdir("dir/file"), -1);
  check(mkdir("dir/sub"), 0);
  check(unlink("dir/file"), 0);
  check(unlink("dir"), -1);
  check(unlink("dir/sub"), 0);
  check(unlink("dir"), 0);
  check(exists("dir"), 0);
  check(unlink("dir"), -1);
  check(chdir("dir"), -1);
}

// A directory counts its own name, and the .. of those in it.
static void link_counts(void) {
  int before = must_stat(".").nlink;
  check(mkdir("dir"), 0);
  check(must_stat(".").nlink, before + 1);
  check(must_stat("dir").nlink, 1);
  check(mkdir("dir/a"), 0);
  check(mkdir("dir/b"), 0);
  check(must_stat("dir").nlink, 3);
  check(unlink("dir/a"), 0);
  check(must_stat("dir").nlink, 2);
  check(unlink("dir/b"), 0);
  check(unlink("dir"), 0);
  check(must_stat(".").nlink, before);
}

static void dots(void) {
  check(mkdir("dir"), 0);
  check(mkdir("dir/sub"), 0);
  check(must_stat("dir/.").ino, must_stat("dir").ino);
  check(must_stat("dir/sub/..").ino, must_stat("dir").ino);
  check(must_stat("dir/sub/../sub/./..").ino, must_stat("dir").ino);
  check(must_stat("/..").ino, must_stat("/").ino);
  check(must_stat("/../..//.").ino, must_stat("/").ino);
  check(unlink("dir/."), -1);
  check(unlink("dir/.."), -1);
  check(unlink("."), -1);
  check(unlink(".."), -1);
  check(unlink("dir/sub/."), -1);
  check(unlink("dir/sub/.."), -1);
  check(mkdir("dir/."), -1);
  check(mkdir("dir/.."), -1);
  check(open("dir/.", O_RDWR | O_CREATE), -1);
  check(unlink("dir/sub"), 0);
  check(unlink("dir"), 0);
}

static void root(void) {
  check(unlink("/"), -1);
  check(mkdir("/"), -1);
  check(open("/", O_RDWR), -1);
  check(open("/", O_WRONLY), -1);
  check(open("/", O_RDONLY | O_CREATE), -1);
  check(link("/", "root"), -1);
}

static void current_directory(void) {
  check(mkdir("dir"), 0);
  check(chdir("dir"), 0);
  check(mkdir("sub"), 0);
  make_file("sub/file", 2, 10);
  check(chdir("sub"), 0);
  check_file("file", 2, 10);
  check(chdir("file"), -1);
  check(chdir("missing"), -1);
  check_file("../sub/file", 2, 10);
  int pid = must_fork();
  if (pid == 0) {
    // It begins where its parent is, and goes where it likes.
    check_file("file", 2, 10);
    check(chdir("/"), 0);
    check(exists("file"), 0);
    exit(0);
  }
  must_wait(pid, 0);
  check_file("file", 2, 10);
  check(unlink("file"), 0);
  check(chdir(".."), 0);
  check(unlink("sub"), 0);
  check(chdir("../dir"), 0);
  check(chdir(".."), 0);
  check(unlink("dir"), 0);
}

// A directory is removed while a process is in it: it can leave.
static void removed_while_in_it(void) {
  check(mkdir("dir"), 0);
  int pid = must_fork();
  if (pid == 0) {
    check(chdir("dir"), 0);
    check(unlink("../dir"), 0);
    check(exists("file"), 0);
    check(chdir("/"), 0);
    exit(0);
  }
  must_wait(pid, 0);
  check(exists("dir"), 0);
  check(mkdir("dir"), 0);
  check(unlink("dir"), 0);
}

// A file is no directory.
static void through_a_file(void) {
  make_file("file", 3, 10);
  check(open("file/x", O_RDONLY), -1);
  check(open("file/x", O_RDWR | O_CREATE), -1);
  check(open("file/.", O_RDONLY), -1);
  check(mkdir("file/x"), -1);
  check(mknod("file/x", 1, 1), -1);
  check(unlink("file/x"), -1);
  check(link("file", "file/x"), -1);
  check(chdir("file"), -1);
  check(mkdir("file"), -1);
  check(open("missing/x", O_RDWR | O_CREATE), -1);
  check(unlink("file"), 0);
}

static void empty_path(void) {
  check(mkdir(""), -1);
  check(unlink(""), -1);
  check(mknod("", 1, 1), -1);
  check(open("", O_RDWR | O_CREATE), -1);
  check(link("", "x"), -1);
}

// A directory can be read, as a file of entries, and not written.
static void entries(void) {
  check(mkdir("dir"), 0);
  make_file("dir/file", 4, 1);
  check(mkdir("dir/fourteen-bytes"), 0);
  check(open("dir", O_RDWR), -1);
  check(open("dir", O_WRONLY), -1);
  int fd = must_open("dir", O_RDONLY);
  check(write(fd, "x", 1), -1);
  static const char *const names[] = {".", "..", "file", "fourteen-bytes"};
  for (size_t i = 0; i < LENGTH(names); i++) {
    struct dirent entry;
    must_read(fd, &entry, sizeof entry);
    char path[30] = "dir/";
    memcpy(path + 4, entry.name, DIRSIZ);
    path[4 + DIRSIZ] = 0;
    check(strcmp(path + 4, names[i]), 0);
    check(entry.inum, must_stat(path).ino);
  }
  must_end(fd);
  check(close(fd), 0);
  check(unlink("dir/fourteen-bytes"), 0);
  check(unlink("dir/file"), 0);
  check(unlink("dir"), 0);
}

// Of a longer name only the first bytes count.
static void long_names(void) {
  check(mkdir("12345678901234"), 0);
  check(mkdir("12345678901234/12345678901234"), 0);
  check(mkdir("123456789012345"), -1);
  check(mkdir("12345678901234/123456789012345678"), -1);
  make_file("123456789012345/123456789012345/123456789012345", 5, 20);
  check_file("12345678901234/12345678901234/12345678901234", 5, 20);
  check(exists("12345678901234/12345678901234/1234567890123"), 0);
  check(unlink("12345678901234999/12345678901234/1234567890123488"), 0);
  check(unlink("12345678901234/12345678901234"), 0);
  check(unlink("12345678901234"), 0);
}

// The entry of a name that went is used again.
static void entries_are_used_again(void) {
  check(mkdir("dir"), 0);
  make_file("dir/a", 6, 10);
  make_file("dir/b", 6, 10);
  int size = (int)must_stat("dir").size;
  for (int i = 0; i < 50; i++) {
    check(unlink("dir/a"), 0);
    make_file("dir/a", i, 10);
  }
  check(must_stat("dir").size, size);
  check_file("dir/b", 6, 10);
  check(unlink("dir/a"), 0);
  check(unlink("dir/b"), 0);
  check(unlink("dir"), 0);
}

// From directory to directory, downwards and back.
static void deep(void) {
  for (int depth = 0; depth < 20; depth++) {
    check(mkdir("deep"), 0);
    check(chdir("deep"), 0);
  }
  make_file("bottom", 7, 10);
  check_file("../../../deep/deep/deep/bottom", 7, 10);
  check(unlink("bottom"), 0);
  for (int depth = 0; depth < 20; depth++) {
    check(chdir(".."), 0);
    check(unlink("deep"), 0);
  }
}

const struct test directory_tests[] = {
    {.name = "make-and-remove", .run = make_and_remove},
    {.name = "link-counts", .run = link_counts},
    {.name = "dots", .run = dots},
    {.name = "root", .run = root},
    {.name = "current-directory", .run = current_directory},
    {.name = "removed-while-in-it", .run = removed_while_in_it},
    {.name = "through-a-file", .run = through_a_file},
    {.name = "empty-path", .run = empty_path},
    {.name = "entries", .run = entries},
    {.name = "long-names", .run = long_names},
    {.name = "entries-are-used-again", .run = entries_are_used_again},
    {.name = "deep", .run = deep},
    {},
};
