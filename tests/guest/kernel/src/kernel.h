/* A kernel for the tests of the board: as small as one can be that has harts, a lock, an allocator, page tables, traps,
   a timer, a console and a disk. It checks each of them, then has a shell of four words. */
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;

enum { MAX_HARTS = 8, PAGE = 4096 };

#define RAM 0x80000000UL
#define RAM_END (RAM + 8UL * 1024 * 1024)
#define FINISHER 0x100000UL
#define RTC 0x101000UL
#define CLINT 0x2000000UL
#define PLIC 0xc000000UL
#define UART 0x10000000UL
#define DISK 0x10001000UL

enum { IRQ_DISK = 1, IRQ_UART = 10 };

#define csr_read(name) ({ u64 v_; asm volatile("csrr %0, " #name : "=r"(v_)); v_; })
#define csr_write(name, value) asm volatile("csrw " #name ", %0" ::"r"((u64)(value)) : "memory")
#define csr_set(name, bits) asm volatile("csrs " #name ", %0" ::"r"((u64)(bits)) : "memory")
#define csr_clear(name, bits) asm volatile("csrc " #name ", %0" ::"r"((u64)(bits)) : "memory")

enum { SIE_SOFTWARE = 1 << 1, SIE_TIMER = 1 << 5, SIE_EXTERNAL = 1 << 9, STATUS_SIE = 1 << 1 };

static inline volatile u32 *word(u64 address) { return (volatile u32 *)address; }
static inline volatile u8 *byte(u64 address) { return (volatile u8 *)address; }
static inline u64 hart(void) { u64 id; asm volatile("mv %0, tp" : "=r"(id)); return id; }
static inline void fence(void) { asm volatile("fence rw, rw" ::: "memory"); }

/* lock.c */
struct lock { u32 held; u32 interrupts; };
void take(struct lock *lock);
void leave(struct lock *lock);

/* print.c: %d, %x, %s */
void print(const char *format, ...);
void panic(const char *why) __attribute__((noreturn));

/* pages.c */
void pages_begin(void);
void *page_take(void);
void page_leave(void *page);
u64 pages_free(void);

/* paging.c */
enum { PTE_V = 1, PTE_R = 2, PTE_W = 4, PTE_X = 8 };
void paging_begin(void);
void paging_on(void);
void map(u64 va, u64 pa, u64 flags);

/* trap.c */
struct frame { u64 registers[32]; u64 pc; };
void trap_begin(void);
extern volatile u64 ticks[MAX_HARTS], calls[MAX_HARTS], faults[MAX_HARTS];
void call_hart(u64 id);
void wait_for(volatile u64 *word, u64 least);

/* uart.c */
void uart_begin(void);
void uart_put(char letter);
void uart_interrupt(void);
char uart_get(void);

/* disk.c */
void disk_begin(void);
void disk_interrupt(void);
void disk_sector(u64 sector, u8 *buffer, int write);

/* main.c */
extern u64 hart_count;
