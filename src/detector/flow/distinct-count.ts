/** Room for values, in values, that the counts of a process's part share; what they have taken of it comes back. */
export class CountBudget {
  constructor(private left: number) {}

  take(places: number): boolean {
    if (places > this.left) return false;
    this.left -= places;
    return true;
  }

  giveBack(places: number): void {
    this.left += places;
  }
}

/** Places without asking the budget. */
const free = 64;

/**
 * Counts distinct values, exactly as long as there is room. A table of open addressing whose places hold the values
 * themselves: 4 bytes each, three quarters filled at most.
 */
export class DistinctCount {
  private table = new Int32Array(16);
  private hasZero = false;
  private filled = 0;
  private full = false;

  constructor(private readonly budget: CountBudget) {}

  get count(): number {
    return this.filled + (this.hasZero ? 1 : 0);
  }

  /** Whether there may have been more than were counted. */
  get isFull(): boolean {
    return this.full;
  }

  add(value: number): void {
    if (this.table.length === 0) return;
    if (value === 0) {
      this.hasZero = true;
      return;
    }
    const place = this.placeOf(value);
    if (this.table[place] === value || this.full) return;
    this.table[place] = value;
    this.filled++;
    if (this.filled * 4 >= this.table.length * 3) this.grow();
  }

  /** Gives back the room; what is counted stays. */
  end(): void {
    if (this.table.length > free) this.budget.giveBack(this.table.length);
    this.table = new Int32Array(0);
    this.full = true;
  }

  private placeOf(value: number): number {
    const { table } = this;
    const mask = table.length - 1;
    let place = Math.imul(value, 0x9e3779b1) >>> 0;
    place = (place ^ (place >>> 15)) & mask;
    while (table[place] !== 0 && table[place] !== value) place = (place + 1) & mask;
    return place;
  }

  private grow(): void {
    const old = this.table;
    const places = old.length * 2;
    if (places > free && !this.budget.take(places)) {
      this.full = true;
      return;
    }
    if (old.length > free) this.budget.giveBack(old.length);
    this.table = new Int32Array(places);
    for (const value of old) if (value !== 0) this.table[this.placeOf(value)] = value;
  }
}
