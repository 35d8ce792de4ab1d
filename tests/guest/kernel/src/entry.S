# Every hart begins here, in machine mode: a0 is its number, a1 the address of the device tree.
    .section .text.entry
    .globl _entry
_entry:
    mv tp, a0
    bnez a0, 1f
    la t0, device_tree
    sd a1, 0(t0)
1:
    la sp, stacks
    addi t0, a0, 1
    slli t0, t0, 14
    add sp, sp, t0
    call start
1:  j 1b

# Machine mode handles one thing: another hart's call, which it passes on to the supervisor.
    .globl machine_trap
    .balign 4
machine_trap:
    csrrw t0, mscratch, t0
    sd t1, 0(t0)
    sd t2, 8(t0)
    li t1, 0x2000000                # the CLINT's msip
    slli t2, tp, 2
    add t1, t1, t2
    sw zero, 0(t1)
    csrsi mip, 2                    # supervisor software interrupt
    ld t1, 0(t0)
    ld t2, 8(t0)
    csrrw t0, mscratch, t0
    mret

# Supervisor mode: all registers onto the stack, then C.
    .globl supervisor_trap
    .balign 4
supervisor_trap:
    addi sp, sp, -272
    sd ra, 8(sp)
    .irp n, 3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    sd x\n, 8*\n(sp)
    .endr
    csrr t0, sepc
    sd t0, 256(sp)
    mv a0, sp
    call trap
    ld t0, 256(sp)
    csrw sepc, t0
    ld ra, 8(sp)
    .irp n, 3,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    ld x\n, 8*\n(sp)
    .endr
    addi sp, sp, 272
    sret
