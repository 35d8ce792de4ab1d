// forktest: forks until the kernel refuses, reaps every child, and can then do it again. Prints ok.
#include "user.h"

// No machine has this many process slots.
#define TOO_MANY 100000

// Gives how many children the kernel allowed.
static int fill(void) {
  int children = 0;
  while (children < TOO_MANY) {
    int pid = fork();
    if (pid < 0) break;
    if (pid == 0) exit(0);
    children++;
  }
  return children;
}

int main(void) {
  for (int turn = 1; turn <= 2; turn++) {
    int children = fill();
    if (children == 0 || children == TOO_MANY) {
      printf("forktest: turn %d: fork was refused after %d children\n", turn, children);
      return 1;
    }
    for (int i = 0; i < children; i++) {
      int status = -1;
      if (wait(&status) < 0 || status != 0) {
        printf("forktest: turn %d: child %d of %d was lost, or ended with status %d\n", turn, i + 1, children, status);
        return 1;
      }
    }
    if (wait(0) != -1) {
      printf("forktest: turn %d: more than %d children came back\n", turn, children);
      return 1;
    }
  }
  printf("ok\n");
  return 0;
}
