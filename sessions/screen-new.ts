import type { Archive } from './archive-shape.ts';
import { newHold } from './commands/safety.ts';
import { AppError, firstIssue, refuse, type Refusal } from './errors.ts';
import { newId, type Random } from './ids.ts';
import { LIMITS } from './limits.ts';
import type { Channel, Moderator, ScreenRequest, Verdict } from './moderator.ts';
import { createSessionSchema, type CreateSession, type Rating } from './protocol.ts';
import type { Hold } from './safety-state.ts';
import { spansText } from './story-shape.ts';
import { maskedSpans } from './edited-spans.ts';
import { whyOf } from './text-gate.ts';

// Sessions that begin with text: made from a form, or from an archive (H7). There is no table yet to ask.

function requestFor(text: string, channel: Channel, rating: Rating): ScreenRequest {
  return {
    text,
    channel,
    sessionId: null,
    rules: { rating, genre: 'general', levels: {}, lines: [], veils: [] },
    cast: [],
    players: [],
    speaker: null,
    recent: [],
    history: 1,
    playersPresent: 1,
  };
}

/** A story that is there already floods nobody. */
function isStopped({ action, harm }: Verdict): boolean {
  return harm !== 'spam' && (action === 'hold' || action === 'block');
}

/** The form of a new session with masked words in it, or a refusal that says which field was not fit and why. */
export async function screenNewSession(
  moderator: Moderator,
  input: CreateSession,
): Promise<CreateSession | Refusal> {
  const fit = async (field: string, text: string, channel: Channel): Promise<string> => {
    if (text === '') return text;
    const verdict = await moderator.screen(requestFor(text, channel, input.rating));
    if (isStopped(verdict)) throw new AppError('TEXT_REFUSED', { detail: `${field}: ${verdict.reason}` });
    return verdict.text;
  };
  try {
    const cast: CreateSession['cast'] = [];
    for (const { name, description } of input.cast) {
      cast.push({
        name: await fit('Name of a cast member', name, 'title'),
        description: await fit('Description of a cast member', description, 'story'),
      });
    }
    const title = await fit('Title', input.title, 'title');
    const premise = await fit('Premise', input.premise, 'story');
    const ownerName = await fit('Your name', input.ownerName, 'name');
    const masked = { ...input, title, premise, cast, ownerName };
    // A typed placeholder may be longer than what it stands for.
    const parsed = createSessionSchema.safeParse(masked);
    return parsed.success ? masked : refuse('TEXT_REFUSED', firstIssue(parsed.error));
  } catch (error) {
    if (error instanceof AppError && error.code === 'TEXT_REFUSED') return refuse(error.code, error.detail);
    throw error;
  }
}

type ArchivedPassage = Archive['passages'][number];

/** Looks at the texts of an archive one by one; others get their turn between them. */
class ArchiveScreen {
  readonly holds: Hold[] = [];
  private readonly moderator: Moderator;
  private readonly rating: Rating;
  private readonly of: { now: number; random: Random; breathe: () => Promise<void> };

  constructor(moderator: Moderator, rating: Rating, of: ArchiveScreen['of']) {
    this.moderator = moderator;
    this.rating = rating;
    this.of = of;
  }

  private async look(text: string, channel: Channel): Promise<Verdict> {
    await this.of.breathe();
    return this.moderator.screen(requestFor(text, channel, this.rating), 'quick');
  }

  /** The text as it may be shown; `otherwise` where it may not. */
  async fit(text: string, channel: Channel, otherwise: string): Promise<string> {
    if (text === '') return text;
    const verdict = await this.look(text, channel);
    return isStopped(verdict) ? otherwise : verdict.text;
  }

  async passage(passage: ArchivedPassage): Promise<ArchivedPassage> {
    const verdicts: Verdict[] = [];
    for (const { spans } of passage.alternatives) verdicts.push(await this.look(spansText(spans), 'story'));
    const bad = verdicts.find(isStopped);
    if (bad === undefined) {
      const alternatives = passage.alternatives.map((one, at) => ({
        ...one,
        spans: maskedSpans(one.spans, verdicts[at]?.masks ?? []),
      }));
      // A place whose text was waiting in the session it comes from has nothing to wait for here.
      return { ...passage, alternatives, state: passage.state === 'held' ? 'struck' : passage.state };
    }
    return this.hold(passage, bad);
  }

  private hold(passage: ArchivedPassage, verdict: Verdict): ArchivedPassage {
    const texts = passage.alternatives.map(({ id, spans }) => ({ alternativeId: id, spans }));
    const of = {
      kind: 'hidden' as const,
      by: passage.by,
      at: this.of.now,
      channel: 'story' as const,
      passageId: passage.id,
      isReplacement: true,
      why: whyOf(verdict),
    };
    // What no table may allow is not kept for anybody to read.
    const isKept = verdict.outcome !== 'block_escalate';
    if (isKept) this.holds.push(newHold({ id: newId(this.of.random), ...of, texts }));
    const alternatives = passage.alternatives.map((one) => ({ ...one, spans: [] }));
    return { ...passage, alternatives, state: isKept ? 'held' : 'struck' };
  }
}

/** What surrounds the passages. Memory that is not fit is forgotten, a title that is not fit is left out. */
async function screenLines(screen: ArchiveScreen, archive: Archive): Promise<Partial<Archive>> {
  const branches: NonNullable<Archive['branches']> = [];
  for (const [index, branch] of (archive.branches ?? []).entries())
    branches.push({ ...branch, name: await screen.fit(branch.name, 'title', `Branch ${index + 1}`) });
  const scenes: NonNullable<Archive['scenes']> = [];
  for (const scene of archive.scenes ?? [])
    scenes.push({ ...scene, title: await screen.fit(scene.title, 'title', '') });
  const memory: NonNullable<Archive['memory']> = [];
  for (const item of archive.memory ?? []) {
    const text = await screen.fit(item.text, 'story', '');
    if (text !== '' || item.text === '') memory.push({ ...item, text });
  }
  return { branches, scenes, memory };
}

/**
 * An archive as it may become a session: passages that are not fit wait in its review queue, words are masked,
 * names and titles that are not fit are replaced. Throws AppError ARCHIVE_INVALID when too much would have to wait.
 */
export async function screenArchive(
  moderator: Moderator,
  archive: Archive,
  of: { now: number; random: Random; breathe: () => Promise<void> },
): Promise<{ archive: Archive; holds: Hold[] }> {
  const screen = new ArchiveScreen(moderator, archive.session.rating, of);
  const { session } = archive;
  const title = await screen.fit(session.title, 'title', 'Untitled');
  const premise = await screen.fit(session.premise, 'story', '');
  const cast: Archive['cast'] = [];
  for (const [index, member] of archive.cast.entries()) {
    const name = await screen.fit(member.name, 'title', `Cast member ${index + 1}`);
    cast.push({ ...member, name, description: await screen.fit(member.description, 'story', '') });
  }
  const players: Archive['players'] = [];
  for (const [index, player] of archive.players.entries())
    players.push({ ...player, name: await screen.fit(player.name, 'name', `Player ${index + 1}`) });
  const talk: Archive['talk'] = [];
  for (const line of archive.talk) talk.push({ ...line, text: await screen.fit(line.text, 'talk', '…') });
  const passages: Archive['passages'] = [];
  for (const passage of archive.passages) {
    passages.push(await screen.passage(passage));
    if (screen.holds.length <= LIMITS.openHolds) continue;
    const detail = `More than ${LIMITS.openHolds} of its passages do not fit the rating "${session.rating}". Export it under another rating.`;
    throw new AppError('ARCHIVE_INVALID', { detail });
  }
  return {
    archive: {
      ...archive,
      ...(await screenLines(screen, archive)),
      ...{ session: { ...session, title, premise }, cast, players, talk, passages },
    },
    holds: screen.holds,
  };
}
