// wc [files...]: lines, words and bytes of each, or of standard input.
#include "user.h"

static char buffer[BSIZE];

static int count(int fd, const char *name) {
  int lines = 0, words = 0, bytes = 0;
  int in_word = 0;
  int n;
  while ((n = read(fd, buffer, sizeof buffer)) > 0) {
    bytes += n;
    for (int i = 0; i < n; i++) {
      int blank = buffer[i] != 0 && strchr(" \t\r\n\v", buffer[i]) != 0;
      lines += buffer[i] == '\n';
      words += !blank && !in_word;
      in_word = !blank;
    }
  }
  if (n < 0) {
    fprintf(2, "wc: cannot read %s\n", name);
    return 1;
  }
  printf("%d %d %d %s\n", lines, words, bytes, name);
  return 0;
}

int main(int argc, char **argv) {
  if (argc == 1) return count(0, "");
  int status = 0;
  for (int i = 1; i < argc; i++) {
    int fd = open(argv[i], O_RDONLY);
    if (fd < 0) {
      fprintf(2, "wc: cannot open %s\n", argv[i]);
      status = 1;
      continue;
    }
    status |= count(fd, argv[i]);
    close(fd);
  }
  return status;
}
