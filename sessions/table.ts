import type { TableRules } from './moderator.ts';
import type { SessionState } from './state.ts';

/** Topics that a table has at most, over all players; what comes later in the alphabet is left out. */
const TOPICS = 100;

function compiled(lists: readonly (readonly string[])[]): string[] {
  const byKey = new Map(lists.flat().map((topic) => [topic.toLocaleLowerCase(), topic] as const));
  // In order of the alphabet, so that neither place nor number tells whose a topic is.
  return [...byKey.keys()]
    .sort()
    .flatMap((key) => byKey.get(key) ?? [])
    .slice(0, TOPICS);
}

/** S6: the lines and veils of all who are at the table, and of the table itself, in one list each without names. */
export function tableTopics({ players, safety }: Pick<SessionState, 'players' | 'safety'>): {
  lines: string[];
  veils: string[];
} {
  const own = Object.entries(safety.topics)
    .filter(([playerId]) => players[playerId]?.isGone === false)
    .map(([, topics]) => topics);
  const lines = compiled([safety.agreement.lines, ...own.map((topics) => topics.lines)]);
  const isLine = new Set(lines.map((line) => line.toLocaleLowerCase()));
  const veils = compiled([safety.agreement.veils, ...own.map((topics) => topics.veils)]);
  return { lines, veils: veils.filter((veil) => !isLine.has(veil.toLocaleLowerCase())) };
}

/** What the screen is told about the table. */
export function tableRules(state: SessionState): TableRules {
  const { genre, levels } = state.safety.agreement;
  return { rating: state.settings.rating, genre, levels, ...tableTopics(state) };
}
