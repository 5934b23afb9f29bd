import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../sessions/limits.ts';
import { COMMANDS } from '../../sessions/protocol.ts';
import { readTopics, writeTopics } from './topics.ts';

describe('readTopics', () => {
  it('takes one topic a row, each once', () => {
    expect(readTopics('  spiders \n\nSpiders\nharm to  animals\n')).toEqual({
      topics: ['spiders', 'harm to animals'],
      problem: null,
    });
  });

  it('says what is wrong with a box', () => {
    expect(readTopics('a').problem).not.toBeNull();
    expect(readTopics('x'.repeat(LIMITS.topicLength + 1)).problem).not.toBeNull();
    const many = Array.from({ length: LIMITS.topics + 1 }, (_, n) => `topic ${n}`);
    expect(readTopics(many.join('\n')).problem).not.toBeNull();
    expect(readTopics(many.slice(1).join('\n')).problem).toBeNull();
  });

  it('lets through what the server takes, and the box can be written again', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 90 }), { maxLength: 14 }), (rows) => {
        const { topics, problem } = readTopics(rows.join('\n'));
        const isTaken = COMMANDS['safety:topics'].safeParse({ lines: topics, veils: [] }).success;
        expect(problem === null).toBe(isTaken);
        expect(readTopics(writeTopics(topics)).topics).toEqual(topics);
      }),
    );
  });
});
