// exec: what comes along, what does not, and that a refused one changes nothing.
#include "usertests.h"

// exec in a child; its exit status, or REFUSED.
#define REFUSED 99
static int run(const char *path, char **argv) {
  // Some take all memory before they are refused.
  int pid = fork_settled();
  if (pid == 0) {
    check(exec(path, argv), -1);
    exit(REFUSED);
  }
  int status = 0;
  check(wait(&status), pid);
  if (status == CHECK_FAILED) exit(CHECK_FAILED);
  return status;
}

static char *decimal(int value) {
  static char digits[12];
  char *at = digits + sizeof digits - 1;
  do *--at = (char)('0' + value % 10);
  while ((value /= 10) > 0);
  return at;
}

static void passes_status(void) {
  char *argv[] = {SELF, EXEC_CHILD, "exit", "42", 0};
  check(run(SELF, argv), 42);
}

// `count` words, the name of the program among them.
static int run_with_words(int count) {
  static char words[MAXARG + 4][4];
  char *argv[MAXARG + 4] = {SELF, EXEC_CHILD, "arguments"};
  for (int i = 3; i < count; i++) argv[i] = strcpy(words[i], decimal(i == 3 ? count : i));
  return run(SELF, argv);
}

static void number_of_arguments(void) {
  for (int count = 4; count < MAXARG; count++) check(run_with_words(count), 0);
  check(run_with_words(MAXARG), REFUSED);
  check(run_with_words(MAXARG + 1), REFUSED);
}

static void no_arguments(void) {
  // mkdir without a name says how it is used.
  char *argv[] = {0};
  close(2);
  check(run("/mkdir", argv), 2);
}

// A word of this many bytes, its terminating zero not counted.
static int run_with_long_word(int length) {
  char *argv[] = {SELF, EXEC_CHILD, "long", decimal(length), buffer, 0};
  memset(buffer, 'a', length);
  buffer[length] = 0;
  return run(SELF, argv);
}

static void long_arguments(void) {
  check(run_with_long_word(1), 0);
  check(run_with_long_word(1000), 0);
  check(run_with_long_word(2500), 0);
  // They must fit on the one page of stack.
  check(run_with_long_word(PAGE - 1), REFUSED);
  check(run_with_long_word(PAGE), REFUSED);
  check(run_with_long_word(2 * PAGE), REFUSED);
  char *argv[12] = {SELF, EXEC_CHILD, "exit", "0"};
  memset(buffer, 'a', 600);
  buffer[600] = 0;
  for (int i = 4; i < 11; i++) argv[i] = buffer;
  check(run(SELF, argv), REFUSED);
}

static void descriptors_stay_open(void) {
  int fds[2];
  must_pipe(fds);
  int pid = must_fork();
  if (pid == 0) {
    static char mine[12];
    strcpy(mine, decimal(getpid()));
    char *argv[] = {SELF, EXEC_CHILD, "descriptors", decimal(fds[1]), mine, 0};
    close(fds[0]);
    exec(SELF, argv);
    exit(REFUSED);
  }
  close(fds[1]);
  must_read(fds[0], buffer, 10);
  check(memcmp(buffer, "after exec", 10), 0);
  must_end(fds[0]);
  must_wait(pid, 0);
}

static void memory_is_fresh(void) {
  char *argv[] = {SELF, EXEC_CHILD, "memory", 0};
  memset(buffer, 'y', BUFFER);
  char *heap = sbrk(100 * PAGE);
  memset(heap, 'y', 100 * PAGE);
  for (int i = 0; i < 5; i++) check(run(SELF, argv), 0);
}

static void many_at_once(void) {
  for (int child = 0; child < 8; child++) {
    if (must_fork() != 0) continue;
    for (int i = 0; i < 5; i++) check(run_with_words(4 + child + i), 0);
    exit(0);
  }
  reap(8, 0);
}

static void not_a_program(void) {
  char *argv[] = {"anything", 0};
  check(exec("no such file", argv), -1);
  check(exec("", argv) < 0, 1);
  check(exec("/", argv), -1);
  check(exec("/console", argv), -1);
  check(exec("/echo/echo", argv), -1);
  for (int bytes = 0; bytes < 200; bytes += 20) {
    make_file("text", 5, bytes);
    check(exec("text", argv), -1);
  }
  check(unlink("text"), 0);
}

// ELF64: what the kernel looks at.
struct elf_header {
  uint32_t magic;
  uint8_t ident[12];
  uint16_t type, machine;
  uint32_t version;
  uint64_t entry, phoff, shoff;
  uint32_t flags;
  uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};
struct program_header {
  uint32_t type, flags;
  uint64_t offset, vaddr, paddr, filesz, memsz, align;
};

static struct {
  struct elf_header elf;
  struct program_header segment;
  uint32_t code[4];
} program;

// A program that exits with 7.
static void make_program(void) {
  memset(&program, 0, sizeof program);
  program.elf = (struct elf_header){
      .magic = 0x464c457f,
      .ident = {2, 1, 1},
      .type = 2,
      .machine = 243,
      .version = 1,
      .phoff = offsetof(typeof(program), segment),
      .ehsize = sizeof program.elf,
      .phentsize = sizeof program.segment,
      .phnum = 1,
  };
  program.segment = (struct program_header){
      .type = 1, .flags = 5, .offset = offsetof(typeof(program), code), .filesz = 16, .memsz = 16, .align = PAGE};
  program.code[0] = 0x00700513; // li a0, 7
  program.code[1] = 0x00200893; // li a7, 2
  program.code[2] = 0x00000073; // ecall
}

static int run_bytes(int bytes) {
  int fd = must_open("program", O_WRONLY | O_CREATE | O_TRUNC);
  must_write(fd, &program, bytes);
  check(close(fd), 0);
  char *argv[] = {"program", 0};
  int status = run("program", argv);
  check(unlink("program"), 0);
  return status;
}
static int run_program(void) { return run_bytes(sizeof program); }

static void smallest_program(void) {
  make_program();
  check(run_program(), 7);
  program.segment.memsz = 10 * PAGE;
  check(run_program(), 7);
}

static void damaged_program(void) {
  make_program();
  for (int bytes = 0; bytes < (int)sizeof program; bytes += 8) check(run_bytes(bytes), REFUSED);
  program.elf.magic++;
  check(run_program(), REFUSED);
  make_program();
  program.elf.phoff = 1 << 20;
  check(run_program(), REFUSED);
  make_program();
  program.segment.memsz = 8;
  check(run_program(), REFUSED);
  make_program();
  program.segment.vaddr = 16;
  check(run_program(), REFUSED);
  make_program();
  program.segment.vaddr = -(uint64_t)PAGE;
  program.segment.memsz = 2 * PAGE;
  check(run_program(), REFUSED);
  make_program();
  program.segment.offset = 1 << 20;
  check(run_program(), REFUSED);
  make_program();
  program.segment.filesz = program.segment.memsz = 2 * PAGE;
  check(run_program(), REFUSED);
}

// Programs that need more memory than there is, or than can be addressed.
static void enormous_program(void) {
  make_program();
  for (int shift = 32; shift < 64; shift += 6) {
    program.segment.memsz = 1UL << shift;
    check(run_program(), REFUSED);
  }
  make_program();
  program.segment.vaddr = MAXVA - PAGE;
  check(run_program(), REFUSED);
}

// It is a program, but there is nothing to run where it says it begins.
static void entry_nowhere(void) {
  make_program();
  program.elf.entry = 1 << 20;
  int status = run_program();
  check(status == KILLED || status == REFUSED, 1);
}

static void bad_arguments(void) {
  char *argv[3] = {SELF, 0, 0};
  for (int i = 0; i < bad_pointer_count; i++) {
    check(exec(SELF, bad_pointers[i]), -1);
    argv[1] = bad_pointers[i];
    check(exec(SELF, argv), -1);
    check(exec(bad_pointers[i], argv), -1);
  }
  // An array without an end, at the end of memory.
  char *end = (char *)(((uintptr_t)sbrk(0) + PAGE - 1) & ~(PAGE - 1UL));
  sbrk((int)(end - sbrk(0)));
  char **last = (char **)end - 2;
  last[0] = last[1] = SELF;
  check(exec(SELF, last), -1);
  // And one whose string has none.
  memset(end - 16, 'a', 16);
  argv[1] = end - 16;
  check(exec(SELF, argv), -1);
}

// After many that were refused for many reasons, memory, descriptors and directory are what they were.
static void refused_changes_nothing(void) {
  static int mine = 1234;
  int fds[2];
  must_pipe(fds);
  char *end = sbrk(0);
  char *argv[MAXARG + 2];
  for (int turn = 0; turn < 100; turn++) {
    for (int i = 0; i <= MAXARG; i++) argv[i] = SELF;
    argv[turn % 2 == 0 ? MAXARG : 1] = turn % 4 == 1 ? bad_pointers[turn % bad_pointer_count] : 0;
    if (turn % 4 == 0) argv[MAXARG] = SELF, argv[MAXARG + 1] = 0;
    check(exec(turn % 4 == 3 ? "no such file" : SELF, turn % 4 == 2 ? bad_pointers[0] : (void *)argv), -1);
  }
  check(mine, 1234);
  check(sbrk(0), end);
  must_write(fds[1], "x", 1);
  must_read(fds[0], buffer, 1);
  make_file("here", 6, 100);
  check(unlink("here"), 0);
}

const struct test exec_tests[] = {
    {.name = "exec-passes-status", .run = passes_status},
    {.name = "exec-number-of-arguments", .run = number_of_arguments},
    {.name = "exec-no-arguments", .run = no_arguments},
    {.name = "exec-long-arguments", .run = long_arguments},
    {.name = "exec-descriptors-stay-open", .run = descriptors_stay_open},
    {.name = "exec-memory-is-fresh", .run = memory_is_fresh},
    {.name = "exec-many-at-once", .run = many_at_once},
    {.name = "exec-not-a-program", .run = not_a_program},
    {.name = "exec-smallest-program", .run = smallest_program},
    {.name = "exec-damaged-program", .run = damaged_program},
    {.name = "exec-enormous-program", .run = enormous_program, .slow = 1},
    {.name = "exec-entry-nowhere", .run = entry_nowhere},
    {.name = "exec-bad-arguments", .run = bad_arguments},
    {.name = "exec-refused-changes-nothing", .run = refused_changes_nothing},
    {},
};
