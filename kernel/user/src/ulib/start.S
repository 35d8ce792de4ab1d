# exec leaves argc in a0 and argv in a1; what main returns is the exit status.
        .section .text.start
        .globl  _start
        .type   _start, @function
_start:
        call    main
        call    exit
        .size   _start, . - _start
