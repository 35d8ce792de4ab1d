// echo [words...]: writes them on one line.
#include "user.h"

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    const char *between = i + 1 < argc ? " " : "\n";
    if (write_all(1, argv[i], strlen(argv[i])) < 0 || write_all(1, between, 1) < 0) return 1;
  }
  return argc > 1 ? 0 : -write_all(1, "\n", 1);
}
