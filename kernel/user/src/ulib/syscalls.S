# xv6's system calls: the number in a7, arguments in a0 to a2, the result in a0.
        .macro  syscall name, number
        .section .text.\name
        .globl  \name
        .type   \name, @function
\name:
        li      a7, \number
        ecall
        ret
        .size   \name, . - \name
        .endm

        syscall fork, 1
        syscall exit, 2
        syscall wait, 3
        syscall pipe, 4
        syscall read, 5
        syscall kill, 6
        syscall exec, 7
        syscall fstat, 8
        syscall chdir, 9
        syscall dup, 10
        syscall getpid, 11
        syscall sleep, 13
        syscall uptime, 14
        syscall open, 15
        syscall write, 16
        syscall mknod, 17
        syscall unlink, 18
        syscall link, 19
        syscall mkdir, 20
        syscall close, 21

# xv6's of 2025 has a second argument, in a1; older ones do not look there.
        .macro  grow name, how
        .section .text.\name
        .globl  \name
        .type   \name, @function
\name:
        li      a1, \how
        li      a7, 12
        ecall
        ret
        .size   \name, . - \name
        .endm

        grow    sbrk, 1
        grow    sbrklazy, 2
