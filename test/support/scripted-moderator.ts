import type {
  DecisionEntry,
  Harm,
  LabelledRow,
  ModerationLog,
  Moderator,
  ReviewEntry,
  ScreenRequest,
  Severities,
  TextSpan,
  Verdict,
} from '../../sessions/moderator.ts';
import { ACTIONS, OUTCOMES, SCORES, type Outcome, type Scores } from '../../sessions/moderator.ts';
import type { Flag, FlagBoard } from '../../sessions/ports.ts';
import { HARMS } from '../../sessions/protocol.ts';

const NONE = Object.fromEntries(HARMS.map((harm) => [harm, 0])) as Severities;
const ZERO = Object.fromEntries(SCORES.map((score) => [score, 0])) as Scores;

/** Words that decide, whatever stands around them. The hardest one in a text counts. */
const WORDS: Record<string, { outcome: Outcome; harm: Harm }> = {
  NOTED: { outcome: 'allow_with_note', harm: 'violence' },
  MASKED: { outcome: 'soften', harm: 'profanity' },
  HELD: { outcome: 'hold_for_gm', harm: 'violence' },
  BLOCKED: { outcome: 'block', harm: 'hate' },
  BANNED: { outcome: 'block_escalate', harm: 'sexual_minors' },
};

/** A moderator that goes by five words in capitals, for tests of everything around the judgement itself. */
export class ScriptedModerator implements Moderator {
  readonly requests: ScreenRequest[] = [];
  /** How often it has looked, screens included. */
  looks = 0;
  /** While set, screens wait for it. */
  gate: Promise<void> | null = null;

  async screen(request: ScreenRequest): Promise<Verdict> {
    this.requests.push(request);
    if (this.gate !== null) await this.gate;
    return this.look(request);
  }

  look({ text, rules }: ScreenRequest): Verdict {
    this.looks += 1;
    const topics = [...rules.lines.map((topic) => ({ topic, harm: 'line' as const }))];
    const line = topics.find(({ topic }) => text.toLowerCase().includes(topic.toLowerCase()));
    const found = Object.entries(WORDS).filter(([word]) => text.includes(word));
    const rank = (outcome: Outcome) => OUTCOMES.indexOf(outcome);
    const [word, worst] = found.sort((a, b) => rank(b[1].outcome) - rank(a[1].outcome))[0] ?? ['', null];
    const outcome = worst?.outcome ?? (line === undefined ? 'allow' : 'hold_for_gm');
    const harm = worst?.harm ?? line?.harm ?? null;
    const start = text.indexOf(word);
    const spans: TextSpan[] =
      worst === null ? [] : [{ start, end: start + word.length, source: 'lexicon', label: worst.harm }];
    const masks = outcome === 'soften' ? [{ start, end: start + word.length, text: 'M•••••' }] : [];
    return {
      outcome,
      action: ACTIONS[outcome],
      text: outcome === 'soften' ? text.replace(word, 'M•••••') : text,
      masks,
      rules: harm === null ? [] : [`scripted.${harm}`],
      harm,
      severities: harm === null ? NONE : { ...NONE, [harm]: 3 },
      scores: ZERO,
      spans,
      reason: harm === null ? '' : `This touches on ${harm}.`,
      needsHelp: text.includes('HELP'),
      isStrike: outcome === 'block' || outcome === 'block_escalate' || outcome === 'hold_for_gm',
      policyHash: 'scripted',
      modelVersion: 'scripted',
      failedTiers: [],
      ms: 0,
    };
  }

  banned(text: string): TextSpan[] {
    return [...text.matchAll(/BANNED/g)].map(({ index }) => ({
      start: index,
      end: index + 6,
      source: 'lexicon' as const,
      label: 'hate',
    }));
  }

  floor(): Severities {
    return { ...NONE, violence: 3, profanity: 2 };
  }

  info() {
    return {
      policyHash: 'scripted',
      policyVersion: '1',
      modelVersion: 'scripted',
      hasEncoder: false,
      hasJudge: false,
    };
  }
}

/** Remembers what it was told. */
export class ListLog implements ModerationLog {
  readonly decisions: DecisionEntry[] = [];
  readonly reviews: ReviewEntry[] = [];
  readonly labels: LabelledRow[] = [];

  decided(entry: DecisionEntry): void {
    this.decisions.push(entry);
  }
  reviewed(entry: ReviewEntry): void {
    this.reviews.push(entry);
  }
  labelled(row: LabelledRow): void {
    this.labels.push(row);
  }
  purge(sessionId: string, texts: readonly string[]): Promise<void> {
    const isGone = (row: LabelledRow) => row.sessionId === sessionId && texts.includes(row.text);
    this.labels.splice(0, Infinity, ...this.labels.filter((row) => !isGone(row)));
    return Promise.resolve();
  }
}

/** Flags in the hands of a test. */
export class ManualFlags implements FlagBoard {
  private readonly on = new Set<string>();
  private readonly listeners = new Set<() => void>();

  isOn(flag: Flag, sessionId: string): boolean {
    return this.on.has(`${flag} ${sessionId}`) || this.on.has(`${flag} *`);
  }

  set(flag: Flag, isOn: boolean, sessionId = '*'): void {
    if (isOn) this.on.add(`${flag} ${sessionId}`);
    else this.on.delete(`${flag} ${sessionId}`);
    for (const listener of this.listeners) listener();
  }

  onChanged(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
