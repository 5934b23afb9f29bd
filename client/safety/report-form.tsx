import { Button, Radio, Stack, Textarea } from '@mantine/core';
import { useState, type JSX } from 'react';
import { LIMITS } from '../../sessions/limits.ts';
import type { CommandInput } from '../../sessions/protocol.ts';
import { showToast } from '../common/toasts.ts';
import { useIsLive, useTable } from '../link/session-context.ts';
import { SAFETY } from './safety-strings.ts';

type ReportInput = CommandInput<'report:file'>;

const REASONS: readonly ReportInput['reason'][] = ['unsafe', 'harassment', 'line', 'privacy', 'other'];

/** Tells the game masters of a passage, a line of talk, or a player. */
export function ReportForm(props: { about: ReportInput['about']; onDone: () => void }): JSX.Element {
  const { session } = useTable();
  const isLive = useIsLive();
  const [reason, setReason] = useState<ReportInput['reason']>('unsafe');
  const [text, setText] = useState('');
  const send = async (): Promise<void> => {
    if (!(await session.act('report:file', { about: props.about, reason, text }))) return;
    showToast(SAFETY.report.sent);
    props.onDone();
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
        label={SAFETY.report.reason}
        value={reason}
        onChange={(value) => setReason(REASONS.find((known) => known === value) ?? 'other')}
      >
        <Stack gap="xs" pt="xs">
          {REASONS.map((one) => (
            <Radio key={one} value={one} label={SAFETY.report.reasons[one]} />
          ))}
        </Stack>
      </Radio.Group>
      <Textarea
        label={SAFETY.report.words}
        description={SAFETY.report.hint}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={LIMITS.noteLength}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button type="submit" disabled={!isLive}>
        {SAFETY.report.send}
      </Button>
    </form>
  );
}
