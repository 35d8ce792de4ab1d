#include "kernel.h"

/* Interrupts are off while a hart holds a lock, as a handler may want it too. */
void take(struct lock *lock) {
  u64 status = csr_read(sstatus) & STATUS_SIE;
  csr_clear(sstatus, STATUS_SIE);
  while (__atomic_exchange_n(&lock->held, 1, __ATOMIC_ACQUIRE) != 0)
    ;
  lock->interrupts = status;
}

void leave(struct lock *lock) {
  u64 status = lock->interrupts;
  __atomic_store_n(&lock->held, 0, __ATOMIC_RELEASE);
  csr_set(sstatus, status);
}
