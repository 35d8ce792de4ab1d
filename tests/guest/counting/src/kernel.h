/* A kernel as small as one can be in which harts share pages by counting: the names are xv6's, so that its profile fits. */
typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long u64;

enum { HARTS = 2, PAGE = 4096, PAGES = 8 };

struct spinlock { u32 locked; };
void acquire(struct spinlock *lock);
void release(struct spinlock *lock);
void panic(const char *why) __attribute__((noreturn));

/* pages.c */
void kinit(void);
void *kalloc(void);
void kfree(void *page);
void share(void *page, u32 owners);
void put(void *page);
void put_locked(void *page);

/* mistakes.c */
void lose(void);
void free_twice(void);
void scribble(void);
void take_twice(void);
void map_freed(void);
void run_program(int freed);

/* uart.c */
void print(const char *text);
void read_line(char *line, u32 most);
