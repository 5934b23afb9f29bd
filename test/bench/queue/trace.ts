import type { WorkClass } from '../../../sessions/ports.ts';
import { poissonDelay, seededRandom } from '../collab/random.ts';
import type { Random } from '../collab/random.ts';

/** One turn of a trace: when it is asked, by whom, and how much work it is. */
export interface TraceTurn {
  id: string;
  askedMs: number;
  workClass: WorkClass;
  tenantId: string;
  sessionId: string;
  playerId: string;
  /** Its figures are the ones that the workload is about. */
  isShown: boolean;
  promptTokens: number;
  outputTokens: number;
  /** Nobody wants it any more from here on; null: it is wanted to the end. */
  cancelMs: number | null;
}

/** Who asks for turns of which size. */
export interface Source {
  sessionId: string;
  /** Default: a tenant for each session. */
  tenantId?: string;
  /** Default: one player for each session. */
  playerId?: string;
  workClass?: WorkClass;
  isShown?: boolean;
  promptTokens: number;
  outputTokens: number;
}

/** Sizes vary by so much to both sides, as a share. */
const SIZE_SPREAD = 0.25;

/** Collects the turns of a trace; the same seed gives the same trace. */
export class TraceMaker {
  readonly random: Random;
  readonly #turns: TraceTurn[] = [];

  constructor(seed: number) {
    this.random = seededRandom(seed * 7_919);
  }

  /** One turn at a given time. */
  ask(source: Source, askedMs: number): void {
    const { sessionId, tenantId = `tenant of ${sessionId}`, playerId = `player of ${sessionId}` } = source;
    this.#turns.push({
      id: String(this.#turns.length),
      askedMs,
      workClass: source.workClass ?? 'narrator',
      tenantId,
      sessionId,
      playerId,
      isShown: source.isShown ?? false,
      promptTokens: this.#vary(source.promptTokens),
      outputTokens: this.#vary(source.outputTokens),
      cancelMs: null,
    });
  }

  /** Turns at random times (Poisson), `perMinute` on average, from the start until `untilMs`. */
  stream(source: Source, perMinute: number, untilMs: number): void {
    const meanMs = 60_000 / perMinute;
    for (let at = poissonDelay(this.random, meanMs); at < untilMs; at += poissonDelay(this.random, meanMs)) {
      this.ask(source, at);
    }
  }

  /** The turns by the time they are asked. */
  finish(): TraceTurn[] {
    return [...this.#turns].sort((a, b) => a.askedMs - b.askedMs);
  }

  #vary(tokens: number): number {
    return Math.max(2, Math.round(tokens * (1 + SIZE_SPREAD * (2 * this.random() - 1))));
  }
}
