import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import type { LoadedModel } from './engine-load.ts';
import type { TokenCost } from '../sessions/ports.ts';

/** One place in memory: a sequence and whose tokens it holds. */
export interface Seat {
  /** Position in the context; neighbours are evaluated together most cheaply. */
  readonly index: number;
  readonly sequence: LlamaContextSequence;
}

/** Who wants a place. */
export interface SeatRequest {
  id: string;
  story: string;
  /** All its tokens; the last one is never taken from memory, it has to be sampled from. */
  tokens: readonly Token[];
  /** Turns that may lose their place, the first before the others. */
  evictable: readonly string[];
}

/** The place a turn got. */
export interface Seating {
  seat: Seat;
  /** Tokens at its beginning that were still there and are not evaluated again. */
  reusedTokens: number;
  /** Another story or turn lost its place for it. */
  hasEvicted: boolean;
  /** The paused turn that lost its place. */
  lostId: string | null;
}

interface Place extends Seat {
  /** Whose tokens it holds; null: nobody's. */
  story: string | null;
  /** The turn that owns it; null: it is only kept. */
  holder: string | null;
  /** Rises with each use, over all places. */
  usedAt: number;
  told: { inputTokens: number; outputTokens: number };
}

function samePrefix(held: readonly Token[], wanted: readonly Token[]): number {
  let at = 0;
  while (at < held.length && held[at] === wanted[at]) at += 1;
  return at;
}

/**
 * The places in the engine's memory: a cache of stories. A turn that ends leaves its tokens for the next turn of
 * its story. Before a place is used, everything in it that is not a prefix of the turn is erased, and all of it
 * when it is another story's, so that no sequence ever holds two stories' text (S3.F5).
 */
export class EngineSequences {
  readonly #places: Place[];
  readonly #contextTokens: number;
  #uses = 0;

  constructor(loaded: LoadedModel) {
    this.#contextTokens = loaded.info.contextTokens;
    this.#places = Array.from({ length: loaded.info.sequences }, (_, index) => ({
      index,
      sequence: loaded.context.getSequence({ contextShift: { size: 1 } }),
      story: null,
      holder: null,
      usedAt: 0,
      told: { inputTokens: 0, outputTokens: 0 },
    }));
  }

  /** Tokens that fit, over all places. */
  get capacity(): number {
    return this.#places.length * this.#contextTokens;
  }

  /** Tokens that are held, over all places. */
  get usedTokens(): number {
    return this.#places.reduce((sum, place) => sum + place.sequence.nextTokenIndex, 0);
  }

  /**
   * Gives a turn a place: one of its story with the longest common beginning, an empty one, the one that was not
   * used for longest, or that of an evictable turn. Null: there is none now. One call at a time.
   */
  async take(request: SeatRequest): Promise<Seating | null> {
    const reusable = request.tokens.slice(0, -1);
    const place = this.#choose(request, reusable);
    if (place === null) return null;
    const { story, holder } = place;
    const hasEvicted = holder !== null || (story !== null && story !== request.story);
    place.holder = request.id;
    place.usedAt = this.#uses += 1;
    const before = this.#metered(place).inputTokens;
    try {
      await this.#prepare(place, request.story, reusable);
    } catch (error) {
      place.holder = null;
      throw error;
    }
    // Models that cannot forget the end of a text evaluate what they keep of it anew.
    const again = this.#metered(place).inputTokens - before;
    const reusedTokens = Math.max(0, place.sequence.nextTokenIndex - again);
    return { seat: place, reusedTokens, hasEvicted, lostId: holder };
  }

  /** Takes the place from its turn; the tokens stay for the next turn of the story. */
  release(id: string): void {
    const place = this.#placeOf(id);
    if (place !== undefined) place.holder = null;
  }

  /** What the engine has worked for a turn since it was last asked. */
  charge(id: string): TokenCost {
    const place = this.#placeOf(id);
    if (place === undefined) return { inputTokens: 0, outputTokens: 0 };
    const { told } = place;
    place.told = this.#metered(place);
    return {
      inputTokens: place.told.inputTokens - told.inputTokens,
      outputTokens: place.told.outputTokens - told.outputTokens,
    };
  }

  #placeOf(id: string): Place | undefined {
    return this.#places.find((place) => place.holder === id);
  }

  #metered({ sequence }: Place): TokenCost {
    const { usedInputTokens, usedOutputTokens } = sequence.tokenMeter.getState();
    return { inputTokens: usedInputTokens, outputTokens: usedOutputTokens };
  }

  #choose(request: SeatRequest, reusable: readonly Token[]): Place | null {
    const free = this.#places.filter((place) => place.holder === null).sort((a, b) => a.usedAt - b.usedAt);
    const shared = (place: Place) => samePrefix(place.sequence.contextTokens, reusable);
    const own = free.filter((place) => place.story === request.story);
    const [best] = own.map((place) => ({ place, length: shared(place) })).sort((a, b) => b.length - a.length);
    if (best !== undefined) return best.place;
    const found = free.find((place) => place.story === null) ?? free[0];
    if (found !== undefined) return found;
    for (const id of request.evictable) {
      const place = this.#placeOf(id);
      if (place !== undefined) return place;
    }
    return null;
  }

  async #prepare(place: Place, story: string, reusable: Token[]): Promise<void> {
    const { sequence } = place;
    if (place.story !== story) {
      place.story = null;
      await sequence.clearHistory();
    } else {
      await sequence.adaptStateToTokens(reusable, false);
    }
    const held = sequence.contextTokens;
    if (samePrefix(held, reusable) !== held.length) await sequence.clearHistory();
    place.story = story;
  }
}
