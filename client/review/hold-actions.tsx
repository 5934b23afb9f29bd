import { Button, Group, Textarea } from '@mantine/core';
import { useState, type JSX } from 'react';
import { LIMITS } from '../../sessions/limits.ts';
import type { CommandInput } from '../../sessions/protocol.ts';
import type { HoldView } from '../../sessions/safety-view.ts';
import { useIsLive, useTable } from '../link/session-context.ts';
import { SAFETY } from '../safety/safety-strings.ts';
import { TEXT } from '../strings.ts';
import { holdRights, isNarrated } from './hold-rights.ts';

const { review } = SAFETY;

/** What is being written about a text before it is decided; null: nothing. */
type HoldForm = 'edit' | 'reject' | 'revise' | null;

/** What can be done with one text, by its buttons and by keys. */
export interface HoldDesk {
  form: HoldForm;
  openForm: (form: HoldForm) => void;
  approve: () => void;
  undo: () => void;
  decide: (decision: Omit<CommandInput<'hold:decide'>, 'holdId'>) => Promise<boolean>;
}

/** The desk of one text. What the narrator wrote is rejected without a note: nobody would read it. */
export function useHoldDesk(hold: HoldView): HoldDesk {
  const { session } = useTable();
  const [form, setForm] = useState<HoldForm>(null);
  const decide: HoldDesk['decide'] = (decision) =>
    session.act('hold:decide', { holdId: hold.id, ...decision });
  return {
    form,
    openForm: (wanted) => {
      if (wanted === 'reject' && isNarrated(hold)) void decide({ decision: 'reject' });
      else setForm(wanted);
    },
    approve: () => void decide({ decision: 'approve' }),
    undo: () => void session.act('hold:undo', { holdId: hold.id }),
    decide,
  };
}

/** The buttons of one text, or the form of the one that was pressed. */
export function HoldActions({ hold, desk }: { hold: HoldView; desk: HoldDesk }): JSX.Element {
  const isLive = useIsLive();
  const rights = holdRights(hold);
  if (desk.form !== null) return <DecideForm hold={hold} desk={desk} form={desk.form} />;
  const button = (label: string | null, run: () => void, isFirst = false): JSX.Element | null =>
    label === null ? null : (
      <Button size="compact-sm" variant={isFirst ? 'filled' : 'light'} disabled={!isLive} onClick={run}>
        {label}
      </Button>
    );
  return (
    <Group gap="xs" className="review-actions">
      {button(rights.approve, desk.approve, true)}
      {button(rights.edit, () => desk.openForm('edit'))}
      {button(rights.reject, () => desk.openForm('reject'))}
      {button(rights.revise, () => desk.openForm('revise'))}
      {button(rights.undo, desk.undo)}
    </Group>
  );
}

interface DecideFormProps {
  hold: HoldView;
  desk: HoldDesk;
  form: NonNullable<HoldForm>;
}

function DecideForm({ hold, desk, form }: DecideFormProps): JSX.Element {
  const isLive = useIsLive();
  const isEdit = form === 'edit';
  const [text, setText] = useState(isEdit ? hold.text : '');
  const rights = holdRights(hold);
  const isWish = form === 'revise' && isNarrated(hold);
  const isReady = isLive && ((!isEdit && !isWish) || text.trim() !== '');
  const send = async (): Promise<void> => {
    const isDone = isEdit
      ? await desk.decide({ decision: 'approve', text })
      : await desk.decide({ decision: isWish ? 'reject' : form, note: text });
    if (isDone) desk.openForm(null);
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) void send();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        event.preventDefault();
        desk.openForm(null);
      }}
    >
      <Textarea
        label={labelOf(form, isWish)}
        autoFocus
        autosize
        minRows={2}
        maxRows={14}
        maxLength={isEdit ? LIMITS.passageLength : LIMITS.noteLength}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Group gap="xs">
        <Button type="submit" size="compact-sm" disabled={!isReady}>
          {rights[form]}
        </Button>
        <Button size="compact-sm" variant="subtle" color="gray" onClick={() => desk.openForm(null)}>
          {TEXT.common.cancel}
        </Button>
      </Group>
    </form>
  );
}

function labelOf(form: NonNullable<HoldForm>, isWish: boolean): string {
  if (isWish) return review.noteNarrator;
  switch (form) {
    case 'edit':
      return review.edited;
    case 'reject':
      return review.noteOptional;
    case 'revise':
      return review.note;
  }
}
