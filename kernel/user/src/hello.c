// hello [status] [words...]: says its arguments; the exit status is the first of them.
#include "user.h"

int main(int argc, char **argv) {
  printf("hello from process %d:", getpid());
  for (int i = 0; i < argc; i++) printf(" %s", argv[i]);
  printf("\n");
  return argc > 1 ? atoi(argv[1]) : 0;
}
