// What a user program may use: xv6's system calls, and a small library over them.
#pragma once
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE 4096
// Where user addresses end (Sv39 without the upper half).
#define MAXVA (1UL << 38)

// System calls (syscalls.S). Each gives -1 when the kernel refuses, unless stated otherwise.

struct stat;

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

// malloc.c
void *malloc(size_t bytes);                   // 16-byte aligned; 0 when there is no memory
void free(void *block);
