#include "kernel.h"

enum { ROUNDS = 1000, HELD = 8 };

static volatile u64 begun, arrived;
static struct lock sum_lock;
static volatile u64 sum;
u64 hart_count;

/* Whoever comes last lets all go on. */
static void meet(void) {
  u64 ticket = __atomic_add_fetch(&arrived, 1, __ATOMIC_ACQ_REL);
  u64 all = (ticket + hart_count - 1) / hart_count * hart_count;
  while (__atomic_load_n(&arrived, __ATOMIC_ACQUIRE) < all)
    ;
}

static void check(int holds, const char *what) {
  if (!holds) panic(what);
}

static void check_lock(void) {
  for (int i = 0; i < ROUNDS; i++) {
    take(&sum_lock);
    sum = sum + 1;
    leave(&sum_lock);
  }
  meet();
  check(sum == ROUNDS * hart_count, "a sum under a lock is wrong");
}

static void check_pages(void) {
  u64 before = pages_free();
  meet();
  for (int i = 0; i < ROUNDS / HELD; i++) {
    u64 *held[HELD];
    for (int k = 0; k < HELD; k++) {
      held[k] = page_take();
      check(held[k] != 0, "out of pages");
      held[k][1] = hart() * HELD + k;
    }
    for (int k = 0; k < HELD; k++) check(held[k][1] == hart() * HELD + k, "a page was handed out twice");
    for (int k = 0; k < HELD; k++) page_leave(held[k]);
  }
  meet();
  check(pages_free() == before, "pages are missing");
  meet();
}

/* Each hart has an address of its own beyond 2^32, mapped to one page and then to another, and then not for writing. */
static void check_paging(void) {
  volatile u64 *va = (volatile u64 *)(0x2000000000UL + hart() * PAGE);
  volatile u64 *a = page_take(), *b = page_take();
  static struct lock lock;
  take(&lock);
  map((u64)va, (u64)a, PTE_R | PTE_W);
  leave(&lock);
  asm volatile("sfence.vma" ::: "memory");
  *va = 41;
  check(*a == 41, "a store went past its page");
  map((u64)va, (u64)b, PTE_R);
  asm volatile("sfence.vma %0" ::"r"(va) : "memory");
  *b = 42;
  check(*va == 42, "a load came from the page before");
  u64 before = faults[hart()];
  asm volatile(".option push\n.option norvc\nsd zero, 0(%0)\n.option pop" ::"r"(va) : "memory");
  check(faults[hart()] == before + 1 && *b == 42, "a page that is not writable was written");
  asm volatile(".option push\n.option norvc\nlw t0, 0(%0)\n.option pop" ::"r"(PLIC - PAGE + 0x201000) : "t0");
  page_leave((void *)a);
  page_leave((void *)b);
  meet();
}

static void check_timer(void) {
  wait_for(&ticks[hart()], ticks[hart()] + 3);
  meet();
}

/* Round in a circle: each hart calls the next. */
static void check_calls(void) {
  call_hart((hart() + 1) % hart_count);
  wait_for(&calls[hart()], 1);
  meet();
}

static void check_disk(void) {
  static u8 buffer[512];
  disk_begin();
  disk_sector(0, buffer, 0);
  for (int i = 0; i < 512; i++) buffer[i] ^= 0xff;
  disk_sector(1, buffer, 1);
  for (int i = 0; i < 512; i++) buffer[i] = 0;
  disk_sector(1, buffer, 0);
  print("disk: sector 1 begins with %x\n", (u64)buffer[0]);
}

static void read_line(char *line, int most) {
  for (int i = 0;; i++) {
    char letter = uart_get();
    if (letter == '\r') letter = '\n';
    uart_put(letter);
    if (letter == '\n' || i == most - 1) {
      line[i] = 0;
      return;
    }
    line[i] = letter;
  }
}

static int is(const char *a, const char *b) {
  while (*a != 0 && *a == *b) a++, b++;
  return *a == *b;
}

static void wait_ten_minutes(void) {
  u64 end = csr_read(time) + 600 * 10000000UL;
  while (csr_read(time) < end) wait_for(&ticks[hart()], ticks[hart()] + 1);
  print("ten minutes later\n");
}

static void shell(void) {
  char line[64];
  for (;;) {
    print("$ ");
    read_line(line, sizeof line);
    if (is(line, "pages")) print("%d pages are free\n", pages_free());
    else if (is(line, "wait")) wait_ten_minutes();
    else if (is(line, "panic")) panic("as you like");
    else if (is(line, "quit")) *word(FINISHER) = 7 << 16 | 0x3333;
    else print("no such word: %s\n", line);
  }
}

/* How many harts there are, by the device tree: nodes whose name begins with `cpu@`. */
static u64 count_harts(const u8 *tree) {
  u64 size = (u64)tree[4] << 24 | tree[5] << 16 | tree[6] << 8 | tree[7], found = 0;
  for (u64 i = 0; i + 8 <= size; i += 4)
    if (tree[i] == 0 && tree[i + 3] == 1 && tree[i + 4] == 'c' && tree[i + 5] == 'p' && tree[i + 6] == 'u' && tree[i + 7] == '@')
      found++;
  return found;
}

void main(void) {
  extern const u8 *device_tree;
  if (hart() == 0) {
    uart_begin();
    hart_count = count_harts(device_tree);
    pages_begin();
    paging_begin();
    print("\n%d harts, %d pages\n", hart_count, pages_free());
    __atomic_store_n(&begun, 1, __ATOMIC_RELEASE);
  }
  while (__atomic_load_n(&begun, __ATOMIC_ACQUIRE) == 0)
    ;
  paging_on();
  trap_begin();
  check_lock();
  check_pages();
  check_paging();
  check_timer();
  check_calls();
  if (hart() == 0) {
    check_disk();
    print("all is well\n");
    shell();
  }
  for (;;) asm volatile("wfi");
}
