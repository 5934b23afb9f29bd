import {
  SCORES,
  type Judge,
  type Judgement,
  type Moderator,
  type ModeratorInfo,
  type Scores,
  type ScreenRequest,
  type Severities,
  type TextSpan,
  type Verdict,
} from '../sessions/moderator.ts';
import type { Clock } from '../sessions/ports.ts';
import type { Rating } from '../sessions/protocol.ts';
import { loadClassifier, type Classifier } from './model/classifier.ts';
import { decide } from './policy/decide.ts';
import { readText, type Reading } from './reader.ts';
import { ReaderThread } from './reader-thread.ts';
import { openEncoder, type Encoder } from './model/encoder.ts';
import type { Detector, Finding, ModelScores, TextViews } from './findings.ts';
import { bannedSpans } from './rules/lexicon.ts';
import { viewsOf } from './text/normalise.ts';
import { loadPolicy, type Policy } from './policy/policy.ts';
import { tableSimilarity } from './model/similarity.ts';
import { temper, temperFindings } from './policy/tempering.ts';
import { isUncertain, verdictOf, type Evidence } from './policy/verdict.ts';

/** Longest text that is judged; what is longer is held. */
export const MAX_JUDGED = 100_000;
/** Longer texts are read by a thread of their own; how long that may take, ms. */
const LONG = 800;
const LONG_MS = 2_000;
/** How much of the end of a text a quick look takes in. */
const LOOK = 2_000;

export interface ModeratorParts {
  /** null: the policy that comes with the program. */
  policyFile?: string | null;
  /** 'auto': when its packages are installed. */
  encoder: 'auto' | 'off';
  judge: Judge | null;
  clock: Clock;
  timeouts?: { encoderMs: number; judgeMs: number };
  /** Told of every tier that ran, with its time and whether it answered. */
  onTier?: (tier: string, ms: number, ok: boolean) => void;
  /** In place of what is read from disk; for tests. */
  classifier?: Classifier;
  detectors?: Readonly<Record<string, Detector>>;
}

/**
 * The moderator: rules, the small model, the sentence encoder and a judge, under one policy.
 *
 * @throws PolicyError when the policy cannot be used; rejects when the model cannot be read.
 */
export async function createModerator(
  parts: ModeratorParts,
): Promise<Moderator & { close(): Promise<void> }> {
  const policy = await loadPolicy(parts.policyFile ?? null);
  const classifier = parts.classifier ?? (await loadClassifier());
  const encoder = parts.encoder === 'off' ? null : await openEncoder();
  // The first text takes the encoder half a second, which is more than any text may wait.
  await encoder?.embed('ready').catch(() => undefined);
  const engines = { policy, classifier, encoder };
  if (parts.detectors === undefined) warmUp(engines, parts.clock);
  return new TieredModerator(parts, engines);
}

/** The first look compiles patterns for a quarter of a second: better before the start than when somebody types. */
function warmUp(engines: Engines, clock: Clock): void {
  const quiet = new TieredModerator({ encoder: 'off', judge: null, clock }, engines);
  for (let time = 0; time < WARM_LOOKS; time += 1) quiet.look(WARM_UP);
}

const WARM_LOOKS = 5;
const WARM_UP: ScreenRequest = {
  text: 'The boats came home late, said the keeper. "You there, my friend!" It was 5 o\'clock; 2 lamps burned.',
  channel: 'talk',
  sessionId: null,
  rules: { rating: 'teen', genre: 'general', levels: {}, lines: ['storms'], veils: [] },
  cast: ['The keeper'],
  players: ['Ann'],
  speaker: 'Ann',
  recent: ['The gate stood open.'],
  history: 1,
  playersPresent: 1,
};

interface Engines {
  policy: Policy;
  classifier: Classifier;
  encoder: Encoder | null;
}

/** A text on its way through the tiers. */
interface Work extends Evidence {
  views: TextViews;
  model: ModelScores;
  findings: Finding[];
  failedTiers: string[];
}

class TieredModerator implements Moderator {
  readonly #parts: ModeratorParts;
  readonly #engines: Engines;
  readonly #encoderMs: number;
  readonly #judgeMs: number;
  readonly #thread = new ReaderThread();

  constructor(parts: ModeratorParts, engines: Engines) {
    this.#parts = parts;
    this.#engines = engines;
    this.#encoderMs = parts.timeouts?.encoderMs ?? 250;
    this.#judgeMs = parts.timeouts?.judgeMs ?? 2_000;
  }

  async screen(given: ScreenRequest, depth: 'full' | 'quick' = 'full'): Promise<Verdict> {
    const began = this.#parts.clock.now();
    const work = given.text.length > LONG ? await this.#readLong(given) : this.#read(given);
    if (depth === 'full') {
      await this.#askEncoder(work);
      await this.#askJudge(work);
    }
    return this.#finish(work, began);
  }

  look(given: ScreenRequest): Verdict {
    const began = this.#parts.clock.now();
    const whole = given.text;
    const skipped = Math.max(0, whole.length - LOOK);
    const verdict = this.#finish(this.#read({ ...given, text: whole.slice(skipped) }), began);
    const spans = verdict.spans.map((span) => ({
      ...span,
      start: span.start + skipped,
      end: span.end + skipped,
    }));
    return { ...verdict, spans, text: whole.slice(0, skipped) + verdict.text };
  }

  banned(text: string): TextSpan[] {
    return bannedSpans(text);
  }

  floor(rating: Rating): Severities {
    return { ...this.#engines.policy.allowed[rating] };
  }

  info(): ModeratorInfo {
    const { policy, encoder } = this.#engines;
    return {
      policyHash: policy.hash,
      policyVersion: policy.version,
      modelVersion: this.#modelVersion(),
      hasEncoder: encoder !== null,
      hasJudge: this.#parts.judge !== null,
    };
  }

  /** Ends the threads. Idempotent. */
  async close(): Promise<void> {
    await Promise.all([this.#engines.encoder?.close(), this.#thread.close()]);
  }

  /** The tiers that answer at once: rules and the small model, on the bare text. */
  #read(given: ScreenRequest): Work {
    const request = { ...given, text: given.text.slice(0, MAX_JUDGED) };
    const views = viewsOf(request.text);
    const { clock, detectors, onTier } = this.#parts;
    const { classifier } = this.#engines;
    const reading = readText(views, request, {
      classifier,
      now: () => clock.now(),
      ...(detectors === undefined ? {} : { detectors }),
      ...(onTier === undefined ? {} : { onTier }),
    });
    return this.#workOf(given, views, reading);
  }

  /** The same for a long text, while the main thread goes on. Without an answer it counts as not judged. */
  async #readLong(given: ScreenRequest): Promise<Work> {
    const { detectors, classifier } = this.#parts;
    if (detectors !== undefined || classifier !== undefined) return this.#read(given);
    const request = { ...given, text: given.text.slice(0, MAX_JUDGED) };
    const reading: Reading = { findings: [], model: NOT_SCORED, failedTiers: [] };
    const work = this.#workOf(given, viewsOf(request.text), reading);
    let answered: Work | null = null;
    await this.#bounded(work, 'rules.thread', LONG_MS, async () => {
      answered = this.#workOf(given, work.views, await this.#thread.read(request));
    });
    return answered ?? work;
  }

  #workOf(request: ScreenRequest, views: TextViews, { findings, model, failedTiers }: Reading): Work {
    const tempered = temperFindings(findings, views);
    return {
      request,
      views,
      model,
      findings: tempered,
      scores: temper(model, tempered, views),
      failedTiers: [...failedTiers, ...(request.text.length > MAX_JUDGED ? ['length'] : [])],
      judgement: null,
    };
  }

  async #askEncoder(work: Work): Promise<void> {
    const { encoder, classifier } = this.#engines;
    if (encoder === null || work.views.folded.trim() === '') return;
    const { rules } = work.request;
    await this.#bounded(work, 'encoder', this.#encoderMs, async (signal) => {
      const embed = (text: string) => encoder.embed(text, signal);
      const embedding = await embed(work.views.folded);
      const similar = await tableSimilarity(work.views, rules, embed);
      signal.throwIfAborted();
      work.model = classifier.averageScores(work.model, classifier.scoreEmbedding(embedding));
      work.findings.push(...similar);
      work.scores = temper(work.model, work.findings, work.views);
    });
  }

  async #askJudge(work: Work): Promise<void> {
    const { judge } = this.#parts;
    if (judge === null) return;
    const { policy } = this.#engines;
    const decision = decide(work.findings, work.scores, work.request, policy);
    if (!isUncertain(decision, work.scores, policy)) return;
    await this.#bounded(work, 'judge', this.#judgeMs, async (signal) => {
      const judgement: Judgement = await judge.judge(work.request, signal);
      signal.throwIfAborted();
      work.judgement = judgement;
    });
  }

  #finish(work: Work, began: number): Verdict {
    const verdict = verdictOf(work, this.#engines.policy, this.#modelVersion());
    return { ...verdict, ms: Math.max(0, this.#parts.clock.now() - began) };
  }

  #modelVersion(): string {
    const { encoder, classifier } = this.#engines;
    const judge = this.#parts.judge === null ? '' : `+${this.#parts.judge.name}`;
    return `${classifier.version}${encoder === null ? '' : '+encoder'}${judge}`;
  }

  /** A tier that takes its time; when it fails or is late, its name is kept and what it says is not heard. */
  async #bounded(
    work: Work,
    tier: string,
    limitMs: number,
    run: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const { clock, onTier } = this.#parts;
    const began = clock.now();
    const abort = new AbortController();
    let cancel = (): void => undefined;
    const late = new Promise<never>((_resolve, reject) => {
      cancel = clock.after(limitMs, () => {
        abort.abort();
        reject(new Error('late'));
      });
    });
    try {
      await Promise.race([run(abort.signal), late]);
      onTier?.(tier, clock.now() - began, true);
    } catch {
      work.failedTiers.push(tier);
      onTier?.(tier, clock.now() - began, false);
    } finally {
      cancel();
    }
  }
}

const NOT_SCORED = Object.fromEntries(SCORES.map((name) => [name, 0])) as Scores;
