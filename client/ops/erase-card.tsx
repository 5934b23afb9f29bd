import { Button, NativeSelect } from '@mantine/core';
import { useState, type JSX } from 'react';
import { AskDialog } from '../common/ask-dialog.tsx';
import { AUDIT as words } from './audit-strings.ts';
import { Choices } from './choices.tsx';
import { IdField } from './id-field.tsx';
import { isId } from './log-text.ts';
import { askOps } from './ops-api.ts';
import { Card } from './parts.tsx';

const WHOSE = [
  { value: 'player', label: words.ofPlayer },
  { value: 'narrator', label: words.ofNarrator },
] as const;
const REASONS = Object.entries(words.reasons).map(([value, label]) => ({ value, label }));

interface Subject {
  sessionId: string;
  /** Null: what the narrator wrote in the session. */
  playerId: string | null;
  reason: string;
}

/** Deletes what reading a person's texts in the audit log needs, after a question. */
export function EraseCard({ onErased }: { onErased: () => void }): JSX.Element {
  const [asked, setAsked] = useState<Subject | null>(null);
  const [told, setTold] = useState<{ text: string; isBad: boolean } | null>(null);
  const erase = async (of: Subject): Promise<void> => {
    const answer = await askOps('/audit/erase', { method: 'POST', body: of });
    setTold(answer.ok ? { text: words.erased, isBad: false } : { text: answer.message, isBad: true });
    onErased();
  };
  return (
    <Card title={words.erase}>
      <EraseForm onAsk={setAsked} />
      <p role="status" className={told?.isBad === true ? 'problem' : 'note'}>
        {told?.text}
      </p>
      {asked !== null && (
        <AskDialog
          question={words.askErase(
            asked.playerId === null ? words.narratorOf(asked.sessionId) : words.playerOf(asked.playerId),
          )}
          yes={words.yesErase}
          onYes={() => void erase(asked)}
          onClose={() => setAsked(null)}
        />
      )}
    </Card>
  );
}

function EraseForm({ onAsk }: { onAsk: (of: Subject) => void }): JSX.Element {
  const [whose, setWhose] = useState<'player' | 'narrator'>('player');
  const [session, setSession] = useState('');
  const [player, setPlayer] = useState('');
  const [reason, setReason] = useState('request');
  const [isTried, setTried] = useState(false);
  const sessionId = session.trim();
  const playerId = whose === 'narrator' ? null : player.trim();
  const isGood = isId(sessionId) && (playerId === null || isId(playerId));
  const problemOf = (id: string): string | null => (isTried && !isId(id) ? words.badId : null);
  return (
    <form
      className="stack ops-form"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (isGood) onAsk({ sessionId, playerId, reason });
      }}
    >
      <p className="note">{words.eraseHelp}</p>
      <IdField
        label={words.session}
        name="erase-session"
        value={session}
        problem={problemOf(sessionId)}
        onChange={setSession}
      />
      <Choices label={words.whose} name="erase-whose" of={WHOSE} value={whose} onChange={setWhose} />
      {playerId !== null && (
        <IdField
          label={words.player}
          name="erase-player"
          value={player}
          problem={problemOf(playerId)}
          onChange={setPlayer}
        />
      )}
      <NativeSelect
        label={words.reason}
        name="erase-reason"
        data={REASONS}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <div>
        <Button type="submit" variant="default">
          {words.eraseSubmit}
        </Button>
      </div>
    </form>
  );
}
