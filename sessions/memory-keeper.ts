import type { SessionEvent } from './events.ts';
import type { Digest, Summariser } from './history-ports.ts';
import type { SessionKernel } from './kernel.ts';
import { LIMITS } from './limits.ts';
import {
  doesCount,
  memoryMap,
  memoryRecords,
  shownRevision,
  type MemoryItem,
  type MemorySource,
} from './memory-shape.ts';
import { scenesOf } from './story-lines.ts';
import { chosenText, NARRATOR, passageMap } from './story-shape.ts';
import type { TextScreen } from './text-screen.ts';

/** Passages of a scene that are told in one summary (E1). */
const BLOCK = 8;
/** The longest scene that is told as a whole too; of longer ones the blocks are. */
const LONGEST_SCENE = 64;
/** Jobs that are looked up at a time: looking takes as long as the story is. */
const AT_ONCE = 64;
/** Characters of a summary of a few passages, and of a whole scene. */
const LENGTHS = { passages: 320, scene: 480 } as const;
/** How long the story rests before its memory is looked at, and the pause between two jobs, ms. */
const REST_MS = 2_000;
const BETWEEN_MS = 50;
/** A summariser that cannot now is asked again after this, ms. */
const AGAIN_MS = 60_000;

/** Events after which something may have to be told anew. */
const CONCERNED: ReadonlySet<SessionEvent['type']> = new Set([
  'passage-committed',
  'passage-struck',
  'passage-restored',
  'alternative-chosen',
  'narrator-ended',
  'hold-decided',
  'rolled-back',
  'rollback-answered',
  'branch-switched',
  'scene-begun',
  'player-joined',
]);

/** Passages to be told in short, as they stand. */
interface Untold {
  span: 'passages' | 'scene';
  sources: MemorySource[];
}

/** What a run of passages is told by: blocks of so many places, struck ones counted, so that others stay as they are. */
function blocksOf(ids: readonly string[], isEnded: boolean): string[][] {
  const blocks = Array.from({ length: Math.ceil(ids.length / BLOCK) }, (_, at) =>
    ids.slice(at * BLOCK, (at + 1) * BLOCK),
  );
  return blocks.filter((block) => isEnded || block.length === BLOCK);
}

function keyOf(span: string | null, sources: readonly MemorySource[]): string {
  return `${span}:${sources.map(({ passageId, revision }) => `${passageId}@${revision}`).join(',')}`;
}

/** E1, E3: passages of the line in play that no item tells, as they stand: the first so many of such runs. */
function untoldOf({ story }: Pick<SessionKernel, 'story'>): Untold[] {
  const { doc } = story;
  const line = story.line();
  const told = new Set(memoryRecords(doc).map(({ span, sources }) => keyOf(span, sources)));
  const runs = scenesOf(line, story.scenes());
  const spans = runs.flatMap(({ passageIds }, index) => {
    const isEnded = index < runs.length - 1;
    const blocks = blocksOf(passageIds, isEnded).map((ids) => ({ span: 'passages' as const, ids }));
    const isLong = isEnded && passageIds.length > BLOCK && passageIds.length <= LONGEST_SCENE;
    return isLong ? [...blocks, { span: 'scene' as const, ids: passageIds }] : blocks;
  });
  const untold: Untold[] = [];
  for (const { span, ids } of spans) {
    if (untold.length >= AT_ONCE) break;
    const sources = sourcesOf(doc, ids);
    if (sources !== null && sources.length > 0 && !told.has(keyOf(span, sources)))
      untold.push({ span, sources });
  }
  return untold;
}

/** The shown ones of some passages as they stand; null while one of them is being written or waits. */
function sourcesOf(doc: SessionKernel['story']['doc'], ids: readonly string[]): MemorySource[] | null {
  const sources: MemorySource[] = [];
  for (const passageId of ids) {
    const passage = passageMap(doc).get(passageId);
    if (passage?.get('state') === 'held') return null;
    const revision = shownRevision(doc, passageId);
    if (revision === null) continue;
    const alternatives = passage?.get('alternatives') as { toArray(): { get(key: string): unknown }[] };
    if (alternatives.toArray().some((alternative) => alternative.get('state') === 'streaming')) return null;
    sources.push({ passageId, revision });
  }
  return sources;
}

export interface MemoryHooks {
  summariser: Summariser;
  screen: Pick<TextScreen, 'look'>;
  /** Nobody is there, or nothing can be stored: memory waits. */
  isIdle: () => boolean;
}

/** Keeps the narrator's memory up to date in the background, one job at a time (E3). */
export class MemoryKeeper {
  private readonly kernel: SessionKernel;
  private readonly hooks: MemoryHooks;
  private readonly ending = new AbortController();
  private cancelTimer: (() => void) | null = null;
  private isBusy = false;
  /** What is to be told next, as the story stood when it was looked up. */
  private untold: Untold[] = [];

  constructor(kernel: SessionKernel, hooks: MemoryHooks) {
    this.kernel = kernel;
    this.hooks = hooks;
    kernel.onEvent(({ type }) => {
      if (!CONCERNED.has(type)) return;
      this.untold = [];
      this.look(REST_MS);
    });
    this.look(REST_MS);
  }

  private look(afterMs: number): void {
    if (this.ending.signal.aborted || this.isBusy) return;
    this.cancelTimer?.();
    this.cancelTimer = this.kernel.clock.after(afterMs, () => {
      this.cancelTimer = null;
      void this.work();
    });
  }

  private async work(): Promise<void> {
    if (this.isBusy || this.hooks.isIdle()) return;
    if (this.untold.length === 0) this.untold = untoldOf(this.kernel);
    const untold = this.untold.shift();
    if (untold === undefined) return;
    this.isBusy = true;
    const digest = await this.digestOf(untold);
    this.isBusy = false;
    if (this.ending.signal.aborted) return;
    if (digest !== null) this.remember(untold, digest);
    this.look(digest === null ? AGAIN_MS : BETWEEN_MS);
  }

  private async digestOf({ span, sources }: Untold): Promise<Digest | null> {
    const { state, story } = this.kernel;
    const passages = sources.map(({ passageId }) => {
      const passage = story.passage(passageId);
      return { id: passageId, text: chosenText(passage) };
    });
    const digest = await this.hooks.summariser.summarise(
      {
        sessionId: state.id,
        tenantId: state.tenantId,
        names: state.cast.map(({ name }) => name),
        passages,
        maxLength: LENGTHS[span],
      },
      this.ending.signal,
    );
    return digest === null ? null : this.screened(digest);
  }

  /** What others will read is looked at like any other text; what would not pass is left out (H8). */
  private screened({ summary, facts }: Digest): Digest {
    const fits = (text: string): boolean => {
      const { action } = this.hooks.screen.look({ author: NARRATOR, channel: 'draft', text });
      return action !== 'hold' && action !== 'block';
    };
    return { summary: fits(summary) ? summary : '', facts: facts.filter(({ text }) => fits(text)) };
  }

  /** Only what still stands as it was told; an empty summary is kept too, so that it is not asked for again. */
  private remember({ span, sources }: Untold, digest: Digest): void {
    const { story, clock } = this.kernel;
    const stands = ({ passageId, revision }: MemorySource) =>
      shownRevision(story.doc, passageId) === revision;
    if (this.hooks.isIdle() || !sources.every(stands)) return;
    const item = (of: Pick<MemoryItem, 'kind' | 'text' | 'sources' | 'span'>): MemoryItem => ({
      ...of,
      id: this.kernel.newId(),
      isPinned: false,
      by: NARRATOR,
      at: clock.now(),
    });
    const facts = span === 'scene' ? [] : digest.facts;
    const items = [
      item({ kind: 'summary', text: digest.summary.slice(0, LIMITS.memoryLength), sources, span }),
      ...facts.map(({ text, passageId }) =>
        item({
          kind: 'fact',
          text: text.slice(0, LIMITS.memoryLength),
          sources: sources.filter((source) => source.passageId === passageId),
          span: null,
        }),
      ),
    ].filter((one) => one.sources.length > 0);
    this.kernel.changeStory([
      ...this.outdated(items.length).map((itemId) => ({ op: 'forget' as const, itemId })),
      ...items.map((one) => ({ op: 'remember' as const, item: one })),
    ]);
  }

  /**
   * Where there is no room left, the oldest that do not count any more make it, then facts; never what people wrote,
   * nor summaries that count: they would only be made again.
   */
  private outdated(more: number): string[] {
    const { story } = this.kernel;
    const over = memoryMap(story.doc).size + more - LIMITS.memoryItems;
    if (over <= 0) return [];
    const all = memoryRecords(story.doc);
    const line = new Set(story.line());
    const ours = all.filter(({ by }) => by === NARRATOR);
    const counts = new Set(ours.filter(({ sources }) => doesCount(story.doc, line, sources)));
    const old = ours.filter((item) => !counts.has(item));
    const facts = ours.filter((item) => counts.has(item) && item.kind === 'fact' && !item.isPinned);
    return [...old, ...facts].slice(0, over).map(({ id }) => id);
  }

  /** Stops for good. */
  close(): void {
    this.ending.abort();
    this.cancelTimer?.();
  }
}
