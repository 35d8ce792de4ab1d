const PAGE_SHIFT = 8;
const PLACES_PER_PAGE = 1 << PAGE_SHIFT;

/**
 * Cells of 32 bits that belong to places, as many to each; those of one place lie together. A page of places takes memory
 * once one of them is claimed.
 */
export class PagedCells {
  /** All pages one after the other. */
  private cells: Uint32Array;
  /** Pages that take memory. */
  pages = 0;
  /** By page of places, where it begins in `cells`. What begins at 0 there stands for all that nobody has claimed, and stays zero. */
  private readonly begins: Uint32Array;
  private readonly pageSize: number;

  constructor(
    places: number,
    private readonly perPlace: number,
  ) {
    this.begins = new Uint32Array(Math.ceil(places / PLACES_PER_PAGE));
    this.pageSize = PLACES_PER_PAGE * perPlace;
    this.cells = new Uint32Array(this.pageSize);
  }

  /** Where the place's cells begin, to be read: zeros, unless it was claimed. */
  find(place: number): number {
    return this.begins[place >>> PAGE_SHIFT]! + (place & (PLACES_PER_PAGE - 1)) * this.perPlace;
  }

  /** Where the place's cells begin, to be read and written. */
  claim(place: number): number {
    if (this.begins[place >>> PAGE_SHIFT] === 0) this.add(place >>> PAGE_SHIFT);
    return this.find(place);
  }

  /** The cell at a place's beginning plus less than there are to a place. */
  get(at: number): number {
    return this.cells[at]!;
  }
  set(at: number, value: number): void {
    this.cells[at] = value;
  }

  private add(page: number): void {
    this.begins[page] = ++this.pages * this.pageSize;
    if ((this.pages + 1) * this.pageSize <= this.cells.length) return;
    const more = new Uint32Array(this.cells.length * 2);
    more.set(this.cells);
    this.cells = more;
  }
}
