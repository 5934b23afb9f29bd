import { decide } from './commands/decide.ts';
import type { DecideContext, Decision } from './commands/decision.ts';
import { refuse } from './errors.ts';
import { KeyedLock } from './keyed-lock.ts';
import type { Command } from './protocol.ts';
import type { Player } from './state.ts';
import {
  decideJudged,
  gatedTexts,
  type Decide,
  type Gated,
  type GatedText,
  type JudgedText,
} from './text-gate.ts';
import type { TextScreen } from './text-screen.ts';

/** How often a draft that is typed in meanwhile is judged anew before the quick look has to do. */
const JUDGED_AGAIN = 3;

/** What the quick look takes in; it may not stand for the judgement of a longer text. */
const LOOKED = 2_000;

/** Brings commands and the judgement of their texts together; a player's texts are judged in the order they came. */
export class CommandGate {
  private readonly screen: TextScreen;
  private readonly contextFor: (player: Player) => DecideContext;
  private readonly lines = new KeyedLock();

  constructor(screen: TextScreen, contextFor: (player: Player) => DecideContext) {
    this.screen = screen;
    this.contextFor = contextFor;
  }

  /** Whether others will see text of this command; a refusal when it would be refused in any case. */
  look(player: Player, command: Command): 'plain' | 'text' | Extract<Decision, { ok: false }> {
    const context = this.contextFor(player);
    const fault = topicsOf(command)
      .map((topic) => this.screen.topicFault(topic))
      .find((why) => why !== null);
    if (fault != null) return refuse('TEXT_REFUSED', fault);
    if (gatedTexts(context, command).length === 0) return 'plain';
    const dry = decide(context, command);
    return dry.ok ? 'text' : dry;
  }

  /** Runs `work` after all earlier work of the player. */
  inTurn<T>(playerId: string, work: () => Promise<T>): Promise<T> {
    return this.lines.run(playerId, work);
  }

  /** The judgement of all texts of a command as they stand. Never rejects. */
  async judge(player: Player, command: Command): Promise<JudgedText[]> {
    let judged: JudgedText[] = [];
    for (let time = 0; time < JUDGED_AGAIN; time += 1) {
      const texts = gatedTexts(this.contextFor(player), command);
      if (texts.every((text) => findJudged(judged, text) !== undefined)) break;
      judged = await Promise.all(
        texts.map(
          async (text) =>
            findJudged(judged, text) ?? {
              ...text,
              verdict: await this.screen.screen({ author: player.id, ...text }),
            },
        ),
      );
    }
    return judged;
  }

  /** Decides the command with its texts as they stand now; what was not judged yet gets the quick look. */
  decide(player: Player, command: Command, judged: readonly JudgedText[], by: Decide = decide): Gated {
    const context = this.contextFor(player);
    const texts = gatedTexts(context, command);
    const isTooLong = (one: GatedText) => one.text.length > LOOKED && findJudged(judged, one) === undefined;
    if (texts.some(isTooLong)) {
      const busy = refuse('PASSAGE_BUSY', 'It is still being typed in. Commit it again in a moment.');
      return { decision: busy, refusal: null };
    }
    const now = texts.map(
      (text) =>
        findJudged(judged, text) ?? {
          ...text,
          verdict: this.screen.screenNow({ author: player.id, ...text }),
        },
    );
    return decideJudged(context, command, { judged: now, decide: by });
  }
}

/** H7: the lines and veils in a command. */
function topicsOf({ name, payload }: Command): string[] {
  switch (name) {
    case 'safety:topics':
    case 'session:zero':
      return [...(payload.lines ?? []), ...(payload.veils ?? [])];
    case 'request:close':
      return [payload.line, payload.veil].filter((topic) => topic != null);
    default:
      return [];
  }
}

function findJudged(judged: readonly JudgedText[], { key, text }: GatedText): JudgedText | undefined {
  return judged.find((one) => one.key === key && one.text === text);
}
