// What programs pass to system calls by mistake or malice: descriptors, pointers, lengths, strings.
#include "usertests.h"

static void bad_descriptors(void) {
  static const int bad[] = {-1, 3, NOFILE - 1, NOFILE, NOFILE + 1, 1000000, INT32_MAX, INT32_MIN};
  struct stat st;
  for (size_t i = 0; i < LENGTH(bad); i++) {
    check(read(bad[i], buffer, 1), -1);
    check(write(bad[i], buffer, 1), -1);
    check(fstat(bad[i], &st), -1);
    check(dup(bad[i]), -1);
    check(close(bad[i]), -1);
  }
  int fd = must_open("/", O_RDONLY);
  check(close(fd), 0);
  check(close(fd), -1);
  check(read(fd, buffer, 1), -1);
}

static void bad_paths(void) {
  struct stat st;
  for (int i = 0; i < bad_pointer_count; i++) {
    const char *bad = bad_pointers[i];
    check(open(bad, O_RDONLY), -1);
    check(open(bad, O_RDWR | O_CREATE), -1);
    check(mkdir(bad), -1);
    check(mknod(bad, 1, 1), -1);
    check(chdir(bad), -1);
    check(unlink(bad), -1);
    check(link(bad, "new"), -1);
    check(link("/usertests", bad), -1);
    check(stat(bad, &st), -1);
  }
}

static void bad_data(void) {
  make_file("file", 1, 1000);
  int fd = must_open("file", O_RDWR);
  for (int i = 0; i < bad_pointer_count; i++) {
    check(read(fd, bad_pointers[i], 10), -1);
    check(write(fd, bad_pointers[i], 10), -1);
    check(fstat(fd, bad_pointers[i]), -1);
    // The console takes what it can, which is nothing.
    check(write(1, bad_pointers[i], 10) <= 0, 1);
  }
  check(close(fd), 0);
  check_file("file", 1, 1000);
  check(unlink("file"), 0);
}

static char *last_page(void) {
  char *end = (char *)(((uintptr_t)sbrk(0) + PAGE - 1) & ~(PAGE - 1UL));
  sbrk((int)(end - sbrk(0)));
  check(sbrk(2 * PAGE) != NO_MEMORY, 1);
  return sbrk(0) - PAGE;
}

// Up to the last byte of memory, and one byte more.
static void data_at_the_end(void) {
  char *page = last_page();
  fill(buffer, 2, 0, 1000);
  int fd = must_open("file", O_RDWR | O_CREATE | O_TRUNC);
  memcpy(page + PAGE - 1000, buffer, 1000);
  must_write(fd, page + PAGE - 1000, 1000);
  check(write(fd, page + PAGE - 999, 1000), -1);
  check(close(fd), 0);
  fd = must_open("file", O_RDONLY);
  check(read(fd, page + PAGE - 999, 1000), -1);
  check(close(fd), 0);
  memset(page, 0, PAGE);
  fd = must_open("file", O_RDONLY);
  must_read(fd, page + PAGE - 1000, 1000);
  check_filled(page + PAGE - 1000, 2, 0, 1000);
  check(fstat(fd, (struct stat *)(page + PAGE - sizeof(struct stat))), 0);
  check(((struct stat *)(page + PAGE))[-1].type, T_FILE);
  check(fstat(fd, (struct stat *)(page + PAGE - sizeof(struct stat) + 8)), -1);
  check(close(fd), 0);
  check(unlink("file"), 0);
}

static void data_across_pages(void) {
  char *page = last_page();
  for (int start = PAGE - 300; start < PAGE; start += 37) {
    fill(page - PAGE + start, 3, 0, 400);
    int fd = must_open("file", O_RDWR | O_CREATE | O_TRUNC);
    must_write(fd, page - PAGE + start, 400);
    check(close(fd), 0);
    check_file("file", 3, 400);
    memset(page - PAGE, 'x', 2 * PAGE);
    fd = must_open("file", O_RDONLY);
    must_read(fd, page - PAGE + start, 400);
    check_filled(page - PAGE + start, 3, 0, 400);
    check(page[start - PAGE - 1], 'x');
    check(page[start - PAGE + 400], 'x');
    check(close(fd), 0);
  }
  check(unlink("file"), 0);
}

static void odd_lengths(void) {
  make_file("file", 4, 1000);
  int fd = must_open("file", O_RDWR);
  check(read(fd, buffer, 0), 0);
  check(write(fd, buffer, 0), 0);
  check(write(fd, buffer, -1), -1);
  check(write(fd, buffer, INT32_MIN), -1);
  // As much as there is.
  check(read(fd, buffer, INT32_MAX), 1000);
  check_filled(buffer, 4, 0, 1000);
  check(read(fd, buffer, INT32_MAX), 0);
  check(read(fd, buffer, -1) <= 0, 1);
  check(close(fd), 0);
  check_file("file", 4, 1000);
  // More than this process has.
  fd = must_open("file", O_RDWR | O_TRUNC);
  check(write(fd, buffer, INT32_MAX), -1);
  check(close(fd), 0);
  check(unlink("file"), 0);
  int fds[2];
  must_pipe(fds);
  must_write(fds[1], "abc", 3);
  check(read(fds[0], buffer, INT32_MAX), 3);
}

// A path whose terminating zero is the last byte of memory, and one that has none.
static void strings_at_the_end(void) {
  char *page = last_page();
  make_file("file", 5, 10);
  char *path = page + PAGE - 5;
  memcpy(path, "file", 5);
  int fd = must_open(path, O_RDONLY);
  check(close(fd), 0);
  path[4] = 'x';
  check(open(path, O_RDONLY), -1);
  check(open(path, O_RDWR | O_CREATE), -1);
  check(mkdir(path), -1);
  check(mknod(path, 1, 1), -1);
  check(chdir(path), -1);
  check(unlink(path), -1);
  check(link(path, "new"), -1);
  check(link("file", path), -1);
  char *argv[] = {SELF, 0};
  check(exec(path, argv), -1);
  // Across two pages.
  memcpy(page - 2, "file", 5);
  fd = must_open(page - 2, O_RDONLY);
  check(close(fd), 0);
  check(unlink(page - 2), 0);
}

// `length` bytes that lead to the file, the terminating zero not counted.
static char *long_path(int length) {
  memset(buffer, '/', length);
  strcpy(buffer + length - strlen(SELF), SELF);
  return buffer;
}

static void long_paths(void) {
  int fd = must_open(long_path(MAXPATH - 1), O_RDONLY);
  check(close(fd), 0);
  check(open(long_path(MAXPATH), O_RDONLY), -1);
  check(open(long_path(MAXPATH + 1), O_RDONLY), -1);
  check(open(long_path(2 * PAGE), O_RDONLY), -1);
}

static long call(long number) {
  register long a7 __asm__("a7") = number;
  register long a0 __asm__("a0") = 1;
  __asm__ volatile("ecall" : "+r"(a0) : "r"(a7) : "memory");
  return a0;
}

// The kernel says a line about each.
static void no_such_call(void) {
  check(call(0), -1);
  check(call(1000), -1);
  check(call(-1), -1);
}

// A system call changes no register but a0.
static void registers_stay(void) {
  for (int number = 11; number <= 14; number += 3) {
    register long a7 __asm__("a7") = number; // getpid, uptime
    register long a0 __asm__("a0") = 0;
    register long a1 __asm__("a1") = 0x1111111111111111;
    register long a2 __asm__("a2") = 0x2222222222222222;
    register long t0 __asm__("t0") = 0x3333333333333333;
    register long t6 __asm__("t6") = 0x4444444444444444;
    register long s11 __asm__("s11") = 0x5555555555555555;
    __asm__ volatile("ecall" : "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a7), "+r"(t0), "+r"(t6), "+r"(s11)::"memory");
    int kept = a1 == 0x1111111111111111 && a2 == 0x2222222222222222 && t0 == 0x3333333333333333 &&
               t6 == 0x4444444444444444 && s11 == 0x5555555555555555 && a7 == number;
    check(kept, 1);
  }
}

// What read would put over the program does not reach the other processes that run it.
static void read_over_text(void) {
  make_file("file", 6, 16);
  static char before[16];
  memcpy(before, (void *)read_over_text, 16);
  int pid = must_fork();
  if (pid == 0) {
    int fd = must_open("file", O_RDONLY);
    read(fd, (void *)read_over_text, 16);
    exit(0);
  }
  must_wait(pid, 0);
  check(memcmp((void *)read_over_text, before, 16), 0);
  check(unlink("file"), 0);
}

const struct test argument_tests[] = {
    {.name = "bad-descriptors", .run = bad_descriptors},
    {.name = "bad-paths", .run = bad_paths},
    {.name = "bad-data", .run = bad_data},
    {.name = "data-at-the-end", .run = data_at_the_end},
    {.name = "data-across-pages", .run = data_across_pages},
    {.name = "odd-lengths", .run = odd_lengths},
    {.name = "strings-at-the-end", .run = strings_at_the_end},
    {.name = "long-paths", .run = long_paths},
    {.name = "no-such-call", .run = no_such_call},
    {.name = "registers-stay", .run = registers_stay},
    {.name = "read-over-text", .run = read_over_text},
    {},
};
