#include "user.h"

// On the stack of the caller, which may be a single page.
struct line {
  int fd;
  int used;
  char text[256];
};

static void flush(struct line *line) {
  if (line->used > 0) write(line->fd, line->text, line->used);
  line->used = 0;
}

static void put(struct line *line, char c) {
  if (line->used == sizeof line->text) flush(line);
  line->text[line->used++] = c;
}

static void put_string(struct line *line, const char *s) {
  for (s = s == 0 ? "(null)" : s; *s != 0; s++) put(line, *s);
}

static void put_number(struct line *line, uint64_t value, unsigned base) {
  char digits[20];
  int n = 0;
  do digits[n++] = "0123456789abcdef"[value % base];
  while ((value /= base) != 0);
  while (n > 0) put(line, digits[--n]);
}

static void put_signed(struct line *line, int64_t value) {
  if (value < 0) put(line, '-');
  put_number(line, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 10);
}

void vfprintf(int fd, const char *format, va_list args) {
  struct line line = {.fd = fd, .used = 0};
  for (const char *f = format; *f != 0; f++) {
    if (*f != '%') {
      put(&line, *f);
      continue;
    }
    int is_long = 0;
    while (*++f == 'l') is_long = 1;
    switch (*f) {
      case 'd':
      case 'i':
        put_signed(&line, is_long ? va_arg(args, int64_t) : va_arg(args, int));
        break;
      case 'u':
      case 'x':
        put_number(&line, is_long ? va_arg(args, uint64_t) : va_arg(args, unsigned), *f == 'x' ? 16 : 10);
        break;
      case 'p':
        put_string(&line, "0x");
        put_number(&line, (uintptr_t)va_arg(args, void *), 16);
        break;
      case 's':
        put_string(&line, va_arg(args, const char *));
        break;
      case 'c':
        put(&line, (char)va_arg(args, int));
        break;
      case '%':
        put(&line, '%');
        break;
      case 0:
        // A format that ends in '%': step back, so that the loop sees the end.
        f--;
        put(&line, '%');
        break;
      default:
        put(&line, '%');
        put(&line, *f);
    }
  }
  flush(&line);
}

void printf(const char *format, ...) {
  va_list args;
  va_start(args, format);
  vfprintf(1, format, args);
  va_end(args);
}

void fprintf(int fd, const char *format, ...) {
  va_list args;
  va_start(args, format);
  vfprintf(fd, format, args);
  va_end(args);
}
