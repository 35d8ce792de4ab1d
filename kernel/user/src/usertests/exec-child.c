#include "usertests.h"

// SELF EXEC_CHILD arguments N WORD...: it must have been called with N words in all, and each WORD be its number.
static int arguments(int argc, char **argv) {
  check(argc, atoi(argv[3]));
  check(argv[argc], 0);
  for (int i = 4; i < argc; i++) check(atoi(argv[i]), i);
  return 0;
}

// SELF EXEC_CHILD long LENGTH WORD: one long word.
static int long_word(char **argv) {
  check(strlen(argv[4]), atoi(argv[3]));
  for (const char *c = argv[4]; *c != 0; c++) check(*c, 'a');
  return 0;
}

// SELF EXEC_CHILD descriptors FD PID: FD is still open, and the process still the same.
static int descriptors(char **argv) {
  check(getpid(), atoi(argv[4]));
  must_write(atoi(argv[3]), "after exec", 10);
  check(close(atoi(argv[3])), 0);
  return 0;
}

// SELF EXEC_CHILD memory: what the program finds in its data is what the file says, and the heap is empty.
static int memory(void) {
  static int counter = 41;
  check(++counter, 42);
  for (int i = 0; i < BUFFER; i++)
    if (buffer[i] != 0) check(buffer[i], 0);
  memset(buffer, 'x', BUFFER);
  char *end = sbrk(PAGE);
  check(end != NO_MEMORY, 1);
  check(*end, 0);
  return 0;
}

static int run_itself(char **argv) {
  exec(SELF, argv);
  return 1;
}

int exec_child(int argc, char **argv) {
  const char *task = argc > 2 ? argv[2] : "";
  if (strcmp(task, "exit") == 0) return atoi(argv[3]);
  if (strcmp(task, "arguments") == 0) return arguments(argc, argv);
  if (strcmp(task, "long") == 0) return long_word(argv);
  if (strcmp(task, "descriptors") == 0) return descriptors(argv);
  if (strcmp(task, "memory") == 0) return memory();
  if (strcmp(task, "run-itself") == 0) return run_itself(argv);
  return 1;
}
