// The shell's parts: parse.c makes a struct job of a line, run.c carries it out, main.c reads the lines.
#pragma once
#include "user.h"

// Bytes of a line, its terminating zero included.
#define LONGEST_LINE 256
// A command has no more words than exec takes.
#define MAX_WORDS (MAXARG - 1)
#define MAX_STAGES 10
// Parentheses inside parentheses: the stack is one page.
#define MAX_NESTING 6

struct redirect {
  int fd;
  int flags; // of open
  int append;
  const char *path;
  struct redirect *next;
};

// One part of a pipeline: either words, or a list of jobs in parentheses.
struct stage {
  int words;
  char *argv[MAX_WORDS + 1]; // ends with 0
  struct job *group;
  struct redirect *redirects; // in the order in which they stand
  struct stage *next;         // reads what this one writes
};

struct job {
  struct stage *first;
  int background;
  struct job *next;
};

// Takes the line apart; what it makes is gone with the next call. 0 when there is nothing to do: `*wrong` says why, or
// is 0 when the line is empty.
struct job *parse(const char *line, const char **wrong);

// The exit status of the last job that was not sent to the background; `last` when there is none.
int run(struct job *jobs, int last);
