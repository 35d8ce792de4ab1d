#include "kernel.h"
#include <stdarg.h>

static struct lock lock;

static void put_number(u64 value, u64 base) {
  char digits[20];
  int count = 0;
  do {
    digits[count++] = "0123456789abcdef"[value % base];
    value /= base;
  } while (value != 0);
  while (count > 0) uart_put(digits[--count]);
}

/* A line of one hart is not cut by another's. */
void print(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  take(&lock);
  for (; *format != 0; format++) {
    if (*format != '%') {
      uart_put(*format);
      continue;
    }
    format++;
    if (*format == 'd') put_number(va_arg(arguments, u64), 10);
    if (*format == 'x') put_number(va_arg(arguments, u64), 16);
    if (*format == 's')
      for (const char *text = va_arg(arguments, const char *); *text != 0; text++) uart_put(*text);
  }
  leave(&lock);
  va_end(arguments);
}

void panic(const char *why) {
  print("panic: %s\n", why);
  for (;;) csr_clear(sstatus, STATUS_SIE);
}
