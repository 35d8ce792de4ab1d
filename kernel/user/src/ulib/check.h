// What test programs share: a check that says where it fails and ends the process, and children that report the same way.
#pragma once
#include "user.h"

// Exit status of a process in which a check failed; it has said so.
#define CHECK_FAILED 0xbadc0de
// Status of a process that the kernel ended, by kill or for a fault.
#define KILLED (-1)

// `expression` must have the value `expected`; both as 64-bit integers.
#define check(expression, expected) \
  check_at(__FILE__, __LINE__, #expression, (int64_t)(expression), (int64_t)(expected))
void check_at(const char *file, int line, const char *what, int64_t seen, int64_t expected);

// Like fork, where it must not be refused.
#define must_fork() fork_at(__FILE__, __LINE__)
int fork_at(const char *file, int line);

// The next child to end must be `pid`, with `status`. Fails without a word where the child has said what was wrong.
#define must_wait(pid, status) wait_at(__FILE__, __LINE__, pid, status)
void wait_at(const char *file, int line, int pid, int status);

// Takes every page of memory that is left, and gives how many.
int take_all(void);

// Frames that one process can still get for its memory; must be called where no other process takes or gives any.
// Takes all of them for a moment.
int free_pages(void);
