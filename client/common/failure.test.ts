import { describe, expect, it } from 'vitest';
import { refuse } from '../../sessions/errors.ts';
import { failureOf } from './failure.ts';

const shown = (...refusal: Parameters<typeof refuse>) => failureOf(refuse(...refusal)).message;

describe('failureOf', () => {
  it('says what, why and when to try again', () => {
    expect(shown('NARRATOR_BUSY', 'You have 2 requests with the narrator.', 5_000)).toBe(
      'The narrator has as many requests as it takes from here. Wait for one of them or cancel it. ' +
        'You have 2 requests with the narrator. Try again in 5 seconds.',
    );
    expect(shown('NARRATOR_QUEUE_FULL', null, 120_000)).toBe(
      'The narrator has too many requests waiting. Try again in 2 minutes.',
    );
  });

  it('says when once', () => {
    expect(shown('RATE_LIMITED', 'Try again in 3 s.', 3_000)).toBe(
      'That was too fast. Wait a moment. Try again in 3 s.',
    );
    const detail = 'The narrator has written as much for you as one hour allows. It goes on in 5 minutes.';
    expect(shown('NARRATOR_BUDGET', detail, 300_000).endsWith('It goes on in 5 minutes.')).toBe(true);
  });

  it('sets apart what is no sentence', () => {
    expect(shown('BAD_INPUT', 'title: too long')).toBe('That request was not understood. (title: too long)');
  });
});
