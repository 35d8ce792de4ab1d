// sh: reads commands and runs them.
//
//   command words...     < file  > file  >> file     a | b     a ; b     a &     ( a ; b )     'words' "words" \c
//
// `cd directory` changes the shell's own directory. A name without a slash is looked for here, then in /.
#include "shell-status.h"
#include "shell.h"

static char line[LONGEST_LINE];

int main(void) {
  int status = 0;
  for (;;) {
    fprintf(2, "$ ");
    int whole;
    if (!read_line(0, line, sizeof line, &whole)) return END_OF_INPUT | (status & LAST_STATUS);
    const char *wrong = "the line is too long";
    struct job *jobs = whole ? parse(line, &wrong) : 0;
    if (jobs != 0) {
      status = run(jobs, status);
    } else if (wrong != 0) {
      fprintf(2, "sh: %s\n", wrong);
      status = 2;
    }
  }
}
