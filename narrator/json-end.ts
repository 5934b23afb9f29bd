/** Finds the end of the first JSON object in text that comes in pieces. What is no JSON has no end. */
export class JsonEnd {
  #depth = 0;
  #isQuoted = false;
  #isEscaped = false;

  /** Takes the next piece; the offset in it right behind the closing brace, or null: the object goes on. */
  push(text: string): number | null {
    for (let at = 0; at < text.length; at += 1) {
      const char = text.charAt(at);
      if (this.#isQuoted) this.#inQuotes(char);
      else if (char === '"') this.#isQuoted = true;
      else if (char === '{') this.#depth += 1;
      else if (char === '}') {
        this.#depth -= 1;
        if (this.#depth === 0) return at + 1;
      }
    }
    return null;
  }

  #inQuotes(char: string): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (char === '\\') this.#isEscaped = true;
    else if (char === '"') this.#isQuoted = false;
  }
}
