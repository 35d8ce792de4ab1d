// What a user program may use: xv6's system calls, and a small library over them.
#pragma once
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE 4096
// Where user addresses end (Sv39 without the upper half).
#define MAXVA (1UL << 38)

// Limits of the kernel that a program can meet.
#define MAXARG 32        // pointers that exec takes, the terminating 0 included
#define MAXPATH 128      // bytes of a path, the terminating 0 included
#define NOFILE 16        // open files of one process
#define BSIZE 1024       // bytes of a block of the file system
#define MAXFILE (12 + BSIZE / 4) // blocks of the longest file: 12 direct, and those of one indirect block
#define DIRSIZ 14        // bytes of a name in a directory

// Flags of open.
#define O_RDONLY 0x000
#define O_WRONLY 0x001
#define O_RDWR 0x002
#define O_CREATE 0x200
#define O_TRUNC 0x400

enum { T_DIR = 1, T_FILE = 2, T_DEVICE = 3 };

struct stat {
  int dev;
  unsigned ino;
  short type; // T_DIR, T_FILE or T_DEVICE
  short nlink;
  uint64_t size; // bytes
};

// A directory is a file of these.
struct dirent {
  uint16_t inum;     // 0: the entry is free
  char name[DIRSIZ]; // ends at the first 0, or is full
};

// Major device number of the console.
#define CONSOLE 1

// System calls (syscalls.S). Each gives -1 when the kernel refuses, unless stated otherwise.

int fork(void);                               // 0 in the child, its pid in the parent
int exit(int status) __attribute__((noreturn));
int wait(int *status);                        // pid of a child that ended; status may be 0
int pipe(int fds[2]);
int read(int fd, void *data, int bytes);
int kill(int pid);
int exec(const char *path, char **argv);      // returns only when refused
int fstat(int fd, struct stat *st);
int chdir(const char *path);
int dup(int fd);
int getpid(void);                             // cannot fail
char *sbrk(int bytes);                        // the old end of the heap, or NO_MEMORY
char *sbrklazy(int bytes);                    // the same; with `--abi xv6-2025` a page comes when it is first touched
int sleep(int ticks);
int uptime(void);                             // ticks since boot; cannot fail
int open(const char *path, int flags);
int write(int fd, const void *data, int bytes);
int mknod(const char *path, short major, short minor);
int unlink(const char *path);
int link(const char *old, const char *fresh);
int mkdir(const char *path);
int close(int fd);

#define NO_MEMORY ((char *)-1)

// printf.c: %d %i %u %x %p %s %c %%, with l or ll for 64 bits. One call is one write (up to 256 bytes), so that the
// lines of processes that run at the same time do not mix.
void printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
void fprintf(int fd, const char *format, ...) __attribute__((format(printf, 2, 3)));
void vfprintf(int fd, const char *format, va_list args);

// string.c
size_t strlen(const char *s);
int strcmp(const char *a, const char *b);
char *strcpy(char *to, const char *from);
char *strchr(const char *s, int c);
int atoi(const char *s);                      // decimal, optional minus; stops at the first other character
void *memset(void *to, int byte, size_t bytes);
void *memcpy(void *to, const void *from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
int memcmp(const void *a, const void *b, size_t bytes);

// files.c
int stat(const char *path, struct stat *st);  // -1 when it cannot be opened
// Reads up to the next newline, which it leaves out. 1: `line` holds it, zero-terminated; 0: there was nothing left to
// read. What does not fit into `size` bytes is read and lost, and `*whole` (unless it is 0) says whether that happened.
// Takes a byte at a time, so that another program can read on behind it.
int read_line(int fd, char *line, int size, int *whole);
int write_all(int fd, const void *data, int bytes); // 0, or -1 when not everything could be written

// fork.c: like fork, but the child begins when the parent has its stack for itself again. The parent's first store after
// a fork may need a page for a copy, and the kernel ends a process that gets none: one that the child outruns, and that
// then finds the child, or who came after it, with all the memory there is. Needs two free descriptors for a moment.
int fork_settled(void);

// malloc.c
void *malloc(size_t bytes);                   // 16-byte aligned; 0 when there is no memory
void free(void *block);
