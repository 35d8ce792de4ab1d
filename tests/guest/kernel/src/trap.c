#include "kernel.h"

enum { INTERVAL = 10000, INTERRUPT_SOFTWARE = 1, INTERRUPT_TIMER = 5, INTERRUPT_EXTERNAL = 9 };
enum { BREAKPOINT = 3, LOAD_ACCESS = 5, STORE_PAGE = 15 };
#define INTERRUPT (1UL << 63)

volatile u64 ticks[MAX_HARTS], calls[MAX_HARTS], faults[MAX_HARTS];
void supervisor_trap(void);

static u64 context(void) { return 2 * hart() + 1; }

static void set_timer(void) { csr_write(0x14d, csr_read(time) + INTERVAL); }

void trap_begin(void) {
  csr_write(stvec, supervisor_trap);
  *word(PLIC + 4 * IRQ_DISK) = 1;
  *word(PLIC + 4 * IRQ_UART) = 1;
  *word(PLIC + 0x2000 + 0x80 * context()) = 1 << IRQ_DISK | 1 << IRQ_UART;
  *word(PLIC + 0x200000 + 0x1000 * context()) = 0;
  set_timer();
  csr_write(sie, SIE_SOFTWARE | SIE_TIMER | SIE_EXTERNAL);
  csr_set(sstatus, STATUS_SIE);
}

/* The other hart's machine mode hears of it, and passes it on. */
void call_hart(u64 id) { *word(CLINT + 4 * id) = 1; }

/* The look and the sleep are one step: an interrupt in between ends the sleep, as it is pending, though not taken. */
void wait_for(volatile u64 *word, u64 least) {
  for (;;) {
    csr_clear(sstatus, STATUS_SIE);
    if (*word >= least) break;
    asm volatile("wfi");
    csr_set(sstatus, STATUS_SIE);
  }
  csr_set(sstatus, STATUS_SIE);
}

static void external(void) {
  u64 claim = PLIC + 0x200004 + 0x1000 * context();
  for (u32 irq = *word(claim); irq != 0; irq = *word(claim)) {
    if (irq == IRQ_UART) uart_interrupt();
    else if (irq == IRQ_DISK) disk_interrupt();
    else panic("an interrupt of nobody's");
    *word(claim) = irq;
  }
}

void trap(struct frame *frame) {
  u64 cause = csr_read(scause);
  if (cause == (INTERRUPT | INTERRUPT_TIMER)) {
    set_timer();
    ticks[hart()]++;
  } else if (cause == (INTERRUPT | INTERRUPT_SOFTWARE)) {
    csr_clear(sip, SIE_SOFTWARE);
    calls[hart()]++;
  } else if (cause == (INTERRUPT | INTERRUPT_EXTERNAL)) {
    external();
  } else if (cause == STORE_PAGE || cause == LOAD_ACCESS || cause == BREAKPOINT) {
    /* The checks cause these on purpose, by instructions of four bytes. */
    faults[hart()]++;
    frame->pc += 4;
  } else {
    print("scause %x sepc %x stval %x\n", cause, frame->pc, csr_read(stval));
    panic("a trap of nobody's");
  }
}
