import { Button, Group, Radio, Textarea } from '@mantine/core';
import { useState, type JSX } from 'react';
import { LIMITS } from '../../sessions/limits.ts';
import { showToast } from '../common/toasts.ts';
import { useIsLive } from '../link/session-context.ts';
import { FEEDBACK } from './feedback-strings.ts';
import type { Judgement } from './own-feedback.ts';

const RATINGS = [1, 2, 3, 4, 5] as const;

interface FeedbackFormProps {
  first: Judgement;
  /** False: it was refused, and that was said. */
  onSend: (judgement: Judgement) => Promise<boolean>;
  onDone: () => void;
}

/** A rating and words about a passage of the narrator. What is refused stays in the form. */
export function FeedbackForm({ first, onSend, onDone }: FeedbackFormProps): JSX.Element {
  const isLive = useIsLive();
  const [rating, setRating] = useState(first.rating);
  const [comment, setComment] = useState(first.comment);
  const [isBusy, setBusy] = useState(false);
  const send = async (): Promise<void> => {
    setBusy(true);
    const isKept = await onSend({ type: first.type, rating, comment: comment.trim() });
    setBusy(false);
    if (!isKept) return;
    if (first.type !== 'broke_story') showToast(FEEDBACK.sent);
    onDone();
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Radio.Group
        label={FEEDBACK.rating}
        description={FEEDBACK.ratingNote}
        value={rating === null ? '' : String(rating)}
        onChange={(value) => setRating(RATINGS.find((one) => String(one) === value) ?? null)}
      >
        <Group gap="sm" pt="xs">
          {RATINGS.map((one) => (
            <Radio
              key={one}
              size="xs"
              value={String(one)}
              label={String(one)}
              aria-label={FEEDBACK.stars(one)}
            />
          ))}
        </Group>
      </Radio.Group>
      <Textarea
        label={FEEDBACK.words}
        description={FEEDBACK.wordsHint}
        autosize
        minRows={2}
        maxRows={6}
        maxLength={LIMITS.feedbackLength}
        value={comment}
        onChange={(event) => setComment(event.currentTarget.value)}
      />
      <Button type="submit" size="compact-md" loading={isBusy} disabled={!isLive}>
        {FEEDBACK.send}
      </Button>
    </form>
  );
}
