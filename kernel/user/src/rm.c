// rm files...: removes them, and directories that are empty.
#include "user.h"

int main(int argc, char **argv) {
  if (argc < 2) {
    fprintf(2, "usage: rm files...\n");
    return 2;
  }
  int status = 0;
  for (int i = 1; i < argc; i++) {
    if (unlink(argv[i]) == 0) continue;
    fprintf(2, "rm: cannot remove %s\n", argv[i]);
    status = 1;
  }
  return status;
}
