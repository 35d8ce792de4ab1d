#include "user.h"

size_t strlen(const char *s) {
  size_t n = 0;
  while (s[n] != 0) n++;
  return n;
}

int strcmp(const char *a, const char *b) {
  while (*a != 0 && *a == *b) a++, b++;
  return (unsigned char)*a - (unsigned char)*b;
}

char *strcpy(char *to, const char *from) {
  for (size_t i = 0; (to[i] = from[i]) != 0; i++) {
  }
  return to;
}

char *strchr(const char *s, int c) {
  for (;; s++) {
    if (*s == (char)c) return (char *)s;
    if (*s == 0) return 0;
  }
}

int atoi(const char *s) {
  int negative = *s == '-';
  unsigned value = 0;
  for (s += negative; *s >= '0' && *s <= '9'; s++) value = value * 10 + (unsigned)(*s - '0');
  return (int)(negative ? 0 - value : value);
}

void *memset(void *to, int byte, size_t bytes) {
  unsigned char *at = to;
  unsigned char *stop = at + bytes;
  uint64_t word = (unsigned char)byte * 0x0101010101010101UL;
  while (at < stop && ((uintptr_t)at & 7) != 0) *at++ = (unsigned char)byte;
  for (; stop - at >= 8; at += 8) *(uint64_t *)at = word;
  while (at < stop) *at++ = (unsigned char)byte;
  return to;
}

void *memmove(void *to, const void *from, size_t bytes) {
  unsigned char *t = to;
  const unsigned char *f = from;
  if (t <= f || t >= f + bytes) return memcpy(to, from, bytes);
  while (bytes-- > 0) t[bytes] = f[bytes];
  return to;
}

// Goes upwards, which memmove relies on.
void *memcpy(void *to, const void *from, size_t bytes) {
  unsigned char *t = to;
  const unsigned char *f = from;
  if ((((uintptr_t)t | (uintptr_t)f) & 7) == 0) {
    for (; bytes >= 8; bytes -= 8, t += 8, f += 8) *(uint64_t *)t = *(const uint64_t *)f;
  }
  while (bytes-- > 0) *t++ = *f++;
  return to;
}

int memcmp(const void *a, const void *b, size_t bytes) {
  const unsigned char *x = a;
  const unsigned char *y = b;
  for (size_t i = 0; i < bytes; i++)
    if (x[i] != y[i]) return x[i] - y[i];
  return 0;
}
