// grep pattern [files...]: writes the lines that the pattern matches. In it ^ and $ are the ends of the line, . is any
// character, and c* is any number of c. Exit status: 0 when a line matched, 1 when none did, 2 when a file could not be read.
#include "user.h"

// Longer lines are matched and written piece by piece.
#define LONGEST 1023

static int match_here(const char *pattern, const char *text) {
  for (;; pattern++, text++) {
    if (pattern[0] == 0) return 1;
    if (pattern[0] == '$' && pattern[1] == 0) return *text == 0;
    if (pattern[1] == '*') {
      char repeated = pattern[0];
      do
        if (match_here(pattern + 2, text)) return 1;
      while (*text != 0 && (*text++ == repeated || repeated == '.'));
      return 0;
    }
    if (*text == 0 || (*text != pattern[0] && pattern[0] != '.')) return 0;
  }
}

static int match(const char *pattern, const char *text) {
  if (pattern[0] == '^') return match_here(pattern + 1, text);
  do
    if (match_here(pattern, text)) return 1;
  while (*text++ != 0);
  return 0;
}

static char buffer[LONGEST + 1];

// Whether it matched; writes the line then.
static int take_line(const char *pattern, char *line) {
  if (!match(pattern, line)) return 0;
  write_all(1, line, strlen(line));
  write_all(1, "\n", 1);
  return 1;
}

// Lines that matched, or -1.
static int search(const char *pattern, int fd) {
  int matched = 0;
  int used = 0;
  int n;
  while ((n = read(fd, buffer + used, LONGEST - used)) > 0) {
    used += n;
    buffer[used] = 0;
    char *line = buffer;
    for (char *end; (end = strchr(line, '\n')) != 0; line = end + 1) {
      *end = 0;
      matched += take_line(pattern, line);
    }
    used = buffer + used - line;
    memmove(buffer, line, used);
    buffer[used] = 0;
    if (used < LONGEST) continue;
    matched += take_line(pattern, buffer);
    used = 0;
  }
  // A last line without a newline.
  if (used > 0) matched += take_line(pattern, buffer);
  return n < 0 ? -1 : matched;
}

int main(int argc, char **argv) {
  if (argc < 2) {
    fprintf(2, "usage: grep pattern [files...]\n");
    return 2;
  }
  if (argc == 2) {
    int matched = search(argv[1], 0);
    return matched < 0 ? 2 : matched == 0;
  }
  int total = 0;
  int status = 0;
  for (int i = 2; i < argc; i++) {
    int fd = open(argv[i], O_RDONLY);
    int matched = fd < 0 ? -1 : search(argv[1], fd);
    if (fd >= 0) close(fd);
    if (matched < 0) {
      fprintf(2, "grep: cannot read %s\n", argv[i]);
      status = 2;
    } else {
      total += matched;
    }
  }
  return status != 0 ? status : total == 0;
}
