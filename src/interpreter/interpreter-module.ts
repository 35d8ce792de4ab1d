import { Exit } from '../hart/engine.js';
import { controlBlock, hartBlock, StopRequest } from '../memory/map.js';
import { buildFetchPage, buildReadAddress, buildWriteAddress } from '../mmu/addresses.js';
import { buildFlushCode, buildFlushPage, buildFlushTlb } from '../mmu/flush.js';
import { declareMachineGlobals, type MachineGlobals } from '../mmu/machine-globals.js';
import { buildTranslate } from '../mmu/page-walk.js';
import { i32, i64, select } from '../wasm/expression.js';
import { ModuleBuilder } from '../wasm/module-builder.js';
import { buildAnnounce } from './announce.js';
import { buildFetchSlot } from './code-slots.js';
import { buildCsrStep } from './csr-step.js';
import { buildDecodeParcel, buildDecodeWord } from './decode.js';
import { buildFastLoop, type FastLoop } from './fast-loop.js';
import { buildGranuleLocks } from './granule-locks.js';
import { buildMemoryAccess } from './memory-access.js';
import { declareOutcome } from './outcome.js';
import { declareQuiet } from './quiet-access.js';
import { buildDropRegions, buildEnterRegion, regionParameters } from './regions.js';
import { buildReservations, type Reservations } from './reservations.js';
import { buildSingleStep } from './single-step.js';
import { buildStraddle } from './straddle.js';

const fields = hartBlock.fields;

/**
 * Instructions between two looks at other harts' requests. It bounds how long a hart that reserves waits for one that
 * runs. It also brings V8's optimised code into use: a running loop is never replaced, only the next call of it.
 */
const STRETCH = 10_000n;

/** The interpreter as a WebAssembly module: exports `run(hart)` and the flushes of `mmu/flush.ts`. */
export function interpreterBytes(): Uint8Array {
  const module = new ModuleBuilder();
  const region = module.signature(regionParameters, 'i64');
  module.importedTable('regions');
  const machine = declareMachineGlobals(module);
  const threshold = module.importedGlobal('threshold', 'i32');
  const outcome = declareOutcome(module);

  const translate = buildTranslate(module, machine);
  const readAddress = buildReadAddress(module, machine, translate);
  const writeAddress = buildWriteAddress(module, machine, translate);
  const fetchPage = buildFetchPage(module, machine, translate);

  const locks = buildGranuleLocks(module, machine);
  const quiet = declareQuiet(module);
  const announce = buildAnnounce(module, machine, outcome, quiet);
  const parts = { machine, outcome, announce, quiet, locks, readAddress, writeAddress };
  const access = buildMemoryAccess(module, parts);
  const reservations = buildReservations(module, parts);

  const decodeWord = buildDecodeWord(module);
  const decodeParcel = buildDecodeParcel(module, decodeWord);
  const fetchSlot = buildFetchSlot(module, machine, fetchPage);
  const straddle = buildStraddle(module, fetchSlot, decodeWord);
  const csrStep = buildCsrStep(module, machine);
  const singleStep = buildSingleStep(module, { ...parts, access, reservations, straddle, csrStep });
  const fastLoop = buildFastLoop(module, { fetchSlot, decodeParcel, singleStep, region, threshold });

  buildRun(module, machine, fastLoop, reservations);
  buildFlushTlb(module);
  buildFlushPage(module);
  buildFlushCode(module);
  buildEnterRegion(module, region);
  buildDropRegions(module);
  return module.finish();
}

function buildRun(module: ModuleBuilder, machine: MachineGlobals, fastLoop: FastLoop, { answer }: Reservations): void {
  const f = module.exportedFunction('run', { hart: 'i32' } as const, 'i32');
  const { hart } = f.params;
  const budget = f.local('budget', 'i64');
  const exit = f.let('exit', i32.const(Exit.Budget));
  // Before the first look at requests; pairs with `settle`, which reads it after it has asked.
  f.atomicStore(hart, i32.const(1), fields.inGuest.offset);
  f.block((leave) =>
    f.loop((again) => {
      f.run(answer, { hart });
      const stop = i32.atomicLoad(machine.control, controlBlock.fields.stop.offset);
      f.branchIf(i32.eq(stop, i32.const(StopRequest.Abort)), leave);
      f.set(budget, i64.load(hart, fields.budget.offset));
      f.branchIf(i64.leS(budget, i64.const(0n)), leave);
      const stretch = i32.wrap(select(budget, i64.const(STRETCH), i64.ltS(budget, i64.const(STRETCH))));
      f.set(exit, f.call(fastLoop, { hart, stretch }));
      f.branchIf(i32.eq(exit, i32.const(Exit.Budget)), again);
    }),
  );
  f.atomicStore(hart, i32.const(0), fields.inGuest.offset);
  f.store(hart, exit, fields.exit.offset);
  f.return(exit);
  f.unreachable();
}
