// The cases of cowtest, each run in a process of its own, and what they share.
#pragma once
#include "check.h"

// Cases that need no large memory.
#define FEW_PAGES 24
// Exit status of a case that this machine has not the means for; it has said which.
#define SKIPPED 78

// memory.c
extern int large; // pages of the large memory
void large_memory(void);
void shrink_and_grow(void);
void text_stays_read_only(void);
void memory_runs_out(void);

// sharing.c
void three_writers(void);
void fork_inside_fork(void);
void sharers_oldest_first(void);
void sharers_youngest_first(void);
void sharers_odd_first(void);

// kernel-writes.c
void wait_into_shared(void);
void pipe_into_shared(void);
void file_into_shared(void);
void write_from_shared(void);

// exec-after-fork.c
void exec_after_fork(void);
// What the program that it runs does.
#define AFTER_EXEC "after-exec"
int after_exec(int argc, char **argv);

// pages.c
char *take(int pages);
void give_back(int pages);
// A word at each end of every page, from which `who` wrote it can be told.
void write_pages(char *at, int pages, uint64_t who);
void check_pages(char *at, int pages, uint64_t who);
// Ends the case.
void skip(const char *why) __attribute__((noreturn));
