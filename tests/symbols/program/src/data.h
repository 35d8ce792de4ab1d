// What a kernel keeps, in small: the shapes that names of data are made of.
typedef unsigned int uint;
typedef unsigned long uint64;

struct cpu;

struct spinlock {
  uint locked;
  const char *name;
  struct cpu *cpu;
};

struct run {
  struct run *next;
};

struct context {
  uint64 ra;
  uint64 sp;
};

enum state { UNUSED, RUNNABLE, RUNNING };

struct proc {
  struct spinlock lock;
  enum state state;
  int pid;
  struct context context;
  char name[16];
  union {
    uint64 whole;
    struct {
      uint low;
      uint high;
    };
  };
  uint wanted : 3;
  uint killed : 1;
  uint waits : 12;
};

struct cpu {
  struct proc *proc;
  volatile int depth;
  int (*handler)(struct cpu *, int);
};

struct node {
  struct node *left, *right;
  union {
    int number;
    struct node **table;
  } value;
};

extern struct proc proc[4];
extern volatile int started;

void acquire(struct spinlock *);
int  sum(struct node *, int);
