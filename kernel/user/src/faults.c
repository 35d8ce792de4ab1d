// faults NAME: does one bad thing, for which the kernel must kill this process and no other.
// Going on afterwards is the failure: exit status 1.
#include "user.h"

#define KERNBASE 0x80000000UL

int main(int argc, char **argv);

static void load(void) { (void)*(volatile char *)(sbrk(0) + 16 * PAGE); }

static void store(void) { *(volatile char *)(sbrk(0) + 16 * PAGE) = 1; }

static void store_text(void) { *(volatile char *)(uintptr_t)main = 0; }

// Address 0 is the first instruction: it can be read, not written.
static void null(void) {
  char *volatile nowhere = 0;
  *(volatile char *)nowhere = 1;
}

// What is there is a good instruction; only its page may not be executed.
static void jump(void) {
  static const uint16_t ret = 0x8082;
  uint16_t *code = (uint16_t *)sbrk(PAGE);
  *code = ret;
  ((void (*)(void))(uintptr_t)code)();
}

static void jump_outside(void) { ((void (*)(void))(MAXVA - 2 * PAGE * PAGE))(); }

static void illegal(void) {
  // Defined to be illegal: the halfword 0 (Unprivileged ISA, "C.UNIMP").
  __asm__ volatile(".half 0");
}

// An S-mode register, read from U-mode.
static void privileged(void) { __asm__ volatile("csrr t0, sstatus" ::: "t0"); }

static void breakpoint(void) { __asm__ volatile("ebreak"); }

// Down the stack, a frame at a time, further than any stack goes.
#define FRAMES (1 << 20)
static int go_down(volatile char *above, int frames) {
  volatile char frame[256];
  frame[0] = above[0];
  return frames == 0 ? 0 : go_down(frame, frames - 1) + frame[0];
}

static void guard(void) {
  volatile char first = 1;
  go_down(&first, FRAMES);
}

static void kernel_load(void) { (void)*(volatile char *)KERNBASE; }

static void kernel_store(void) { *(volatile char *)KERNBASE = 1; }

// The kernel's own page at the top of every address space: mapped, but not for users.
static void trampoline(void) { (void)*(volatile char *)(MAXVA - PAGE); }

// Bits 63 to 39 must be copies of bit 38.
static void non_canonical(void) { (void)*(volatile char *)(1UL << 40); }

static const struct {
  const char *name;
  void (*commit)(void);
} faults[] = {
    {"load", load},
    {"store", store},
    {"store-text", store_text},
    {"null", null},
    {"jump", jump},
    {"jump-outside", jump_outside},
    {"illegal", illegal},
    {"privileged", privileged},
    {"ebreak", breakpoint},
    {"guard", guard},
    {"kernel", kernel_load},
    {"kernel-store", kernel_store},
    {"trampoline", trampoline},
    {"non-canonical", non_canonical},
};

#define FAULTS (sizeof faults / sizeof faults[0])

int main(int argc, char **argv) {
  for (size_t i = 0; argc == 2 && i < FAULTS; i++) {
    if (strcmp(argv[1], faults[i].name) != 0) continue;
    faults[i].commit();
    printf("faults: %s did no harm\n", argv[1]);
    return 1;
  }
  printf("usage: faults NAME, one of:");
  for (size_t i = 0; i < FAULTS; i++) printf(" %s", faults[i].name);
  printf("\n");
  return 2;
}
