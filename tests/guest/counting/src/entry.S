# Every hart begins here, in machine mode and stays there; a0 says which it is.
  .section .entry, "ax"
  .globl _entry
_entry:
  la sp, stacks
  addi t0, a0, 1
  slli t0, t0, 12
  add sp, sp, t0
  mv tp, a0
  call main
