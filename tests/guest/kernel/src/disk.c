#include "kernel.h"

/* virtio's memory-mapped transport, in both of its versions. */
enum { MAGIC = 0, VERSION = 4, ID = 8, FEATURES = 0x20, PAGE_SIZE = 0x28, SELECT = 0x30, MOST = 0x34, NUM = 0x38 };
enum { ALIGN = 0x3c, PFN = 0x40, READY = 0x44, NOTIFY = 0x50, REASON = 0x60, ACKNOWLEDGE = 0x64, STATUS = 0x70 };
enum { DESCRIPTORS = 0x80, AVAILABLE = 0x90, USED = 0xa0, CAPACITY = 0x100 };
enum { QUEUE = 8, NEXT = 1, WRITABLE = 2, READ_SECTOR = 0, WRITE_SECTOR = 1, SECTOR = 512 };

struct descriptor { u64 at; u32 bytes; u16 flags; u16 next; };
struct used { u16 flags; volatile u16 count; struct { u32 id; u32 bytes; } ring[QUEUE]; };

static u8 queue[2 * PAGE] __attribute__((aligned(4096)));
static struct descriptor *const descriptors = (struct descriptor *)queue;
static u16 *const available = (u16 *)(queue + 16 * QUEUE);
static struct used *const used = (struct used *)(queue + PAGE);
static volatile u64 done;

static void set(u64 offset, u64 value) { *word(DISK + offset) = value; }
static void set_wide(u64 offset, void *at) {
  set(offset, (u64)at);
  set(offset + 4, (u64)at >> 32);
}

void disk_begin(void) {
  u32 version = *word(DISK + VERSION);
  if (*word(DISK + MAGIC) != 0x74726976 || *word(DISK + ID) != 2) panic("no disk");
  set(STATUS, 0);
  set(STATUS, 1);
  set(STATUS, 3);
  set(FEATURES, 0);
  set(STATUS, version == 1 ? 3 : 11);
  set(SELECT, 0);
  if (*word(DISK + MOST) < QUEUE) panic("the disk's queue is too short");
  set(NUM, QUEUE);
  if (version == 1) {
    set(PAGE_SIZE, PAGE);
    set(ALIGN, PAGE);
    set(PFN, (u64)queue / PAGE);
  } else {
    set_wide(DESCRIPTORS, descriptors);
    set_wide(AVAILABLE, available);
    set_wide(USED, used);
    set(READY, 1);
  }
  set(STATUS, version == 1 ? 7 : 15);
  print("disk: version %d, %d sectors\n", (u64)version, (u64)*word(DISK + CAPACITY));
}

void disk_interrupt(void) {
  set(ACKNOWLEDGE, *word(DISK + REASON));
  fence();
  /* One request at a time, and no more than 2^16 in all. */
  done = used->count;
}

/* One caller at a time; waits for the interrupt. */
void disk_sector(u64 sector, u8 *buffer, int write) {
  static struct { u32 type; u32 reserved; u64 sector; } header;
  static volatile u8 status;
  header.type = write ? WRITE_SECTOR : READ_SECTOR;
  header.sector = sector;
  status = 0xff;
  descriptors[0] = (struct descriptor){(u64)&header, sizeof header, NEXT, 1};
  descriptors[1] = (struct descriptor){(u64)buffer, SECTOR, NEXT | (write ? 0 : WRITABLE), 2};
  descriptors[2] = (struct descriptor){(u64)&status, 1, WRITABLE, 0};
  available[2 + available[1] % QUEUE] = 0;
  fence();
  available[1]++;
  fence();
  u64 before = done;
  set(NOTIFY, 0);
  wait_for(&done, before + 1);
  if (status != 0) panic("the disk failed");
}
