import { LIMITS } from '../../sessions/limits.ts';
import { cleanLine } from '../../sessions/text.ts';
import { SAFETY } from './safety-strings.ts';

/** What a box of topics holds: the topics, or why they cannot be taken. */
export interface TopicsRead {
  topics: string[];
  problem: string | null;
}

/** Reads a box of topics: one on each row, each once, blank rows left out. */
export function readTopics(text: string): TopicsRead {
  const known = new Map<string, string>();
  for (const row of text.split('\n').map(cleanLine)) {
    const key = row.toLowerCase();
    if (row !== '' && !known.has(key)) known.set(key, row);
  }
  const topics = [...known.values()];
  return { topics, problem: problemOf(topics) };
}

/** The rows of a box that holds these topics. */
export function writeTopics(topics: readonly string[]): string {
  return topics.join('\n');
}

function problemOf(topics: readonly string[]): string | null {
  if (topics.length > LIMITS.topics) return SAFETY.topics.tooMany(LIMITS.topics);
  if (topics.some((topic) => topic.length > LIMITS.topicLength))
    return SAFETY.topics.tooLong(LIMITS.topicLength);
  return topics.some((topic) => topic.length < 2) ? SAFETY.topics.tooShort : null;
}
