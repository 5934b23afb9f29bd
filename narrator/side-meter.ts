import type { Clock, TextModel } from '../sessions/ports.ts';
import type { FirstToken, SideFigures } from './narrator-observer.ts';

/** What one request beside narrator turns takes of the engine. */
export class SideMeter {
  readonly #clock: Clock;
  readonly #askedAt: number;
  #grantedAt: number | null = null;
  #first: FirstToken | null = null;
  #inputTokens = 0;
  #outputTokens = 0;

  /** It is asked for now. */
  constructor(clock: Clock) {
    this.#clock = clock;
    this.#askedAt = clock.now();
  }

  get figures(): Pick<SideFigures, 'first' | 'inputTokens' | 'outputTokens'> {
    return { first: this.#first, inputTokens: this.#inputTokens, outputTokens: this.#outputTokens };
  }

  /** It has its place on the engine; how long it has waited, milliseconds. */
  granted(): number {
    this.#grantedAt = this.#clock.now();
    return this.#grantedAt - this.#askedAt;
  }

  /** The same model, whose generations are noted. */
  listening(model: TextModel): TextModel {
    return {
      load: () => model.load(),
      countTokens: (texts) => model.countTokens(texts),
      close: () => model.close(),
      generate: async (request) => {
        let spent = { inputTokens: 0, outputTokens: 0 };
        const onText = (text: string) => {
          if (text !== '') this.#heard();
          request.onText(text);
        };
        const onCost: typeof request.onCost = (cost) => {
          spent.inputTokens += cost.inputTokens;
          spent.outputTokens += cost.outputTokens;
          request.onCost(cost);
        };
        try {
          const result = await model.generate({ ...request, onText, onCost });
          spent = { ...result };
          return result;
        } finally {
          this.#inputTokens += spent.inputTokens;
          this.#outputTokens += spent.outputTokens;
        }
      },
    };
  }

  #heard(): void {
    if (this.#first !== null || this.#grantedAt === null) return;
    const now = this.#clock.now();
    this.#first = { sinceGrantMs: now - this.#grantedAt, sinceAskedMs: now - this.#askedAt };
  }
}
