import { Button, Textarea } from '@mantine/core';
import { useState, type JSX } from 'react';
import { Choices } from './choices.tsx';
import { FLAGS_TEXT as words } from './flags-strings.ts';
import { IdField } from './id-field.tsx';
import { isId } from './log-text.ts';
import { OPS } from './ops-strings.ts';

const FLAG_CHOICES = Object.entries(OPS.flag.names).map(([value, label]) => ({
  value,
  label,
  description: OPS.flag.helps[value] ?? '',
}));
const SCOPES = [
  { value: 'all', label: words.forAll },
  { value: 'one', label: words.forOne },
] as const;

/** What to turn on, for whom, and why. */
export function FlagForm(props: {
  sessionId: string | null;
  onAsk: (of: { flag: string; sessionId: string | null; reason: string }) => void;
}): JSX.Element {
  const [flag, setFlag] = useState(FLAG_CHOICES[0]?.value ?? '');
  const [scope, setScope] = useState<'all' | 'one'>(props.sessionId === null ? 'all' : 'one');
  const [session, setSession] = useState(props.sessionId ?? '');
  const [reason, setReason] = useState('');
  const [isTried, setTried] = useState(false);
  const isSessionBad = scope === 'one' && !isId(session.trim());
  const isReasonBad = reason.trim() === '';
  const ask = (): void => {
    setTried(true);
    if (isSessionBad || isReasonBad) return;
    props.onAsk({ flag, sessionId: scope === 'one' ? session.trim() : null, reason: reason.trim() });
  };
  return (
    <form
      className="stack ops-form"
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      <Choices label={words.flag} name="flag" of={FLAG_CHOICES} value={flag} onChange={setFlag} />
      <Choices label={words.scopeLabel} name="flag-scope" of={SCOPES} value={scope} onChange={setScope} />
      {scope === 'one' && (
        <IdField
          label={words.session}
          name="flag-session"
          value={session}
          problem={isTried && isSessionBad ? words.badSession : null}
          onChange={setSession}
        />
      )}
      <Textarea
        label={words.reasonLabel}
        description={words.reasonHint}
        name="flag-reason"
        rows={2}
        maxLength={500}
        value={reason}
        error={isTried && isReasonBad ? words.noReason : undefined}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <div>
        <Button type="submit">{words.submit}</Button>
      </div>
    </form>
  );
}
