import { SCORES, type Scores, type ScreenRequest } from '../../sessions/moderator.ts';

/** A request for tests and probes: story text at a teen table of three without names, unless told otherwise. */
export function requestOf(
  given: Partial<Omit<ScreenRequest, 'rules'>> & { rules?: Partial<ScreenRequest['rules']> } = {},
): ScreenRequest {
  const { rules, ...rest } = given;
  return {
    text: '',
    sessionId: null,
    channel: 'story',
    cast: [],
    players: [],
    speaker: null,
    recent: [],
    history: 0.9,
    playersPresent: 2,
    ...rest,
    rules: { rating: 'teen', genre: 'general', levels: {}, lines: [], veils: [], ...rules },
  };
}

/** Scores of a text that nobody minds, but for the given ones. */
export function scoresOf(given: Partial<Scores> = {}): Scores {
  return { ...(Object.fromEntries(SCORES.map((name) => [name, 0])) as Scores), ...given };
}
