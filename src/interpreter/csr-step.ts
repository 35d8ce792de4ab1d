import { csrs } from '../isa/csrs.js';
import { Privilege } from '../isa/privilege.js';
import { MSTATUS_RESET, SSTATUS_VISIBLE, SSTATUS_WRITABLE, Status } from '../isa/status.js';
import type { CsrOperation } from '../isa/vocabulary.js';
import { hartBlock } from '../memory/map.js';
import type { MachineGlobals } from '../mmu/machine-globals.js';
import { type I32, type I64, i32, i64, select } from '../wasm/expression.js';
import type { Callee, FunctionBuilder, Local } from '../wasm/function-builder.js';
import type { ModuleBuilder } from '../wasm/module-builder.js';

const fields = hartBlock.fields;
const WORD = 8;
const csrOffset = (csr: keyof typeof csrs): number => fields.csr.offset + csrs[csr].slot * WORD;

/** How operations are numbered here. */
export const csrOperations: readonly CsrOperation[] = ['write', 'set', 'clear'];

const parameters = { hart: 'i32', encoding: 'i32', operation: 'i32', source: 'i64', rd: 'i32' } as const;
/** Carries out a Zicsr instruction, and gives 1; or 0, and the hart is to do it. `rd`: address of the register. */
export type CsrStep = Callee<typeof parameters, 'i32'>;

/** Registers that hold what is written, side by side. */
const plain = ['sscratch', 'sepc', 'scause', 'stval'] as const;
/** Fields on which neither translations nor what the supervisor may do depend. */
const QUIET = Status.SIE | Status.SPIE | Status.SPP;

/**
 * What a guest's kernel does to CSRs all the time, without leaving the engine: sstatus whenever it takes a lock, and the
 * registers of its traps. The rules are those of `hart/csr-file.ts`, which does the rest: every other register, mode and
 * field, and the setting of SIE when an interrupt is waiting for it.
 */
export function buildCsrStep(module: ModuleBuilder, machine: MachineGlobals): CsrStep {
  const f = module.function('csr_step', parameters, 'i32');
  const { hart, encoding, rd } = f.params;
  const isGuest = i32.ne(machine.busEnd, i32.const(0));
  const isSupervisor = i32.eq(i32.load(hart, fields.privilege.offset), i32.const(Privilege.Supervisor));
  f.if(i32.eqz(i32.and(isGuest, isSupervisor)), () => f.return(i32.const(0)));
  const number = f.let('number', i32.shrU(encoding, i32.const(20)));
  const operand = i32.and(i32.shrU(encoding, i32.const(15)), i32.const(31));
  const writes = f.let('writes', i32.or(i32.eqz(f.params.operation), i32.ne(operand, i32.const(0))));
  const old = f.local('old', 'i64');
  f.block((done) => {
    f.if(i32.eq(number, i32.const(csrs.sstatus.number)), () => {
      stepStatus(f, old, writes);
      f.branch(done);
    });
    const index = i32.sub(number, i32.const(csrs[plain[0]].number));
    f.if(i32.geU(index, i32.const(plain.length)), () => f.return(i32.const(0)));
    const at = f.let('at', i32.add(hart, i32.shl(index, i32.const(Math.log2(WORD)))));
    f.set(old, i64.load(at, csrOffset(plain[0])));
    f.if(writes, () => {
      // Instructions are aligned to two bytes.
      const kept = select(i64.const(-2n), i64.const(-1n), i32.eq(number, i32.const(csrs.sepc.number)));
      f.store(at, i64.and(changed(f, old), kept), csrOffset(plain[0]));
    });
  });
  f.store(rd, old);
  f.return(i32.const(1));
  f.unreachable();
  return f;
}

type Step = FunctionBuilder<typeof parameters, 'i32'>;

/** Sets `old` and changes mstatus, or returns 0 from the function. */
function stepStatus(f: Step, old: Local<'i64'>, writes: I32): void {
  const { hart } = f.params;
  const status = f.let('status', i64.load(hart, csrOffset('mstatus')));
  f.set(old, i64.and(i64.or(status, i64.const(MSTATUS_RESET)), i64.const(SSTATUS_VISIBLE)));
  f.if(writes, () => {
    const flips = f.let('flips', i64.and(i64.xor(status, changed(f, old)), i64.const(SSTATUS_WRITABLE)));
    f.if(i64.ne(i64.and(flips, i64.const(~QUIET)), i64.const(0n)), () => f.return(i32.const(0)));
    f.set(status, i64.xor(status, flips));
    const enables = i64.ne(i64.and(i64.and(flips, status), i64.const(Status.SIE)), i64.const(0n));
    const waiting = i32.or(
      i32.and(i32.atomicLoad(hart, fields.pending.offset), i32.load(hart, csrOffset('mie'))),
      i32.load(hart, fields.externalByWrite.offset),
    );
    f.if(enables, () => f.if(waiting, () => f.return(i32.const(0))));
    f.store(hart, status, csrOffset('mstatus'));
  });
}

/** What the register holds afterwards, before its own rules. */
function changed(f: Step, old: I64): I64 {
  const { operation, source } = f.params;
  const isSet = i32.eq(operation, i32.const(csrOperations.indexOf('set')));
  const bits = select<'i64'>(i64.or(old, source), i64.and(old, i64.xor(source, i64.const(-1n))), isSet);
  return select<'i64'>(source, bits, i32.eqz(operation));
}
