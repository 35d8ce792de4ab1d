#include "user.h"

int stat(const char *path, struct stat *st) {
  int fd = open(path, O_RDONLY);
  if (fd < 0) return -1;
  int result = fstat(fd, st);
  close(fd);
  return result;
}

int read_line(int fd, char *line, int size, int *whole) {
  int used = 0;
  int lost = 0;
  char c = 0;
  while (read(fd, &c, 1) == 1 && c != '\n') {
    if (used < size - 1)
      line[used++] = c;
    else
      lost++;
  }
  line[used] = 0;
  if (whole != 0) *whole = lost == 0;
  return c == '\n' || used + lost > 0;
}

int write_all(int fd, const void *data, int bytes) {
  for (int done = 0; done < bytes;) {
    int n = write(fd, (const char *)data + done, bytes - done);
    if (n <= 0) return -1;
    done += n;
  }
  return 0;
}
