// sleeper [ticks] [times]: sleeps, and checks by uptime that it slept at least that long. Prints ok.
#include "user.h"

int main(int argc, char **argv) {
  int ticks = argc > 1 ? atoi(argv[1]) : 1;
  int times = argc > 2 ? atoi(argv[2]) : 1;
  for (int i = 0; i < times; i++) {
    int before = uptime();
    int result = sleep(ticks);
    int slept = uptime() - before;
    if (result != 0 || slept < ticks) {
      printf("sleeper: sleep(%d) gave %d after %d ticks\n", ticks, result, slept);
      return 1;
    }
  }
  printf("ok\n");
  return 0;
}
