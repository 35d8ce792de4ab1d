#include "kernel.h"

#define UART 0x10000000UL
enum { DATA = 0, STATUS = 5, READY = 1 };

static volatile u8 *reg(u64 offset) { return (volatile u8 *)(UART + offset); }

void print(const char *text) {
  for (; *text != 0; text++) *reg(DATA) = *text;
}

void read_line(char *line, u32 most) {
  for (u32 i = 0;; i++) {
    while ((*reg(STATUS) & READY) == 0)
      ;
    char letter = *reg(DATA);
    *reg(DATA) = letter;
    line[i] = letter == '\n' || i == most - 1 ? 0 : letter;
    if (line[i] == 0) return;
  }
}
