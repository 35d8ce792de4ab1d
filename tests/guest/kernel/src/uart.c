#include "kernel.h"

enum { DATA = 0, ENABLE = 1, FIFO = 2, LINE = 3, STATUS = 5, READY = 1, EMPTY = 0x20, SIZE = 64 };

static char typed[SIZE];
static volatile u64 come;
static u64 gone;

void uart_begin(void) {
  *byte(UART + ENABLE) = 0;
  *byte(UART + LINE) = 0x80; /* the divisor */
  *byte(UART + DATA) = 3;
  *byte(UART + ENABLE) = 0;
  *byte(UART + LINE) = 3; /* eight bits */
  *byte(UART + FIFO) = 7;
  *byte(UART + ENABLE) = 1;
}

void uart_put(char letter) {
  while ((*byte(UART + STATUS) & EMPTY) == 0)
    ;
  *byte(UART + DATA) = letter;
}

void uart_interrupt(void) {
  while ((*byte(UART + STATUS) & READY) != 0) {
    typed[come % SIZE] = *byte(UART + DATA);
    come++;
  }
}

char uart_get(void) {
  wait_for(&come, gone + 1);
  return typed[gone++ % SIZE];
}
