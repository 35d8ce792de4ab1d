// sbrk, and what a process may touch.
#include "usertests.h"

static void grow_and_shrink(void) {
  char *end = sbrk(0);
  check(sbrk(0), end);
  check(sbrk(1), end);
  check(*end, 0);
  *end = 'x';
  check(sbrk(-1), end + 1);
  check(sbrk(0), end);
  check(sbrk(3 * PAGE + 5), end);
  for (int i = 0; i < 3 * PAGE + 5; i++) end[i] = 'x';
  check(sbrk(-3 * PAGE - 5), end + 3 * PAGE + 5);
  check(sbrk(0), end);
}

static void fresh_memory_is_zero(void) {
  char *end = sbrk(0);
  check(sbrk(10 * PAGE), end);
  memset(end, 'x', 10 * PAGE);
  check(sbrk(-10 * PAGE), end + 10 * PAGE);
  check(sbrk(10 * PAGE), end);
  // What lies on the page where the old end was may have stayed.
  char *fresh = (char *)(((uintptr_t)end + PAGE - 1) & ~(PAGE - 1UL));
  for (; fresh < end + 10 * PAGE; fresh++)
    if (*fresh != 0) check(*fresh, 0);
}

static void byte_by_byte(void) {
  char *end = sbrk(0);
  for (int i = 0; i < 2 * PAGE + 100; i++) {
    check(sbrk(1), end + i);
    end[i] = (char)i;
  }
  for (int i = 0; i < 2 * PAGE + 100; i++) check(end[i], (char)i);
  for (int i = 2 * PAGE + 100; i > 0; i--) check(sbrk(-1), end + i);
  check(sbrk(0), end);
}

// More than there is is refused, and nothing has changed.
static void too_much(void) {
  char *end = sbrk(0);
  char *at = sbrk(INT32_MAX);
  if (at == end) sbrk(-INT32_MAX);
  if (at != end) check(at, NO_MEMORY);
  check(sbrk(0), end);
  check(sbrk(PAGE), end);
  *end = 1;
  check(sbrk(-PAGE), end + PAGE);
}

// Below zero there is no memory to give back.
static void too_little(void) {
  char *end = sbrk(0);
  sbrk(INT32_MIN);
  check(sbrk(0), end);
  sbrk(-(int)(uintptr_t)end - PAGE);
  check(sbrk(0), end);
}

static void give_everything_back(long left) {
  sbrk((int)left - (int)(uintptr_t)sbrk(0));
}

// The program itself is gone then, so that it cannot go on; the kernel can.
static void shrink_to_nothing(void) {
  check(in_child(give_everything_back, 0), KILLED);
  // Into the first page, which holds the program's beginning but not the stack.
  check(in_child(give_everything_back, 3500), KILLED);
}

static void child_has_its_own(void) {
  char *at = sbrk(PAGE);
  *at = 1;
  int pid = must_fork();
  if (pid == 0) {
    check(*at, 1);
    *at = 2;
    check(sbrk(PAGE), at + PAGE);
    at[PAGE] = 3;
    exit(0);
  }
  must_wait(pid, 0);
  check(*at, 1);
  check(sbrk(0), at + PAGE);
}

// System calls write into memory that nobody has touched yet.
static void calls_fill_fresh_memory(void) {
  char *at = sbrk(3 * PAGE);
  int *fds = (int *)(at + PAGE - 4);
  check(pipe(fds), 0);
  fill(buffer, 1, 0, 300);
  must_write(fds[1], buffer, 300);
  must_read(fds[0], at + 2 * PAGE - 150, 300);
  check_filled(at + 2 * PAGE - 150, 1, 0, 300);
  int pid = must_fork();
  if (pid == 0) exit(1234);
  int *status = (int *)(at + 2 * PAGE + 1024);
  check(wait(status), pid);
  check(*status, 1234);
}

// What kills.

static void load(long at) { (void)*(volatile char *)at; }
static void store(long at) { *(volatile char *)at = 1; }
static void jump(long at) { ((void (*)(void))at)(); }

static void touch_what_is_not_mine(void) {
  for (int i = 0; i < bad_pointer_count; i++) {
    check(in_child(load, (long)bad_pointers[i]), KILLED);
    check(in_child(store, (long)bad_pointers[i]), KILLED);
    check(in_child(jump, (long)bad_pointers[i]), KILLED);
  }
}

static void touch_behind_the_end(void) {
  char *end = (char *)(((uintptr_t)sbrk(0) + PAGE - 1) & ~(PAGE - 1UL));
  sbrk((int)(end - sbrk(0)));
  check(in_child(load, (long)end - 1), 0);
  check(in_child(store, (long)end - 1), 0);
  check(in_child(load, (long)end), KILLED);
  check(in_child(store, (long)end), KILLED);
}

static void touch_what_was_given_back(void) {
  char *end = sbrk(0);
  sbrk(10 * PAGE);
  memset(end, 'x', 10 * PAGE);
  sbrk(-10 * PAGE);
  check(in_child(load, (long)end + 5 * PAGE), KILLED);
  check(in_child(store, (long)end + 5 * PAGE), KILLED);
}

static void write_text(void) {
  check(in_child(store, 0), KILLED);
  check(in_child(store, (long)write_text), KILLED);
  check(in_child(load, 0), 0);
}

static void run_data(void) {
  static const uint16_t ret = 0x8082;
  memcpy(buffer, &ret, sizeof ret);
  check(in_child(jump, (long)buffer), KILLED);
}

static void touch_guard(long distance) {
  char here;
  char *stack = (char *)((uintptr_t)&here & ~(PAGE - 1UL));
  *(volatile char *)(stack - distance) = 1;
}

// Below the stack, which is one page, lies a page that is nobody's; below that the program's data.
static void stack_guard(void) {
  check(in_child(touch_guard, 0), 0);
  check(in_child(touch_guard, 1), KILLED);
  check(in_child(touch_guard, PAGE), KILLED);
  check(in_child(touch_guard, PAGE + 1), 0);
}

static int go_down(volatile char *above, long frames) {
  volatile char frame[256];
  frame[0] = above[0];
  return frames == 0 ? 0 : go_down(frame, frames - 1) + frame[0];
}

static void overflow(long frames) {
  volatile char first = 1;
  go_down(&first, frames);
}

static void stack_overflow(void) { check(in_child(overflow, 1000), KILLED); }

// System calls refuse the guard page too.
static void calls_respect_guard(void) {
  char here;
  char *guard = (char *)((uintptr_t)&here & ~(PAGE - 1UL)) - PAGE;
  check(wait((int *)guard), -1);
  check(pipe((int *)guard), -1);
  check(open(guard, O_RDONLY), -1);
  int fd = must_open("file", O_RDWR | O_CREATE | O_TRUNC);
  check(write(fd, guard, 1), -1);
  check(close(fd), 0);
  check(unlink("file"), 0);
}

static void many_grow_at_once(void) {
  for (int child = 0; child < 8; child++) {
    if (must_fork() != 0) continue;
    char *end = sbrk(0);
    for (int turn = 0; turn < 20; turn++) {
      check(sbrk(20 * PAGE), end);
      for (int page = 0; page < 20; page++) check(end[page * PAGE + 8], 0);
      for (int page = 0; page < 20; page++) end[page * PAGE + 8] = (char)(child + 1);
      for (int page = 0; page < 20; page++) check(end[page * PAGE + 8], child + 1);
      // The page that the old end lies on stays this process's.
      end[8] = 0;
      check(sbrk(-20 * PAGE), end + 20 * PAGE);
    }
    exit(0);
  }
  reap(8, 0);
}

static void malloc_and_free(void) {
  static char *blocks[50];
  for (int turn = 0; turn < 3; turn++) {
    for (size_t i = 0; i < LENGTH(blocks); i++) {
      blocks[i] = malloc(i * 97);
      check(blocks[i] != 0, 1);
      fill(blocks[i], (int)i, 0, (int)i * 97);
    }
    for (size_t i = 0; i < LENGTH(blocks); i++) {
      size_t n = i * 7 % LENGTH(blocks);
      check_filled(blocks[n], (int)n, 0, (int)n * 97);
      free(blocks[n]);
    }
  }
}

const struct test memory_tests[] = {
    {.name = "grow-and-shrink", .run = grow_and_shrink},
    {.name = "fresh-memory-is-zero", .run = fresh_memory_is_zero},
    {.name = "byte-by-byte", .run = byte_by_byte},
    {.name = "too-much", .run = too_much},
    {.name = "too-little", .run = too_little},
    {.name = "shrink-to-nothing", .run = shrink_to_nothing},
    {.name = "child-has-its-own", .run = child_has_its_own},
    {.name = "calls-fill-fresh-memory", .run = calls_fill_fresh_memory},
    {.name = "touch-what-is-not-mine", .run = touch_what_is_not_mine},
    {.name = "touch-behind-the-end", .run = touch_behind_the_end},
    {.name = "touch-what-was-given-back", .run = touch_what_was_given_back},
    {.name = "write-text", .run = write_text},
    {.name = "run-data", .run = run_data},
    {.name = "stack-guard", .run = stack_guard},
    {.name = "stack-overflow", .run = stack_overflow},
    {.name = "calls-respect-guard", .run = calls_respect_guard},
    {.name = "many-grow-at-once", .run = many_grow_at_once},
    {.name = "malloc-and-free", .run = malloc_and_free},
    {},
};
