// ln old new: a second name for a file.
#include "user.h"

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(2, "usage: ln old new\n");
    return 2;
  }
  if (link(argv[1], argv[2]) == 0) return 0;
  fprintf(2, "ln: cannot link %s to %s\n", argv[2], argv[1]);
  return 1;
}
