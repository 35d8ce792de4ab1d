#include "kernel.h"

/* What another hart is to do, and with which page. */
static void (*job)(void *page);
static void *job_page;
static u32 started;
u8 stacks[HARTS][PAGE] __attribute__((aligned(16)));

void acquire(struct spinlock *lock) {
  while (__atomic_exchange_n(&lock->locked, 1, __ATOMIC_ACQUIRE) != 0)
    ;
}

void release(struct spinlock *lock) { __atomic_store_n(&lock->locked, 0, __ATOMIC_RELEASE); }

void panic(const char *why) {
  print("panic: ");
  print(why);
  print("\n");
  for (;;)
    ;
}

static u64 hart(void) {
  u64 id;
  asm volatile("mv %0, tp" : "=r"(id));
  return id;
}

static void scheduler(void) {
  for (;;) {
    void (*mine)(void *) = __atomic_load_n(&job, __ATOMIC_ACQUIRE);
    if (mine == 0) continue;
    mine(job_page);
    __atomic_store_n(&job, 0, __ATOMIC_RELEASE);
  }
}

static int is(const char *a, const char *b) {
  while (*a != 0 && *a == *b) a++, b++;
  return *a == *b;
}

/* Both harts let go of a page that both own. */
static void share_and_put(void (*let_go)(void *)) {
  void *page = kalloc();
  share(page, HARTS);
  job_page = page;
  __atomic_store_n(&job, let_go, __ATOMIC_RELEASE);
  let_go(page);
  while (__atomic_load_n(&job, __ATOMIC_ACQUIRE) != 0)
    ;
}

void main(void) {
  if (hart() != 0) {
    while (__atomic_load_n(&started, __ATOMIC_ACQUIRE) == 0)
      ;
    scheduler();
  }
  kinit();
  __atomic_store_n(&started, 1, __ATOMIC_RELEASE);
  char line[32];
  for (;;) {
    print("$ ");
    read_line(line, sizeof line);
    if (is(line, "put")) share_and_put(put);
    else if (is(line, "put-locked")) share_and_put(put_locked);
    else if (is(line, "panic")) panic("as you like");
    else if (is(line, "lose")) lose();
    else if (is(line, "free-twice")) free_twice();
    else if (is(line, "scribble")) scribble();
    else if (is(line, "take-twice")) take_twice();
    else if (is(line, "sleep")) scheduler();
    else if (is(line, "map-freed")) map_freed();
    else if (is(line, "run")) run_program(0);
    else if (is(line, "run-freed")) run_program(1);
    else if (is(line, "programs")) print("exec programs failed\n");
    else print("there is no such word\n");
  }
}
