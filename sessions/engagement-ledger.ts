/** D5: an answer within this time counts. */
const ANSWER_MS = 120_000;
/** Passages of the narrator that count. */
const PASSAGES = 10;
/** A rewriting of more than this share is no longer the narrator's text. */
const REWRITTEN = 0.2;

interface Told {
  passageId: string;
  at: number;
  /** As the narrator wrote it. */
  text: string;
  isAnswered: boolean;
  isKept: boolean;
  /** Players who said that it was bad. */
  against: Set<string>;
}

/** How people take the narrator's passages (D5), from the past alone. */
export class EngagementLedger {
  private readonly told: Told[] = [];

  /** A passage of the narrator was committed. */
  narrated(passageId: string, at: number, text: string): void {
    this.told.push({ passageId, at, text, isAnswered: false, isKept: true, against: new Set() });
    if (this.told.length > PASSAGES) this.told.shift();
  }

  /** Whether it is among the passages that count. */
  knows(passageId: string): boolean {
    return this.told.some((one) => one.passageId === passageId);
  }

  /** A person did something: wrote, voted, said something. */
  acted(at: number): void {
    for (const one of this.told) if (at - one.at <= ANSWER_MS) one.isAnswered = true;
  }

  /** A passage went, or came back. */
  kept(passageId: string, isKept: boolean): void {
    for (const one of this.told) if (one.passageId === passageId) one.isKept = isKept;
  }

  /** A passage was rewritten by people. */
  rewritten(passageId: string, text: string): void {
    const before = this.told.find((one) => one.passageId === passageId)?.text;
    if (before !== undefined) this.kept(passageId, otherShare(before, text) <= REWRITTEN);
  }

  reacted(passageId: string, playerId: string, isNegative: boolean): void {
    const one = this.told.find((each) => each.passageId === passageId);
    if (isNegative) one?.against.add(playerId);
    else one?.against.delete(playerId);
  }

  /** `active`: share of those present who did something lately; null: nobody is here. Null without a passage to answer. */
  score(active: number | null): number | null {
    if (this.told.length === 0 || active === null) return null;
    const share = (isMeant: (one: Told) => boolean) => this.told.filter(isMeant).length / this.told.length;
    const parts = [
      share(({ isAnswered }) => isAnswered),
      active,
      share(({ isKept }) => isKept),
      1 - share(({ against }) => against.size > 0),
    ];
    return parts.reduce((sum, part) => sum + part, 0) / parts.length;
  }
}

/** How much of a text is in other words now, 0 to 1: words that both have, as often as both, over the mean length. */
function otherShare(before: string, after: string): number {
  const counts = new Map<string, number>();
  const words = (text: string) =>
    text
      .toLowerCase()
      .split(/\s+/u)
      .filter((word) => word !== '');
  const old = words(before);
  for (const word of old) counts.set(word, (counts.get(word) ?? 0) + 1);
  const now = words(after);
  let common = 0;
  for (const word of now) {
    const left = counts.get(word) ?? 0;
    if (left === 0) continue;
    counts.set(word, left - 1);
    common += 1;
  }
  return old.length + now.length === 0 ? 0 : 1 - (2 * common) / (old.length + now.length);
}
