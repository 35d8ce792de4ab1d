// kill pids...: ends these processes.
#include "user.h"

int main(int argc, char **argv) {
  if (argc < 2) {
    fprintf(2, "usage: kill pids...\n");
    return 2;
  }
  int status = 0;
  for (int i = 1; i < argc; i++) {
    int pid = atoi(argv[i]);
    if (pid > 0 && kill(pid) == 0) continue;
    fprintf(2, "kill: there is no process %s\n", argv[i]);
    status = 1;
  }
  return status;
}
