/** Tokens kept back at most while a character is not whole; an emoji takes four bytes, thus four tokens. */
const MAX_TAIL = 8;
/** Tokens of context that a tokenizer looks at to decide about spaces. */
const LOOK_BACK = 4;

/** The part of a tokenizer that turns tokens into text; `before` are the tokens in front of them. */
export type Detokenize<Token> = (tokens: readonly Token[], before: readonly Token[]) => string;

/**
 * Turns tokens into text one by one so that a character spread over several tokens comes out whole. Bytes that
 * never form a character are dropped.
 */
export class TokenTail<Token> {
  readonly #detokenize: Detokenize<Token>;
  #before: readonly Token[];
  #pending: Token[] = [];

  /** `before`: the last tokens of the prompt. */
  constructor(detokenize: Detokenize<Token>, before: readonly Token[]) {
    this.#detokenize = detokenize;
    this.#before = before.slice(-LOOK_BACK);
  }

  /** The text that is certain with this token; '' while a character is incomplete. */
  push(token: Token): string {
    this.#pending.push(token);
    const text = this.#detokenize(this.#pending, this.#before);
    if (text.endsWith('\ufffd') && this.#pending.length < MAX_TAIL) return '';
    return this.#take(text);
  }

  /** Whatever is still held back, without broken characters. */
  flush(): string {
    if (this.#pending.length === 0) return '';
    return this.#take(this.#detokenize(this.#pending, this.#before));
  }

  #take(text: string): string {
    this.#before = [...this.#before, ...this.#pending].slice(-LOOK_BACK);
    this.#pending = [];
    return text.replaceAll('\ufffd', '');
  }
}
