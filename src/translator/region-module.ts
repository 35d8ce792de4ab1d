import { enterParameters, regionParameters } from '../interpreter/regions.js';
import { PAGE_SIZE } from '../isa/sv39.js';
import { ModuleBuilder } from '../wasm/module-builder.js';
import { controlFlow } from './control-flow.js';
import { type FlowGraph, flowGraph } from './flow-graph.js';
import { type RegionFunction, writeRegion } from './region-function.js';

/** More would let the first of them wait too long. */
const MOST_REGIONS = 4;

/** A module of regions of one page. */
export interface RegionModule {
  readonly bytes: Uint8Array;
  /** Offsets where the regions begin, each an exported function. */
  readonly starts: readonly number[];
  /** Offsets where blocks of the regions begin. */
  readonly blocks: readonly number[];
}

export const regionName = (offset: number): string => `at_${offset.toString(16)}`;

/** What is known of the page where the code is found. */
export interface Surroundings {
  /** Whether a region that begins at an offset is there already. */
  isKnown(offset: number): boolean;
  /** The offset that a register leads to at the time. */
  targetIn(register: number): number | undefined;
}

/**
 * The region that begins at `start` of a page, and those that it calls there. Equal pages give equal modules, which V8 compiles once for all threads. Undefined when nothing can be translated.
 */
export function regionModule(page: Uint8Array, start: number, surroundings: Surroundings): RegionModule | undefined {
  const graphs = graphsFrom(page, start, surroundings);
  if (graphs.length === 0) return undefined;
  const module = new ModuleBuilder();
  const enter = module.importedFunction('enter_region', enterParameters, 'i64');
  const functions = new Map<number, RegionFunction>(
    graphs.map((graph) => [graph.start, module.exportedFunction(regionName(graph.start), regionParameters, 'i64')]),
  );
  const sibling = (offset: number): RegionFunction | undefined => functions.get(offset);
  for (const graph of graphs)
    writeRegion(functions.get(graph.start)!, controlFlow(graph), {
      enter,
      sibling,
      likelyTarget: surroundings.targetIn,
    });
  return {
    bytes: module.finish({ names: false }),
    starts: graphs.map((graph) => graph.start),
    blocks: graphs.flatMap((graph) => [...graph.blocks.keys()]),
  };
}

function graphsFrom(page: Uint8Array, start: number, { isKnown, targetIn }: Surroundings): FlowGraph[] {
  const graphs: FlowGraph[] = [];
  const seen = new Set([start]);
  const waiting = [start];
  for (let at = waiting.shift(); at !== undefined && graphs.length < MOST_REGIONS; at = waiting.shift()) {
    const graph = flowGraph(page, at);
    if (graph === undefined) continue;
    graphs.push(graph);
    for (const { end } of graph.blocks.values()) {
      if (end.kind !== 'call') continue;
      // What a register leads to is called through the table, unless it is part of the module.
      const isNamed = end.by === undefined;
      const to = isNamed ? end.to : targetIn(end.by);
      if (to === undefined || to < 0 || to >= PAGE_SIZE || seen.has(to) || (isNamed && isKnown(to))) continue;
      seen.add(to);
      waiting.push(to);
    }
  }
  return graphs;
}
