// ls [files or directories...]: a line for each: name, type (1 directory, 2 file, 3 device), inode number, bytes.
#include "user.h"

static void line(const char *name, const struct stat *st) {
  char padded[MAXPATH + DIRSIZ];
  size_t length = strlen(name);
  memcpy(padded, name, length);
  while (length < DIRSIZ) padded[length++] = ' ';
  padded[length] = 0;
  printf("%s %d %u %lu\n", padded, st->type, st->ino, st->size);
}

// What the directory `path`, open as `fd`, holds.
static int list(int fd, const char *path) {
  char inside[MAXPATH];
  size_t length = strlen(path);
  if (length + 1 + DIRSIZ + 1 > sizeof inside) {
    fprintf(2, "ls: the path is too long: %s\n", path);
    return 1;
  }
  strcpy(inside, path);
  inside[length++] = '/';
  struct dirent entry;
  int status = 0;
  while (read(fd, &entry, sizeof entry) == sizeof entry) {
    if (entry.inum == 0) continue;
    memcpy(inside + length, entry.name, DIRSIZ);
    inside[length + DIRSIZ] = 0;
    struct stat st;
    if (stat(inside, &st) == 0) {
      line(inside + length, &st);
    } else {
      fprintf(2, "ls: cannot open %s\n", inside);
      status = 1;
    }
  }
  return status;
}

static int show(const char *path) {
  struct stat st;
  int fd = open(path, O_RDONLY);
  if (fd < 0 || fstat(fd, &st) < 0) {
    fprintf(2, "ls: cannot open %s\n", path);
    if (fd >= 0) close(fd);
    return 1;
  }
  int status = 0;
  if (st.type == T_DIR)
    status = list(fd, path);
  else
    line(path, &st);
  close(fd);
  return status;
}

int main(int argc, char **argv) {
  if (argc == 1) return show(".");
  int status = 0;
  for (int i = 1; i < argc; i++) status |= show(argv[i]);
  return status;
}
