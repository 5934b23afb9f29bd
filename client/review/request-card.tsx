import { Button, Group, TextInput } from '@mantine/core';
import { useState, type JSX } from 'react';
import { LIMITS } from '../../sessions/limits.ts';
import type { TableRequest } from '../../sessions/safety-state.ts';
import { useIsLive, useTable } from '../link/session-context.ts';
import { age } from '../string-parts.ts';
import { SAFETY } from '../safety/safety-strings.ts';
import { goToPassage } from './go-to-passage.ts';

const { review } = SAFETY;

/** What somebody asked of the table without giving a name, and what may come of it. */
export function RequestCard({ request, now }: { request: TableRequest; now: number }): JSX.Element {
  const { session } = useTable();
  const isLive = useIsLive();
  const [topic, setTopic] = useState('');
  const { passageId } = request;
  const hasTopic = topic.trim().length >= 2;
  const close = (made: { line?: string; veil?: string }): void =>
    void session.act('request:close', { requestId: request.id, ...made });
  return (
    <li className="review-card" data-request={request.kind}>
      <p>
        <strong>{review.requestKinds[request.kind]}</strong>{' '}
        <span className="note">{review.ago(age(Math.max(0, now - request.at)))}</span>
      </p>
      <p className="note">{review.nobody}</p>
      {passageId !== null && (
        <button type="button" className="link-button" onClick={() => goToPassage(passageId)}>
          {review.goTo}
        </button>
      )}
      <TextInput
        label={review.topic}
        maxLength={LIMITS.topicLength}
        value={topic}
        onChange={(event) => setTopic(event.currentTarget.value)}
      />
      <Group gap="xs" pt="xs">
        <Button
          size="compact-sm"
          variant="light"
          disabled={!isLive || !hasTopic}
          onClick={() => close({ veil: topic })}
        >
          {review.asVeil}
        </Button>
        <Button
          size="compact-sm"
          variant="light"
          disabled={!isLive || !hasTopic}
          onClick={() => close({ line: topic })}
        >
          {review.asLine}
        </Button>
        <Button size="compact-sm" variant="subtle" disabled={!isLive} onClick={() => close({})}>
          {review.done}
        </Button>
      </Group>
    </li>
  );
}
