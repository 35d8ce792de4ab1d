/**
 * Encodings and their text at address 0x100000. The encodings come from another assembler (GNU as 2.40 with
 * -march=rv64imac_zicsr_zifencei_zihintpause), so they hold our tables to something that we did not write.
 */
export const goldenAddress = 0x100000n;

const pairs = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => ({ word: Number.parseInt(line.slice(0, 8), 16), text: line.slice(9) }));

/** Instructions by their own names. */
export const goldenInstructions = pairs(`
000400b7 lui ra,0x40
80000837 lui a6,0x80000
7ffff837 lui a6,0x7ffff
00040097 auipc ra,0x40
80000817 auipc a6,0x80000
7ffff817 auipc a6,0x7ffff
080000ef jal ra,0x100080
8000086f jal a6,0x0
7ffff86f jal a6,0x1ffffe
004800e7 jalr ra,4(a6)
80080867 jalr a6,-2048(a6)
7ff80867 jalr a6,2047(a6)
09008063 beq ra,a6,0x100080
81080063 beq a6,a6,0xff000
7f080fe3 beq a6,a6,0x100ffe
09009063 bne ra,a6,0x100080
81081063 bne a6,a6,0xff000
7f081fe3 bne a6,a6,0x100ffe
0900c063 blt ra,a6,0x100080
81084063 blt a6,a6,0xff000
7f084fe3 blt a6,a6,0x100ffe
0900d063 bge ra,a6,0x100080
81085063 bge a6,a6,0xff000
7f085fe3 bge a6,a6,0x100ffe
0900e063 bltu ra,a6,0x100080
81086063 bltu a6,a6,0xff000
7f086fe3 bltu a6,a6,0x100ffe
0900f063 bgeu ra,a6,0x100080
81087063 bgeu a6,a6,0xff000
7f087fe3 bgeu a6,a6,0x100ffe
00480083 lb ra,4(a6)
80080803 lb a6,-2048(a6)
7ff80803 lb a6,2047(a6)
00481083 lh ra,4(a6)
80081803 lh a6,-2048(a6)
7ff81803 lh a6,2047(a6)
00482083 lw ra,4(a6)
80082803 lw a6,-2048(a6)
7ff82803 lw a6,2047(a6)
00483083 ld ra,4(a6)
80083803 ld a6,-2048(a6)
7ff83803 ld a6,2047(a6)
00484083 lbu ra,4(a6)
80084803 lbu a6,-2048(a6)
7ff84803 lbu a6,2047(a6)
00485083 lhu ra,4(a6)
80085803 lhu a6,-2048(a6)
7ff85803 lhu a6,2047(a6)
00486083 lwu ra,4(a6)
80086803 lwu a6,-2048(a6)
7ff86803 lwu a6,2047(a6)
09008023 sb a6,128(ra)
81080023 sb a6,-2048(a6)
7f080fa3 sb a6,2047(a6)
09009023 sh a6,128(ra)
81081023 sh a6,-2048(a6)
7f081fa3 sh a6,2047(a6)
0900a023 sw a6,128(ra)
81082023 sw a6,-2048(a6)
7f082fa3 sw a6,2047(a6)
0900b023 sd a6,128(ra)
81083023 sd a6,-2048(a6)
7f083fa3 sd a6,2047(a6)
00480093 addi ra,a6,4
80080813 addi a6,a6,-2048
7ff80813 addi a6,a6,2047
00482093 slti ra,a6,4
80082813 slti a6,a6,-2048
7ff82813 slti a6,a6,2047
00483093 sltiu ra,a6,4
80083813 sltiu a6,a6,-2048
7ff83813 sltiu a6,a6,2047
00484093 xori ra,a6,4
80084813 xori a6,a6,-2048
7ff84813 xori a6,a6,2047
00486093 ori ra,a6,4
80086813 ori a6,a6,-2048
7ff86813 ori a6,a6,2047
00487093 andi ra,a6,4
80087813 andi a6,a6,-2048
7ff87813 andi a6,a6,2047
00181093 slli ra,a6,1
00081813 slli a6,a6,0
03f81813 slli a6,a6,63
00185093 srli ra,a6,1
00085813 srli a6,a6,0
03f85813 srli a6,a6,63
40185093 srai ra,a6,1
40085813 srai a6,a6,0
43f85813 srai a6,a6,63
01098833 add a6,s3,a6
41098833 sub a6,s3,a6
01099833 sll a6,s3,a6
0109a833 slt a6,s3,a6
0109b833 sltu a6,s3,a6
0109c833 xor a6,s3,a6
0109d833 srl a6,s3,a6
4109d833 sra a6,s3,a6
0109e833 or a6,s3,a6
0109f833 and a6,s3,a6
0048009b addiw ra,a6,4
8008081b addiw a6,a6,-2048
7ff8081b addiw a6,a6,2047
0018109b slliw ra,a6,1
0008181b slliw a6,a6,0
01f8181b slliw a6,a6,31
0018509b srliw ra,a6,1
0008581b srliw a6,a6,0
01f8581b srliw a6,a6,31
4018509b sraiw ra,a6,1
4008581b sraiw a6,a6,0
41f8581b sraiw a6,a6,31
0109883b addw a6,s3,a6
4109883b subw a6,s3,a6
0109983b sllw a6,s3,a6
0109d83b srlw a6,s3,a6
4109d83b sraw a6,s3,a6
1000000f .4byte 0x1000000f
fff0000f .4byte 0xfff0000f
0310000f fence rw,w
0820000f fence i,r
05c0000f fence ow,io
0000100f fence.i
03098833 mul a6,s3,a6
03099833 mulh a6,s3,a6
0309a833 mulhsu a6,s3,a6
0309b833 mulhu a6,s3,a6
0309c833 div a6,s3,a6
0309d833 divu a6,s3,a6
0309e833 rem a6,s3,a6
0309f833 remu a6,s3,a6
0309883b mulw a6,s3,a6
0309c83b divw a6,s3,a6
0309d83b divuw a6,s3,a6
0309e83b remw a6,s3,a6
0309f83b remuw a6,s3,a6
1202282f lr.w.rl a6,(tp)
1b0a282f sc.w.rl a6,a6,(s4)
030a282f amoadd.w.rl a6,a6,(s4)
0b0a282f amoswap.w.rl a6,a6,(s4)
230a282f amoxor.w.rl a6,a6,(s4)
430a282f amoor.w.rl a6,a6,(s4)
630a282f amoand.w.rl a6,a6,(s4)
830a282f amomin.w.rl a6,a6,(s4)
a30a282f amomax.w.rl a6,a6,(s4)
c30a282f amominu.w.rl a6,a6,(s4)
e30a282f amomaxu.w.rl a6,a6,(s4)
1202382f lr.d.rl a6,(tp)
1b0a382f sc.d.rl a6,a6,(s4)
030a382f amoadd.d.rl a6,a6,(s4)
0b0a382f amoswap.d.rl a6,a6,(s4)
230a382f amoxor.d.rl a6,a6,(s4)
430a382f amoor.d.rl a6,a6,(s4)
630a382f amoand.d.rl a6,a6,(s4)
830a382f amomin.d.rl a6,a6,(s4)
a30a382f amomax.d.rl a6,a6,(s4)
c30a382f amominu.d.rl a6,a6,(s4)
e30a382f amomaxu.d.rl a6,a6,(s4)
008810f3 csrrw ra,0x8,a6
00081873 csrrw a6,0x0,a6
fff81873 csrrw a6,0xfff,a6
008820f3 csrrs ra,0x8,a6
00082873 csrrs a6,0x0,a6
fff82873 csrrs a6,0xfff,a6
008830f3 csrrc ra,0x8,a6
00083873 csrrc a6,0x0,a6
fff83873 csrrc a6,0xfff,a6
008850f3 csrrwi ra,0x8,16
00085873 csrrwi a6,0x0,16
fff85873 csrrwi a6,0xfff,16
008860f3 csrrsi ra,0x8,16
00086873 csrrsi a6,0x0,16
fff86873 csrrsi a6,0xfff,16
008870f3 csrrci ra,0x8,16
00087873 csrrci a6,0x0,16
fff87873 csrrci a6,0xfff,16
00000073 ecall
00100073 ebreak
10200073 sret
30200073 mret
10500073 wfi
12280073 sfence.vma a6,sp
1004     c.addi4spn s1,sp,32
0050     c.addi4spn a2,sp,4
1ff0     c.addi4spn a2,sp,1020
4604     c.lw s1,8(a2)
4210     c.lw a2,0(a2)
5e70     c.lw a2,124(a2)
6604     c.ld s1,8(a2)
6210     c.ld a2,0(a2)
7e70     c.ld a2,248(a2)
c490     c.sw a2,8(s1)
c210     c.sw a2,0(a2)
de70     c.sw a2,124(a2)
e490     c.sd a2,8(s1)
e210     c.sd a2,0(a2)
fe70     c.sd a2,248(a2)
0001     c.nop
017d     c.addi sp,31
1801     c.addi a6,-32
0ffd     c.addi t6,31
217d     c.addiw sp,31
3801     c.addiw a6,-32
2ffd     c.addiw t6,31
417d     c.li sp,31
5801     c.li a6,-32
4ffd     c.li t6,31
7141     c.addi16sp sp,-496
7101     c.addi16sp sp,-512
617d     c.addi16sp sp,496
61fd     c.lui gp,0x1f
7801     c.lui a6,0xfffe0
6ffd     c.lui t6,0x1f
9081     c.srli s1,32
8205     c.srli a2,1
927d     c.srli a2,63
9481     c.srai s1,32
8605     c.srai a2,1
967d     c.srai a2,63
88fd     c.andi s1,31
9a01     c.andi a2,-32
8bfd     c.andi a5,31
8e09     c.sub a2,a0
8e29     c.xor a2,a0
8e49     c.or a2,a0
8e69     c.and a2,a0
9e09     c.subw a2,a0
9e29     c.addw a2,a0
b009     c.j 0xff802
b001     c.j 0xff800
affd     c.j 0x1007fe
c481     c.beqz s1,0x100008
d201     c.beqz a2,0xfff00
ce7d     c.beqz a2,0x1000fe
e481     c.bnez s1,0x100008
f201     c.bnez a2,0xfff00
ee7d     c.bnez a2,0x1000fe
1102     c.slli sp,32
0806     c.slli a6,1
187e     c.slli a6,63
5102     c.lwsp sp,32(sp)
4802     c.lwsp a6,0(sp)
587e     c.lwsp a6,252(sp)
7102     c.ldsp sp,32(sp)
6802     c.ldsp a6,0(sp)
787e     c.ldsp a6,504(sp)
8982     c.jr s3
880e     c.mv a6,gp
9002     c.ebreak
9982     c.jalr s3
980e     c.add a6,gp
c206     c.swsp ra,4(sp)
c042     c.swsp a6,0(sp)
dfc2     c.swsp a6,252(sp)
e406     c.sdsp ra,8(sp)
e042     c.sdsp a6,0(sp)
ffc2     c.sdsp a6,504(sp)
`);

/** Pseudo-instructions, as disassembly with aliases shows them. */
export const goldenAliases = pairs(`
00000013 nop
00058513 mv a0,a1
80000513 li a0,-2048
fff5c513 not a0,a1
40b00533 neg a0,a1
41b00fbb negw t6,s11
0005851b sext.w a0,a1
0ff5f513 zext.b a0,a1
0015b513 seqz a0,a1
00b03533 snez a0,a1
0005a533 sltz a0,a1
00b02533 sgtz a0,a1
00050863 beqz a0,0x100010
fe0518e3 bnez a0,0xffff0
7ea05fe3 blez a0,0x100ffe
80055063 bgez a0,0xff000
00054163 bltz a0,0x100002
00a04863 bgtz a0,0x100010
7ffff06f j 0x1ffffe
800000ef jal 0x0
00008067 ret
00050067 jr a0
ff850067 jr -8(a0)
000500e7 jalr a0
7ff500e7 jalr 2047(a0)
c0002573 rdcycle a0
c01025f3 rdtime a1
c0202673 rdinstret a2
18002573 csrr a0,satp
14151073 csrw sepc,a0
10452073 csrs sie,a0
14453073 csrc sip,a0
105fd073 csrwi stvec,31
10016073 csrsi sstatus,2
10017073 csrci sstatus,2
0ff0000f fence
8330000f fence.tso
0100000f pause
12000073 sfence.vma
12050073 sfence.vma a0
c0001073 unimp
`);
