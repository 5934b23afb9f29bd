import { Popover } from '@mantine/core';
import { useEffect, useState, useSyncExternalStore, type JSX } from 'react';
import type { FeedbackType } from '../../sessions/feedback.ts';
import { Icon, type IconName } from '../common/icons.tsx';
import { showToast } from '../common/toasts.ts';
import { useIsLive, useTable } from '../link/session-context.ts';
import { FEEDBACK } from './feedback-strings.ts';
import { FeedbackForm } from './feedback-form.tsx';
import {
  afterPush,
  giveFeedback,
  judgementOf,
  ownFeedback,
  readFeedback,
  type JudgedText,
  type Judgement,
} from './own-feedback.ts';

interface FeedbackProps {
  passageId: string;
  alternativeId: string;
}

/** Under a passage of the narrator: it is good, it broke our story, and more words where wanted. */
export function FeedbackButtons({ passageId, alternativeId }: FeedbackProps): JSX.Element {
  const { session } = useTable();
  const isLive = useIsLive();
  const [isOpen, setOpen] = useState(false);
  const text: JudgedText = { sessionId: session.sessionId, passageId, alternativeId };
  const mine = useSyncExternalStore(ownFeedback.watch, () => judgementOf(ownFeedback.get(), text));
  useEffect(() => {
    if (isLive) void readFeedback(session.sessionId);
  }, [isLive, session]);
  const push = (type: FeedbackType) => () => void give(text, afterPush(mine, type));
  const shared = { mine, isLive };
  return (
    <div className="feedback" role="group" aria-label={FEEDBACK.group}>
      <Judge {...shared} type="positive" icon="good" name={FEEDBACK.good} onPush={push('positive')} />
      <Judge {...shared} type="broke_story" icon="torn" name={FEEDBACK.broke} onPush={push('broke_story')} />
      {mine !== null && (
        <Popover
          opened={isOpen}
          onChange={setOpen}
          position="bottom-start"
          width={300}
          shadow="md"
          trapFocus
          returnFocus
          withRoles={false}
          withinPortal
        >
          <Popover.Target>
            <button
              type="button"
              className="quiet-button"
              aria-label={FEEDBACK.more}
              title={FEEDBACK.more}
              aria-expanded={isOpen}
              onClick={() => setOpen(!isOpen)}
            >
              <Icon name="pen" size={15} />
            </button>
          </Popover.Target>
          <Popover.Dropdown role="dialog" aria-label={FEEDBACK.moreTitle}>
            <FeedbackForm first={mine} onSend={(more) => give(text, more)} onDone={() => setOpen(false)} />
          </Popover.Dropdown>
        </Popover>
      )}
    </div>
  );
}

interface JudgeProps {
  type: FeedbackType;
  icon: IconName;
  name: string;
  mine: Judgement | null;
  isLive: boolean;
  onPush: () => void;
}

function Judge({ type, icon, name, mine, isLive, onPush }: JudgeProps): JSX.Element {
  return (
    <button
      type="button"
      className="quiet-button judge"
      aria-label={name}
      title={name}
      aria-pressed={mine?.type === type}
      aria-disabled={!isLive}
      onClick={() => {
        if (isLive) onPush();
      }}
    >
      <Icon name={icon} size={16} />
    </button>
  );
}

/** Gives feedback and says what became of it. True when it is kept. */
async function give(text: JudgedText, judgement: Judgement): Promise<boolean> {
  const failure = await giveFeedback(text, judgement);
  if (failure !== null) showToast(failure.message, { tone: 'problem' });
  else if (judgement.type === 'broke_story') showToast(FEEDBACK.brokeSent);
  return failure === null;
}
