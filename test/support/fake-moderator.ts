import {
  HARMS,
  SCORES,
  type Moderator,
  type ModeratorInfo,
  type Scores,
  type ScreenRequest,
  type Severities,
  type Verdict,
} from '../../sessions/moderator.ts';
import { requestOf } from './screen-requests.ts';

const zeros = <K extends string>(keys: readonly K[]) =>
  Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;

/** A moderator that answers what it is told to; without that, it allows everything. */
export class FakeModerator implements Moderator {
  /** All that it was asked. */
  readonly requests: ScreenRequest[] = [];
  readonly #answer: (request: ScreenRequest) => Verdict;

  constructor(answer: (request: ScreenRequest) => Verdict = ({ text }) => FakeModerator.verdict(text)) {
    this.#answer = answer;
  }

  /** A verdict that allows a text. */
  static verdict(text: string): Verdict {
    return {
      outcome: 'allow',
      action: 'allow',
      text,
      masks: [],
      rules: [],
      harm: null,
      severities: zeros(HARMS) satisfies Severities,
      scores: zeros(SCORES) satisfies Scores,
      spans: [],
      reason: '',
      needsHelp: false,
      isStrike: false,
      policyHash: 'policy',
      modelVersion: 'model',
      failedTiers: [],
      ms: 1,
    };
  }

  /** A request about a text in a story. */
  static request(text: string): ScreenRequest {
    return requestOf({ text, history: 1, playersPresent: 1 });
  }

  screen(request: ScreenRequest): Promise<Verdict> {
    return Promise.resolve(this.look(request));
  }

  look(request: ScreenRequest): Verdict {
    this.requests.push(request);
    return this.#answer(request);
  }

  banned(): [] {
    return [];
  }

  floor(): Severities {
    return zeros(HARMS);
  }

  info(): ModeratorInfo {
    return {
      policyHash: 'policy',
      policyVersion: '1',
      modelVersion: 'model',
      hasEncoder: false,
      hasJudge: false,
    };
  }
}
