import type { SharedAccess } from '../../../src/memory/access.js';
import { panic } from '../../kernel-panic.js';
import type { KernelLayout } from '../../layout.js';
import { Pool } from './pool.js';
import { type CoreMapPlaces, coreMapState, frameRecord, mappingNode, placesOf, recordIn, recordOf } from './records.js';

const { space, page, list } = frameRecord.fields;
const node = mappingNode.fields;

/** Who maps a frame: the root of an address space, and the number of the page there. */
export interface Mapper {
  readonly space: number;
  readonly page: number;
}

/**
 * The reverse map: who maps each frame. One mapping stands in the frame's record, the others on a list that hangs off it,
 * so that a frame that is not shared takes no node. The caller guards it.
 */
export class ReverseMap {
  private readonly pool: Pool;

  constructor(
    private readonly mem: SharedAccess,
    private readonly places: CoreMapPlaces,
    /** More mappings than any frame can have: a list that is longer has been tied into a loop. */
    private readonly most: number,
  ) {
    const head = coreMapState.fields.mappings.at(places.state);
    this.pool = new Pool(mem, head, places.mappings, mappingNode.size);
  }

  /** The first mapping of a frame. */
  own(pa: number, mapper: Mapper): void {
    const record = recordOf(this.places.frames, pa);
    space.store(this.mem, record, mapper.space);
    page.store(this.mem, record, mapper.page);
  }

  /** A further one. false: no nodes are left. */
  add(pa: number, mapper: Mapper): boolean {
    const { mem } = this;
    const record = recordOf(this.places.frames, pa);
    const fresh = this.pool.take();
    if (fresh === 0) return false;
    node.space.store(mem, fresh, mapper.space);
    node.page.store(mem, fresh, mapper.page);
    node.next.store(mem, fresh, list.load(mem, record));
    list.store(mem, record, fresh);
    return true;
  }

  /** Takes a mapping out. If it stood in the record, the first on the list takes its place: the last sharer always does. */
  remove(pa: number, root: number): void {
    const { mem } = this;
    const record = recordOf(this.places.frames, pa);
    const first = list.load(mem, record);
    if (space.load(mem, record) !== root) {
      this.unlink(record + list.offset, root);
      return;
    }
    if (first === 0) {
      this.own(pa, { space: 0, page: 0 });
      return;
    }
    this.own(pa, { space: node.space.load(mem, first), page: node.page.load(mem, first) });
    list.store(mem, record, node.next.load(mem, first));
    this.pool.give(first);
  }

  /** Whether nobody else maps the frame. */
  isAlone(pa: number, root: number): boolean {
    const record = recordOf(this.places.frames, pa);
    return space.load(this.mem, record) === root && list.load(this.mem, record) === 0;
  }

  /** @param link address of the word that leads to the first node */
  private unlink(link: number, root: number): void {
    const { mem } = this;
    for (let looks = 0; looks < this.most; looks++) {
      const at = mem.load32(link);
      if (at === 0) panic('core map: no such mapping');
      if (node.space.load(mem, at) === root) {
        mem.store32(link, node.next.load(mem, at));
        this.pool.give(at);
        return;
      }
      link = at + node.next.offset;
    }
    panic('core map: mappings in a loop');
  }
}

/** All who map the frame, by the reverse map: for reports and audits. Takes no lock; ends even when the list does not. */
export function mappersOf(mem: SharedAccess, layout: KernelLayout, pa: number): Mapper[] {
  const record = recordIn(layout, pa);
  const { mappings } = placesOf(layout.sharing, layout.config);
  const isNode = (at: number) => at >= mappings.at && at < mappings.at + mappings.count * mappingNode.size;
  const mappers: Mapper[] = [];
  const first = space.load(mem, record);
  if (first !== 0) mappers.push({ space: first, page: page.load(mem, record) });
  for (let at = list.load(mem, record); isNode(at) && mappers.length <= mappings.count; at = node.next.load(mem, at))
    mappers.push({ space: node.space.load(mem, at), page: node.page.load(mem, at) });
  return mappers;
}
