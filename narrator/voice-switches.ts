/** Sessions whose last voice is remembered. */
const MAX_SESSIONS = 1_000;

/** Knows when the narrator is to speak as another character than the last time (S0.7). Bounded: old sessions are forgotten. */
export class VoiceSwitches {
  readonly #voices = new Map<string, string>();

  /** The voice that a turn asks for; true: another one of this session spoke before. No voice changes nothing. */
  note(sessionId: string, voice: string | null): boolean {
    if (voice === null) return false;
    const before = this.#voices.get(sessionId);
    // A Map keeps insertion order: who spoke last moves to the end.
    this.#voices.delete(sessionId);
    this.#voices.set(sessionId, voice);
    const [oldest] = this.#voices.keys();
    if (this.#voices.size > MAX_SESSIONS && oldest !== undefined) this.#voices.delete(oldest);
    return before !== undefined && before !== voice;
  }
}
