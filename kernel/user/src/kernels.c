// kernels NAME REPETITIONS: loops that compilers, emulators and processors are measured by. Each prints a checksum.
#include "user.h"

static uint32_t state = 1;
static uint32_t random32(void) { return state = state * 1664525 + 1013904223; }

// Nothing but registers.
static uint64_t alu(int times) {
  uint64_t a = 0x9e3779b97f4a7c15, b = 1, c = 7;
  for (int t = 0; t < times; t++)
    for (int i = 0; i < 100000; i++) {
      a ^= a << 13;
      a ^= a >> 7;
      a ^= a << 17;
      b = b * 6364136223846793005 + a;
      c += (b >> 33) ^ (a & 0xff);
      if (c & 1) c = (c >> 1) + b;
      else c -= a;
    }
  return a ^ b ^ c;
}

#define BELOW 200000
static unsigned char composite[BELOW];
static uint64_t sieve(int times) {
  uint64_t primes = 0;
  for (int t = 0; t < times; t++) {
    memset(composite, 0, sizeof composite);
    for (int n = 2; n < BELOW; n++) {
      if (composite[n]) continue;
      primes++;
      for (int64_t multiple = (int64_t)n * n; multiple < BELOW; multiple += n) composite[multiple] = 1;
    }
  }
  return primes;
}

#define SIDE 64
static int64_t left[SIDE][SIDE], right[SIDE][SIDE], product[SIDE][SIDE];
static uint64_t matrix(int times) {
  for (int i = 0; i < SIDE; i++)
    for (int j = 0; j < SIDE; j++) left[i][j] = random32() & 0xffff, right[i][j] = random32() & 0xffff;
  uint64_t sum = 0;
  for (int t = 0; t < times; t++) {
    for (int i = 0; i < SIDE; i++)
      for (int j = 0; j < SIDE; j++) {
        int64_t cell = 0;
        for (int k = 0; k < SIDE; k++) cell += left[i][k] * right[k][j];
        product[i][j] = cell;
      }
    left[t % SIDE][t % 7] ^= product[t % 5][t % SIDE] & 0xff;
    sum += product[t % SIDE][(t * 3) % SIDE];
  }
  return sum;
}

#define WORDS 8192
static uint64_t from[WORDS], to[WORDS];
static void copy(uint64_t *at, const uint64_t *source, int64_t words) {
  for (int64_t i = 0; i < words; i += 4) {
    at[i] = source[i];
    at[i + 1] = source[i + 1];
    at[i + 2] = source[i + 2];
    at[i + 3] = source[i + 3];
  }
}
static uint64_t copies(int times) {
  for (int i = 0; i < WORDS; i++) from[i] = random32();
  uint64_t sum = 0;
  for (int t = 0; t < times; t++) {
    copy(to, from, WORDS);
    from[t % WORDS] += to[(t * 7) % WORDS] + 1;
    sum ^= to[t % WORDS];
  }
  return sum;
}

#define COUNT 20000
static int32_t values[COUNT];
typedef int compare(const int32_t *a, const int32_t *b);
static int ascending(const int32_t *a, const int32_t *b) { return *a < *b ? -1 : *a > *b; }
static int descending(const int32_t *a, const int32_t *b) { return ascending(b, a); }
static void sort(int32_t *at, int64_t count, compare *order) {
  while (count > 1) {
    int32_t pivot = at[(count - 1) / 2];
    int64_t low = -1, high = count;
    for (;;) {
      do low++;
      while (order(&at[low], &pivot) < 0);
      do high--;
      while (order(&at[high], &pivot) > 0);
      if (low >= high) break;
      int32_t kept = at[low];
      at[low] = at[high];
      at[high] = kept;
    }
    int64_t half = high + 1;
    if (half <= count - half) {
      sort(at, half, order);
      at += half;
      count -= half;
    } else {
      sort(at + half, count - half, order);
      count = half;
    }
  }
}
static uint64_t quicksort(int times) {
  compare *volatile orders[] = {ascending, descending};
  uint64_t sum = 0;
  for (int t = 0; t < times; t++) {
    for (int i = 0; i < COUNT; i++) values[i] = (int32_t)random32();
    sort(values, COUNT, orders[t % 2]);
    sum = sum * 31 + (uint32_t)values[t % COUNT];
  }
  return sum;
}

static __attribute__((noinline)) uint64_t fib(uint64_t n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
static uint64_t fibonacci(int times) {
  uint64_t sum = 0;
  for (int t = 0; t < times; t++) sum += fib(20 + t % 3);
  return sum;
}

static uint32_t crc_table[256];
static uint32_t crc_of(uint32_t crc, const unsigned char *bytes, int count) {
  for (int i = 0; i < count; i++) crc = crc_table[(crc ^ bytes[i]) & 0xff] ^ (crc >> 8);
  return crc;
}
static void crc_start(void) {
  for (uint32_t n = 0; n < 256; n++) {
    uint32_t c = n;
    for (int k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >> 1) : c >> 1;
    crc_table[n] = c;
  }
}
static uint64_t crc(int times) {
  crc_start();
  unsigned char *bytes = (unsigned char *)from;
  for (int i = 0; i < WORDS; i++) from[i] = random32();
  uint32_t sum = 0;
  for (int t = 0; t < times; t++) sum = crc_of(sum, bytes, sizeof from);
  return sum;
}

// Numbers, names and blanks, as a scanner sees them.
enum { BLANK, NUMBER, NAME, POINT, EXPONENT, BAD, STATES };
static char text[4096];
static int scan(const char *at, uint64_t *counts) {
  int now = BLANK, changes = 0;
  for (; *at; at++) {
    char c = *at;
    int next = now;
    switch (now) {
      case BLANK:
        if (c >= '0' && c <= '9') next = NUMBER;
        else if (c >= 'a' && c <= 'z') next = NAME;
        else if (c != ' ') next = BAD;
        break;
      case NUMBER:
        if (c == '.') next = POINT;
        else if (c == 'e') next = EXPONENT;
        else if (c == ' ') next = BLANK;
        else if (c < '0' || c > '9') next = BAD;
        break;
      case POINT:
        if (c == 'e') next = EXPONENT;
        else if (c == ' ') next = BLANK;
        else if (c < '0' || c > '9') next = BAD;
        break;
      case EXPONENT:
        if (c == ' ') next = BLANK;
        else if (c != '+' && c != '-' && (c < '0' || c > '9')) next = BAD;
        break;
      case NAME:
        if (c == ' ') next = BLANK;
        else if (c == '.') next = BAD;
        break;
      default:
        if (c == ' ') next = BLANK;
    }
    if (next != now) counts[next]++, changes++;
    now = next;
  }
  return changes;
}
static void fill_text(void) {
  static const char symbols[] = "0123456789.e+-abcdxyz     ";
  for (unsigned i = 0; i < sizeof text - 1; i++) text[i] = symbols[(random32() >> 16) % (sizeof symbols - 1)];
}
static uint64_t states(int times) {
  uint64_t counts[STATES] = {0}, sum = 0;
  fill_text();
  for (int t = 0; t < times; t++) sum += scan(text, counts);
  for (int i = 0; i < STATES; i++) sum = sum * 31 + counts[i];
  return sum;
}

#define NODES 4096
struct node {
  struct node *next;
  int64_t value;
};
static struct node nodes[NODES];
static struct node *reverse(struct node *list) {
  struct node *done = 0;
  while (list) {
    struct node *next = list->next;
    list->next = done;
    done = list;
    list = next;
  }
  return done;
}
static struct node *shuffled(void) {
  static int order[NODES];
  for (int i = 0; i < NODES; i++) order[i] = i;
  for (int i = NODES - 1; i > 0; i--) {
    int other = (random32() >> 8) % (i + 1), kept = order[i];
    order[i] = order[other];
    order[other] = kept;
  }
  for (int i = 0; i < NODES; i++) {
    nodes[order[i]].value = i;
    nodes[order[i]].next = i + 1 < NODES ? &nodes[order[i + 1]] : 0;
  }
  return &nodes[order[0]];
}
static uint64_t list(int times) {
  struct node *first = shuffled();
  uint64_t sum = 0;
  for (int t = 0; t < times; t++) {
    for (struct node *at = first; at; at = at->next) sum += at->value ^ t;
    first = reverse(first);
  }
  return sum;
}

// A bit of each in turn, as CoreMark does it.
static uint64_t mix(int times) {
  crc_start();
  fill_text();
  uint64_t counts[STATES] = {0};
  uint32_t sum = 0;
  struct node *first = shuffled();
  for (int t = 0; t < times; t++) {
    int64_t found = 0;
    for (struct node *at = first; at && found < 200; at = at->next) found += (at->value & 7) == (t & 7);
    first = reverse(first);
    int64_t cells = 0;
    for (int i = 0; i < 12; i++)
      for (int j = 0; j < 12; j++)
        for (int k = 0; k < 12; k++) cells += (int16_t)(values[i * 12 + k] * values[k * 12 + j]) >> 2;
    for (int i = 0; i < 144; i++) values[i] = (int32_t)(values[i] + cells + t);
    uint64_t changes = scan(text + (t & 63), counts);
    uint64_t results[3] = {(uint64_t)found, (uint64_t)cells, changes};
    sum = crc_of(sum, (unsigned char *)results, sizeof results);
  }
  return sum;
}

static const struct {
  const char *name;
  uint64_t (*run)(int times);
} kernels[] = {
    {"alu", alu}, {"sieve", sieve}, {"matrix", matrix},    {"memcpy", copies}, {"quicksort", quicksort},
    {"fib", fibonacci}, {"crc", crc}, {"states", states}, {"list", list},     {"mix", mix},
};

int main(int argc, char **argv) {
  int times = argc > 2 ? atoi(argv[2]) : 1;
  for (unsigned i = 0; argc > 1 && i < sizeof kernels / sizeof kernels[0]; i++)
    if (strcmp(argv[1], kernels[i].name) == 0) {
      printf("%s: %d times, checksum 0x%lx\n", argv[1], times, kernels[i].run(times));
      return 0;
    }
  printf("kernels: usage: kernels NAME REPETITIONS; there is no kernel %s\n", argc > 1 ? argv[1] : "without a name");
  return 1;
}
