// cat [files...]: writes them, one after the other, or standard input.
#include "user.h"

static char buffer[BSIZE];

static int copy(int fd, const char *name) {
  int n;
  while ((n = read(fd, buffer, sizeof buffer)) > 0) {
    if (write_all(1, buffer, n) == 0) continue;
    fprintf(2, "cat: cannot write\n");
    return 1;
  }
  if (n == 0) return 0;
  fprintf(2, "cat: cannot read %s\n", name);
  return 1;
}

int main(int argc, char **argv) {
  if (argc == 1) return copy(0, "standard input");
  int status = 0;
  for (int i = 1; i < argc; i++) {
    int fd = open(argv[i], O_RDONLY);
    if (fd < 0) {
      fprintf(2, "cat: cannot open %s\n", argv[i]);
      status = 1;
      continue;
    }
    status |= copy(fd, argv[i]);
    close(fd);
  }
  return status;
}
