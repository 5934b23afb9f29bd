import type { SessionKernel } from './kernel.ts';
import type {
  Channel,
  ModerationLog,
  Moderator,
  ScreenRequest,
  Severities,
  TextSpan,
  Verdict,
} from './moderator.ts';
import { historyScore, standingOf } from './standing.ts';
import { activePlayer } from './state.ts';
import { NARRATOR } from './story-shape.ts';
import { tableRules } from './table.ts';

/** Passages, or lines of talk, that are judged together with a new one (S3.24). */
const ASSEMBLED = 3;

/** What the screen of one session is asked about: a text, where it goes, and whose it is. */
export interface ScreenedText {
  text: string;
  channel: Channel;
  /** Player id, or `narrator`. */
  author: string;
  /** The passage it continues, and what is written of it; only what stands before that is looked at with it. */
  passageId?: string | null;
  before?: string;
}

export interface ScreenParts {
  kernel: SessionKernel;
  moderator: Moderator;
  log: ModerationLog;
  /** People at the table now. */
  countPresent: () => number;
}

/** Asks the moderator about texts of one session, with all it needs to know of the table, and logs the answers. */
export class TextScreen {
  private readonly parts: ScreenParts;

  constructor(parts: ScreenParts) {
    this.parts = parts;
  }

  /** The most that the policy allows at this table's rating. */
  get floor(): Severities {
    return this.parts.moderator.floor(this.parts.kernel.state.settings.rating);
  }

  /** Whether paraphrases of lines and veils are found. */
  get findsParaphrases(): boolean {
    return this.parts.moderator.info().hasEncoder;
  }

  /** The whole judgement, logged. Never rejects. */
  async screen(of: ScreenedText): Promise<Verdict> {
    const verdict = await this.parts.moderator.screen(this.request(of));
    this.note(of, verdict);
    return verdict;
  }

  /** The quick judgement at once, logged: for text that may wait no longer. */
  screenNow(of: ScreenedText): Verdict {
    const verdict = this.look(of);
    this.note(of, verdict);
    return verdict;
  }

  /** A look at text that is being typed; not a decision, not logged. */
  look(of: ScreenedText): Verdict {
    return this.parts.moderator.look(this.request(of));
  }

  /** Words that nobody else may see even for a moment. */
  banned(text: string): TextSpan[] {
    return this.parts.moderator.banned(text);
  }

  /**
   * Why a line or veil cannot be one: it may name anything that people do not want, but it goes to everybody and into
   * every prompt, so it holds no forbidden word, no orders to the narrator's machinery and no personal data.
   */
  topicFault(topic: string): string | null {
    if (this.banned(topic).length > 0) return 'It has a word that no table allows.';
    const { action, harm, reason } = this.look({ text: topic, channel: 'direction', author: NARRATOR });
    const isFault = action !== 'allow' && (harm === 'injection' || harm === 'privacy');
    return isFault ? reason : null;
  }

  private request(of: ScreenedText): ScreenRequest {
    const { text, channel, author, before } = of;
    const { kernel, countPresent } = this.parts;
    const { state } = kernel;
    const players = Object.values(state.players).filter((player) => !player.isGone);
    return {
      text,
      channel,
      sessionId: state.id,
      rules: tableRules(state),
      cast: state.cast.map(({ name }) => name),
      players: players.map(({ name }) => name),
      speaker: activePlayer(state, author)?.name ?? null,
      recent: [...this.recent(of), ...(before === undefined || before === '' ? [] : [before])].slice(
        -ASSEMBLED,
      ),
      history: author === NARRATOR ? 1 : historyScore(standingOf(state, author), kernel.clock.now()),
      playersPresent: countPresent(),
    };
  }

  private recent({ channel, passageId }: ScreenedText): string[] {
    const { state, story } = this.parts.kernel;
    if (channel === 'talk') return state.talk.slice(-ASSEMBLED).map(({ text }) => text);
    // A draft is judged with what stands before it when it is committed; while it is typed that would cost too much.
    if (channel === 'name' || channel === 'title' || channel === 'draft') return [];
    return story.shownTexts(passageId ?? null, ASSEMBLED).map(({ text }) => text);
  }

  private note({ text, channel, author }: ScreenedText, verdict: Verdict): void {
    const { kernel, log } = this.parts;
    const { text: _text, reason: _reason, masks: _masks, ...rest } = verdict;
    log.decided({
      at: kernel.clock.now(),
      sessionId: kernel.state.id,
      author,
      channel,
      rating: kernel.state.settings.rating,
      length: text.length,
      stage: 'input',
      verdict: rest,
    });
  }
}
