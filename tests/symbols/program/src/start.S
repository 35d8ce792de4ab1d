# Assembly has lines, but no functions in its debug information.
        .text
        .globl _start
        .type _start, @function
_start: li   a0, 1
        call main
        li   a7, 2
        ecall
1:      j    1b
        .size _start, . - _start

        .bss
        .globl scratch
        .align 3
scratch:
        .zero 24
