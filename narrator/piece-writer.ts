import type { NarratorDesk } from '../sessions/ports.ts';

/** Scripts that put no space between sentences. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}。！？」』]$/u;

/** White space between sentences as it is stored: at most one blank line. */
function tidyGap(gap: string): string {
  const breaks = gap.split('\n').length - 1;
  return breaks === 0 ? gap : '\n'.repeat(Math.min(2, breaks));
}

/**
 * Writes the pieces of one passage to the desk, one after the other, each when the one before is screened and
 * durable. White space goes in front of the next piece, so that a passage neither begins nor ends with any. After
 * a failed write nothing more is written, and `idle` rejects with that error. Whoever adds never waits.
 */
export class PieceWriter {
  readonly #desk: NarratorDesk;
  readonly #turnId: string;
  readonly #onFault: () => void;
  #chain: Promise<void> = Promise.resolve();
  #last: string;
  #gap = '';
  #hasAdded: boolean;
  #hasWritten: boolean;
  #isCut = false;
  #hasDropped = false;

  /** `written`: what stands of the passage already. `onFault` is called when a write failed. */
  constructor(desk: NarratorDesk, turnId: string, written: string, onFault: () => void) {
    this.#onFault = onFault;
    this.#desk = desk;
    this.#turnId = turnId;
    this.#last = written;
    this.#hasAdded = written.trim() !== '';
    this.#hasWritten = this.#hasAdded;
  }

  /** True when the passage has any text that is where it belongs, also from before. */
  get hasWritten(): boolean {
    return this.#hasWritten;
  }

  /** False when a piece was left out by `cut`. */
  get isWhole(): boolean {
    return !this.#hasDropped;
  }

  /** Queues a piece; returns at once. */
  add(piece: string): void {
    const body = piece.trim();
    const lead = piece.slice(0, piece.length - piece.trimStart().length);
    if (body === '') {
      this.#gap += piece;
      return;
    }
    const text = this.#joint(this.#gap + lead) + body;
    this.#gap = piece.slice(lead.length + body.length);
    this.#last = body;
    this.#hasAdded = true;
    this.#chain = this.#chain.then(() => this.#write(text));
    // The error is taken up by `idle`; this only keeps it from counting as unhandled until then.
    this.#chain.catch(() => this.#onFault());
  }

  /** Leaves out the pieces whose writing has not begun. */
  cut(): void {
    this.#isCut = true;
  }

  /** Resolves when everything added so far is durable or left out. Rejects with the first error of a write. */
  idle(): Promise<void> {
    return this.#chain;
  }

  async #write(text: string): Promise<void> {
    if (this.#isCut) {
      this.#hasDropped = true;
      return;
    }
    await this.#desk.write(this.#turnId, text);
    this.#hasWritten = true;
  }

  #joint(gap: string): string {
    if (!this.#hasAdded || /\s$/.test(this.#last)) return '';
    if (gap !== '') return tidyGap(gap);
    return UNSPACED.test(this.#last) ? '' : ' ';
  }
}
