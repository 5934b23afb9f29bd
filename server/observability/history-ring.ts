/** Values kept in one piece. A piece in which nothing changes is one number. */
const CHUNK = 96;
/** What an array costs beside its values, about. */
const ARRAY_BYTES = 120;

/** When samples were taken, for all columns alike: the newest `kept` of them. */
export class TimeAxis {
  readonly kept: number;
  /** Slots: one chunk more than are kept, so that the chunk that is being overwritten holds nothing that counts. */
  readonly slots: number;
  /** Samples so far; the newest has the number `count - 1`. */
  count = 0;
  readonly #times: Float64Array;

  /** `kept` is rounded up to whole chunks. */
  constructor(kept: number) {
    this.kept = Math.ceil(kept / CHUNK) * CHUNK;
    this.slots = this.kept + CHUNK;
    this.#times = new Float64Array(this.slots);
  }

  push(at: number): void {
    this.#times[this.count % this.slots] = at;
    this.count += 1;
  }

  /** Number of the oldest sample that is kept. */
  get first(): number {
    return Math.max(0, this.count - this.kept);
  }

  /** Epoch ms of a sample by its number. */
  at(number: number): number {
    return this.#times[number % this.slots] ?? NaN;
  }

  /** Number of the first kept sample later than `at`; `count` when there is none. */
  firstAfter(at: number): number {
    let low = this.first;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at(middle) > at) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  get bytes(): number {
    return this.#times.byteLength;
  }
}

/** The values of one column along a time axis; NaN where there was none. */
export class Ring {
  readonly #slots: number;
  readonly #chunks: (number | Float64Array)[];

  constructor({ slots }: TimeAxis) {
    this.#slots = slots;
    this.#chunks = Array.from({ length: slots / CHUNK }, () => NaN);
  }

  /** Puts the value of the sample with this number; to be called for each, in order. */
  set(number: number, value: number): void {
    const slot = number % this.#slots;
    const place = slot % CHUNK;
    const index = (slot - place) / CHUNK;
    const chunk = this.#chunks[index] ?? NaN;
    if (place === 0) this.#chunks[index] = value;
    else if (typeof chunk !== 'number') chunk[place] = value;
    else if (!Object.is(chunk, value)) {
      const values = new Float64Array(CHUNK).fill(chunk);
      values[place] = value;
      this.#chunks[index] = values;
    }
  }

  get(number: number): number {
    const slot = number % this.#slots;
    const place = slot % CHUNK;
    const chunk = this.#chunks[(slot - place) / CHUNK] ?? NaN;
    return typeof chunk === 'number' ? chunk : (chunk[place] ?? NaN);
  }

  /** About how much memory it takes. */
  get bytes(): number {
    const arrays = this.#chunks.filter((chunk) => typeof chunk !== 'number').length;
    return this.#chunks.length * 8 + arrays * (CHUNK * 8 + ARRAY_BYTES);
  }
}
