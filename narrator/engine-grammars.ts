import { LlamaGrammarEvaluationState } from 'node-llama-cpp';
import type {
  Llama,
  LlamaContextSequence,
  LlamaGrammar,
  LlamaModel,
  SequenceEvaluateOptions,
  Token,
} from 'node-llama-cpp';
import type { EngineWork } from './engine-protocol.ts';
import { JsonEnd } from './json-end.ts';

/** Grammars kept; schemas are few and written in the program. */
const MAX_GRAMMARS = 16;

/** The grammar of one answer: what may come next, and where the object ends. */
export class AnswerGrammar {
  readonly #state: Promise<LlamaGrammarEvaluationState>;
  readonly #end = new JsonEnd();

  constructor(grammar: Promise<LlamaGrammar>, model: LlamaModel) {
    this.#state = grammar.then((one) => new LlamaGrammarEvaluationState({ model, grammar: one }));
    // Whoever samples first hears of it.
    this.#state.catch(() => undefined);
  }

  /**
   * Evaluates `tokens` and samples one that the schema allows; null: none. Rejects when the schema makes no
   * grammar, or when the engine breaks: then nothing has been sampled.
   */
  async sample(
    sequence: LlamaContextSequence,
    tokens: Token[],
    options: SequenceEvaluateOptions,
  ): Promise<Token | null> {
    const grammarEvaluationState = await this.#state;
    const generator = sequence.evaluate(tokens, { ...options, grammarEvaluationState, yieldEogToken: true });
    try {
      const { value } = await generator.next();
      return value ?? null;
    } finally {
      await generator.return();
    }
  }

  /** Takes the next text of the answer: as much of it as belongs to the object, and whether that is whole now. */
  cut(text: string): { text: string; isWhole: boolean } {
    const end = this.#end.push(text);
    // Behind the object the grammar allows line breaks without end.
    return end === null ? { text, isWhole: false } : { text: text.slice(0, end), isWhole: true };
  }
}

/** The grammars of one engine, made from JSON schemas. Lives in the child. */
export class EngineGrammars {
  readonly #llama: Llama;
  readonly #model: LlamaModel;
  readonly #kept = new Map<string, Promise<LlamaGrammar>>();

  constructor(llama: Llama, model: LlamaModel) {
    this.#llama = llama;
    this.#model = model;
  }

  /** For one answer. A bad schema is told by the first `sample`. */
  begin(schema: NonNullable<EngineWork['grammar']>): AnswerGrammar {
    const key = JSON.stringify(schema);
    const kept = this.#kept.get(key) ?? this.#llama.createGrammarForJsonSchema(schema);
    this.#kept.set(key, kept);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_GRAMMARS && oldest !== undefined) this.#kept.delete(oldest);
    return new AnswerGrammar(kept, this.#model);
  }
}
