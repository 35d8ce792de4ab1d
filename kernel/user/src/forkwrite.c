// forkwrite [processes] [rounds] [pages]: concurrent fork and write over shared pages, checked word by word.
//
// `processes` workers repeat: fork while every page carries the parent's values, then parent and child both overwrite
// every page, in opposite orders. Neither may ever see a write of the other. 0 rounds: until killed.
// Silent while all is well. A wrong word prints one line, and the exit status is 1.
#include "user.h"

#define DEFAULT_PROCESSES 4
#define DEFAULT_ROUNDS 0
#define DEFAULT_PAGES 16
#define MAX_PROCESSES 1024
#define MAX_PAGES 65535

// Words looked at in each page: the first, the last, and two between.
#define WORDS 4
#define WORDS_PER_PAGE (PAGE / 8)

// Written once by the first process and shared by all its descendants: frames with many sharers.
#define HEIRLOOMS 4

// Exit statuses. A descendant that is well says its round's signature in the low byte, a worker 0; both put the number
// of forks and sbrks that were refused above it. FAILED: it has printed its line. KILLED is what the kernel gives.
#define FAILED (-2)
#define KILLED (-1)
#define SIGNATURE_MASK 0xff

typedef uint64_t page[WORDS_PER_PAGE];

static page heirlooms[HEIRLOOMS] __attribute__((aligned(PAGE)));
static page *arena;    // the worker's pages, at the end of its heap
static int pages;      // how many
static int me;         // this process
static int refused;    // forks and sbrks refused to this process and the descendants it waited for
static int workers[MAX_PROCESSES];

// What makes one write different from every other: who, when, where.
struct stamp {
  int pid;
  int round;
};

static int word_index(int w) { return w * (WORDS_PER_PAGE - 1) / (WORDS - 1); }

// pid 20 bits, round 20, page 16, word 8.
static uint64_t value_of(struct stamp stamp, int p, int w) {
  return ((uint64_t)stamp.pid & 0xfffff) << 44 | ((uint64_t)stamp.round & 0xfffff) << 24 | (uint64_t)p << 8 | (uint64_t)w;
}

static void fail(const char *place, int p, int w, uint64_t expected, uint64_t seen) {
  printf("forkwrite: process %d: %s page %d word %d: expected 0x%lx (pid %d round %d), saw 0x%lx (pid %d round %d page %d)\n",
         me, place, p, word_index(w), expected, (int)(expected >> 44), (int)(expected >> 24 & 0xfffff), seen,
         (int)(seen >> 44), (int)(seen >> 24 & 0xfffff), (int)(seen >> 8 & 0xffff));
  exit(FAILED);
}

// The stores and loads must happen, each of them, in this order.
static void write_page(volatile uint64_t *at, struct stamp stamp, int p) {
  for (int w = 0; w < WORDS; w++) at[word_index(w)] = value_of(stamp, p, w);
}

static void check_page(const char *place, volatile uint64_t *at, struct stamp stamp, int p) {
  for (int w = 0; w < WORDS; w++) {
    uint64_t seen = at[word_index(w)];
    uint64_t expected = value_of(stamp, p, w);
    if (seen != expected) fail(place, p, w, expected, seen);
  }
}

static void check_zero(volatile uint64_t *at, int p) {
  for (int w = 0; w < WORDS; w++)
    if (at[word_index(w)] != 0) fail("fresh", p, w, 0, at[word_index(w)]);
}

static void check_arena(struct stamp stamp) {
  for (int p = 0; p < pages; p++) check_page("arena", arena[p], stamp, p);
}

enum order { UPWARDS, DOWNWARDS, FROM_MIDDLE };

static int nth_page(enum order order, int i) {
  if (order == UPWARDS) return i;
  if (order == DOWNWARDS) return pages - 1 - i;
  return (i + pages / 2) % pages;
}

// Every page must still carry `from`; then it carries `to`. The look comes right before the write: that is where the
// other process's write would show.
static void turn_over(struct stamp from, struct stamp to, enum order order) {
  for (int i = 0; i < pages; i++) {
    int p = nth_page(order, i);
    check_page("arena", arena[p], from, p);
    write_page(arena[p], to, p);
  }
  check_arena(to);
}

static const struct stamp heirloom_stamp = {.pid = 0xfffff, .round = 0xfffff};

static void check_heirlooms(void) {
  for (int p = 0; p < HEIRLOOMS; p++) check_page("heirloom", heirlooms[p], heirloom_stamp, p);
}

// 1 to 127: tells a child of this round from an older one.
static int signature(int round) { return 1 + round % 127; }

// The low byte of a good exit status, and what was refused above it, as far as a positive int holds it.
#define MOST_REFUSED 0x7fffff
static void exit_well(int low) { exit(low | (refused < MOST_REFUSED ? refused : MOST_REFUSED) << 8); }

// Reaps one child and adds up what it says. Gives its pid, or -1 when there is none.
static int reap(int expected_pid, int round, int may_be_killed) {
  int status = 0;
  int pid = wait(&status);
  if (pid < 0) return pid;
  if (status == FAILED) exit(FAILED);
  if (pid != expected_pid) {
    printf("forkwrite: process %d: waited for child %d and got %d\n", me, expected_pid, pid);
    exit(FAILED);
  }
  if (may_be_killed && status == KILLED) return pid;
  if (status < 0 || (status & SIGNATURE_MASK) != signature(round)) {
    printf("forkwrite: process %d: child %d of round %d ended with status %d instead of %d\n", me, pid, round, status,
           signature(round));
    exit(FAILED);
  }
  refused += status >> 8;
  return pid;
}

static void must_reap(int pid, int round, int may_be_killed) {
  if (reap(pid, round, may_be_killed) >= 0) return;
  printf("forkwrite: process %d: child %d of round %d is not there to wait for\n", me, pid, round);
  exit(FAILED);
}

// A fork that knows who it is afterwards. Refused: -1, counted, and the machine gets a tick to make room.
static int try_fork(void) {
  int pid = fork();
  if (pid == 0) {
    me = getpid();
    refused = 0;
  } else if (pid < 0) {
    refused++;
    sleep(1);
  }
  return pid;
}

// Heap up and down again above the arena: what comes back from the kernel must be zero each time.
static void breathe(int count, int round) {
  struct stamp mine = {me, round};
  for (int again = 0; again < 2; again++) {
    page *fresh = (page *)sbrk(count * PAGE);
    if ((char *)fresh == NO_MEMORY) {
      refused++;
      return;
    }
    for (int p = 0; p < count; p++) {
      check_zero(fresh[p], p);
      write_page(fresh[p], mine, p);
    }
    for (int p = 0; p < count; p++) check_page("fresh", fresh[p], mine, p);
    sbrk(-count * PAGE);
  }
}

// Gives shared pages back while the other process writes them, and takes fresh ones in their place.
static void shed(int count, struct stamp from) {
  for (int p = pages - count; p < pages; p++) check_page("arena", arena[p], from, p);
  sbrk(-count * PAGE);
  pages -= count;
  page *fresh = (page *)sbrk(count * PAGE);
  if ((char *)fresh == NO_MEMORY) {
    refused++;
    return;
  }
  for (int p = 0; p < count; p++) {
    check_zero(fresh[p], pages + p);
    write_page(fresh[p], from, pages + p);
  }
  pages += count;
}

// What distinguishes one round from the next.
enum kind {
  BOTH_WRITE,
  CHILD_LEAVES,  // the child exits at once: the parent is, or becomes, the last sharer
  PARENT_WAITS,  // the parent writes after the child is gone
  GRANDCHILD,    // a fork inside the fork: three writers
  ORPHAN,        // the grandchild outlives the child
  BREATHE,       // sbrk up and down in both
  SHED,          // the child drops shared pages by sbrk
  KILL,          // the child is killed while it writes or sleeps
  HEIRLOOM,      // the child writes what everybody shares
};

// The plain kind half of the time, in an order that differs between workers.
static enum kind kind_of(int worker, int round) {
  static const unsigned char kinds[] = {BOTH_WRITE, CHILD_LEAVES, BOTH_WRITE, GRANDCHILD, BOTH_WRITE, BREATHE,
                                        BOTH_WRITE, PARENT_WAITS, BOTH_WRITE, SHED,       BOTH_WRITE, HEIRLOOM,
                                        BOTH_WRITE, ORPHAN,       BOTH_WRITE, KILL};
  return kinds[(unsigned)(worker * 5 + round) % sizeof kinds];
}

#define SLEEP_UNTIL_KILLED 100

static void child(enum kind kind, struct stamp parents, int round) {
  struct stamp mine = {me, round};
  if (kind == CHILD_LEAVES) exit_well(signature(round));
  if (kind == SHED) shed(1 + round % pages, parents);
  if (kind == GRANDCHILD || kind == ORPHAN) {
    int pid = try_fork();
    if (pid == 0) {
      struct stamp last = {me, round};
      turn_over(parents, last, FROM_MIDDLE);
      exit_well(signature(round));
    }
    turn_over(parents, mine, DOWNWARDS);
    if (kind == GRANDCHILD && pid > 0) {
      must_reap(pid, round, 0);
      check_arena(mine);
    }
    exit_well(signature(round));
  }
  turn_over(parents, mine, DOWNWARDS);
  if (kind == BREATHE) breathe(1 + round % 8, round);
  if (kind == KILL) sleep(SLEEP_UNTIL_KILLED);
  if (kind == HEIRLOOM) {
    for (int p = 0; p < HEIRLOOMS; p++) write_page(heirlooms[p], mine, p);
    for (int p = 0; p < HEIRLOOMS; p++) check_page("heirloom", heirlooms[p], mine, p);
  } else {
    check_heirlooms();
  }
  exit_well(signature(round));
}

static void run_round(enum kind kind, struct stamp before, struct stamp after) {
  int round = before.round;
  int pid = try_fork();
  if (pid == 0) child(kind, before, round);
  if (pid > 0 && kind == PARENT_WAITS) must_reap(pid, round, 0);
  if (kind == BREATHE) breathe(1 + round % 5, round);
  turn_over(before, after, UPWARDS);
  if (pid > 0 && kind != PARENT_WAITS) {
    if (kind == KILL) kill(pid);
    must_reap(pid, round, kind == KILL);
    check_arena(after);
  }
  check_heirlooms();
}

static void worker(int index, int rounds) {
  me = getpid();
  refused = 0;
  arena = (page *)sbrk(pages * PAGE);
  if ((char *)arena == NO_MEMORY) {
    printf("forkwrite: process %d: no memory for %d pages\n", me, pages);
    exit(FAILED);
  }
  struct stamp now = {me, 0};
  for (int p = 0; p < pages; p++) check_zero(arena[p], p);
  for (int p = 0; p < pages; p++) write_page(arena[p], now, p);
  for (int round = 0; rounds == 0 || round < rounds; round++) {
    struct stamp next = {me, round + 1};
    run_round(kind_of(index, round), now, next);
    now = next;
  }
  exit_well(0);
}

// Reaps workers, and orphans when this is the process that inherits them, until none is left. Gives how many failed.
static int reap_all(int started) {
  int failed = 0;
  for (;;) {
    int status = 0;
    int pid = wait(&status);
    if (pid < 0) return failed;
    int index = 0;
    while (index < started && workers[index] != pid) index++;
    if (index < started) workers[index] = 0;
    if (status >= 0) {
      refused += status >> 8;
      continue;
    }
    // What was killed below has not failed by itself.
    if (status == KILLED && failed > 0) continue;
    if (status == KILLED) printf("forkwrite: process %d was killed\n", pid);
    if (failed++ == 0)
      for (int i = 0; i < started; i++)
        if (workers[i] != 0) kill(workers[i]);
  }
}

static int argument(int argc, char **argv, int index, int otherwise, int least, int most) {
  if (argc <= index) return otherwise;
  int value = atoi(argv[index]);
  if (value >= least && value <= most) return value;
  printf("usage: forkwrite [processes, 1 to %d] [rounds, 0 = for ever] [pages, 1 to %d]\n", MAX_PROCESSES, MAX_PAGES);
  exit(2);
}

int main(int argc, char **argv) {
  int processes = argument(argc, argv, 1, DEFAULT_PROCESSES, 1, MAX_PROCESSES);
  int rounds = argument(argc, argv, 2, DEFAULT_ROUNDS, 0, INT32_MAX);
  pages = argument(argc, argv, 3, DEFAULT_PAGES, 1, MAX_PAGES);
  me = getpid();
  // The arena must begin on a page.
  int past = (int)((uintptr_t)sbrk(0) % PAGE);
  if (past != 0 && sbrk(PAGE - past) == NO_MEMORY) return 1;
  for (int p = 0; p < HEIRLOOMS; p++) write_page(heirlooms[p], heirloom_stamp, p);

  int started = 0;
  for (int i = 0; i < processes; i++) {
    int pid = fork();
    if (pid == 0) worker(i, rounds);
    if (pid < 0) refused++;
    else workers[started++] = pid;
  }
  if (started == 0) {
    printf("forkwrite: not one of %d processes could be started\n", processes);
    return 1;
  }
  int failed = reap_all(started);
  check_heirlooms();
  if (rounds > 0)
    printf("forkwrite: %d processes, %d rounds, %d pages: %s, %d refused\n", started, rounds, pages,
           failed == 0 ? "all well" : "FAILED", refused);
  return failed == 0 ? 0 : 1;
}
