// smallcalls: each system call at its edges. Prints ok, or the first check that does not hold.
#include "check.h"

#define NOBODY 99999999
#define NO_SUCH_CALL 999
// Addresses that no user pointer may name: the kernel's RAM, its page at the top, and past the end.
static void *const bad_pointers[] = {(void *)0x80000000UL, (void *)(MAXVA - PAGE), (void *)MAXVA, (void *)-1L};
#define BAD_POINTERS (sizeof bad_pointers / sizeof bad_pointers[0])

static void check_getpid(void) {
  int me = getpid();
  check(me > 0, 1);
  check(getpid(), me);
  int child = fork();
  check(child >= 0, 1);
  if (child == 0) exit(getpid());
  int status = 0;
  check(wait(&status), child);
  check(status, child);
  check(child != me, 1);
}

static void check_exit_and_wait(void) {
  static const int statuses[] = {0, 1, -1, 255, 256, INT32_MAX, INT32_MIN};
  for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
    int child = fork();
    if (child == 0) exit(statuses[i]);
    int status = ~statuses[i];
    check(wait(&status), child);
    check(status, statuses[i]);
  }
  check(wait(0), -1);
  int child = fork();
  if (child == 0) exit(5);
  check(wait(0), child);
  check(wait(0), -1);
}

// A wait that cannot deliver the status leaves the child to be waited for.
static void check_wait_pointers(void) {
  int child = fork();
  if (child == 0) exit(7);
  for (size_t i = 0; i < BAD_POINTERS; i++) check(wait(bad_pointers[i]), -1);
  int status = 0;
  check(wait(&status), child);
  check(status, 7);
}

static void check_sbrk(void) {
  char *end = sbrk(0);
  check(sbrk(0), end);
  check(sbrk(1), end);
  check(*end, 0);
  *end = 'x';
  check(sbrk(0), end + 1);
  check(sbrk(-1), end + 1);
  check(sbrk(0), end);
  check(sbrk(3 * PAGE + 5), end);
  for (int i = 0; i < 3 * PAGE + 5; i += 512) end[i] = 1;
  check(sbrk(-3 * PAGE - 5), end + 3 * PAGE + 5);
  // What was given back comes as zeros.
  check(sbrk(3 * PAGE), end);
  for (int i = PAGE; i < 3 * PAGE; i++) check(end[i], 0);
  check(sbrk(-3 * PAGE), end + 3 * PAGE);
  check(sbrk(INT32_MAX), NO_MEMORY);
  check(sbrk(0), end);
}

// A page that sbrk took back is gone: touching it kills.
static void check_sbrk_gives_back(void) {
  int child = fork();
  if (child == 0) {
    char *page = sbrk(2 * PAGE);
    page[0] = page[PAGE] = 1;
    sbrk(-2 * PAGE);
    ((volatile char *)page)[PAGE] = 1;
    exit(0);
  }
  int status = 0;
  check(wait(&status), child);
  check(status, -1);
}

static void check_write(void) {
  check(write(1, "", 0), 0);
  check(write(-1, "x", 1), -1);
  check(write(99, "x", 1), -1);
  // Refused, or the number of bytes that could be written.
  for (size_t i = 0; i < BAD_POINTERS; i++) check(write(1, bad_pointers[i], 1) <= 0, 1);
  check(write(1, sbrk(0) + PAGE, 1) <= 0, 1);
}

static void check_kill(void) {
  check(kill(NOBODY), -1);
  check(kill(-NOBODY), -1);
  int status = 0;
  int spinning = fork();
  if (spinning == 0)
    for (;;) {
    }
  check(kill(spinning), 0);
  check(wait(&status), spinning);
  check(status, -1);
  int sleeping = fork();
  if (sleeping == 0) exit(sleep(INT32_MAX));
  sleep(1);
  check(kill(sleeping), 0);
  check(wait(&status), sleeping);
  check(status, -1);
  int waiting = fork();
  if (waiting == 0) {
    int below = fork();
    if (below == 0) exit(sleep(3));
    exit(wait(0));
  }
  sleep(1);
  check(kill(waiting), 0);
  check(wait(&status), waiting);
  check(status, -1);
}

static void check_time(void) {
  int before = uptime();
  check(sleep(0), 0);
  check(sleep(2), 0);
  check(uptime() - before >= 2, 1);
}

// The kernel says a line about it, as xv6's does.
static int no_such_call(void) {
  register long a7 __asm__("a7") = NO_SUCH_CALL;
  register long a0 __asm__("a0") = 1;
  __asm__ volatile("ecall" : "+r"(a0) : "r"(a7) : "memory");
  return (int)a0;
}

int main(void) {
  check_getpid();
  check_exit_and_wait();
  check_wait_pointers();
  check_sbrk();
  check_sbrk_gives_back();
  check_write();
  check_kill();
  check_time();
  check(no_such_call(), -1);
  printf("ok\n");
  return 0;
}
