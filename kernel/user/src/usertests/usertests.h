// The tests, a table for each part of the kernel, and what they share. Each test runs in a process of its own, in an empty
// directory, and leaves nothing behind: no file, no child.
#pragma once
#include "check.h"

struct test {
  const char *name; // 0 ends a table
  void (*run)(void);
  int slow; // left out by -q
};

extern const struct test argument_tests[];
extern const struct test directory_tests[];
extern const struct test disk_tests[];
extern const struct test exec_tests[];
extern const struct test file_tests[];
extern const struct test many_files_tests[];
extern const struct test kill_tests[];
extern const struct test memory_tests[];
extern const struct test out_of_memory_tests[];
extern const struct test pipe_tests[];
extern const struct test process_tests[];

// exec-child.c: what this program does when a test runs it by exec. Words: SELF EXEC_CHILD task ...
#define SELF "/usertests"
#define EXEC_CHILD "exec-child"
int exec_child(int argc, char **argv);

// support.c

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

// The stack is one page: large data is here.
#define BUFFER (4 * PAGE)
extern char buffer[BUFFER];

// Addresses that no user pointer may name.
extern void *const bad_pointers[];
extern const int bad_pointer_count;

// A child that does this and then exits with 0; the status it ended with.
int in_child(void (*act)(long), long argument);
// The next `count` children to end must end with `status`.
void reap(int count, int status);
void no_children(void);

int must_open(const char *path, int flags);
void must_pipe(int fds[2]);
// Reads and writes the whole.
void must_read(int fd, void *to, int bytes);
void must_write(int fd, const void *from, int bytes);
// The other end must have been closed.
void must_end(int fd);
struct stat must_stat(const char *path);
int exists(const char *path);

// Byte `i` of an endless text, one for each seed.
char pattern(int seed, int i);
void fill(char *to, int seed, int from, int bytes);
void check_filled(const char *at, int seed, int from, int bytes);
// Makes a file that holds the text's first bytes; must hold exactly them.
void make_file(const char *path, int seed, int bytes);
void check_file(const char *path, int seed, int bytes);
// Files that are numbered: `letter` and three digits, in a buffer that the next call uses again.
char *numbered(char letter, int number);
