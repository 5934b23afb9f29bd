import { Button } from '@mantine/core';
import { useState, type JSX } from 'react';
import { AskDialog } from '../common/ask-dialog.tsx';
import { AUDIT as words } from './audit-strings.ts';
import { IdField } from './id-field.tsx';
import { askOps } from './ops-api.ts';
import { Card } from './parts.tsx';

const ID = /^[0-9a-z]{1,40}$/;

/** Deletes what reading a person's texts in the audit log needs, after a question. */
export function EraseCard({ onErased }: { onErased: () => void }): JSX.Element {
  const [player, setPlayer] = useState('');
  const [session, setSession] = useState('');
  const [isTried, setTried] = useState(false);
  const [isAsked, setAsked] = useState(false);
  const [told, setTold] = useState<{ text: string; isBad: boolean } | null>(null);
  const of = { sessionId: session.trim(), playerId: player.trim() };
  const erase = async (): Promise<void> => {
    const answer = await askOps('/audit/erase', { method: 'POST', body: of });
    setTold(answer.ok ? { text: words.erased, isBad: false } : { text: answer.message, isBad: true });
    onErased();
  };
  const problemOf = (id: string): string | null => (isTried && !ID.test(id) ? words.badId : null);
  return (
    <Card title={words.erase}>
      <form
        className="stack ops-form"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          setAsked(ID.test(of.sessionId) && ID.test(of.playerId));
        }}
      >
        <p className="note">{words.eraseHelp}</p>
        <IdField
          label={words.session}
          name="erase-session"
          value={session}
          problem={problemOf(of.sessionId)}
          onChange={setSession}
        />
        <IdField
          label={words.player}
          description={words.playerHint}
          name="erase-player"
          value={player}
          problem={problemOf(of.playerId)}
          onChange={setPlayer}
        />
        <div>
          <Button type="submit" variant="default">
            {words.eraseSubmit}
          </Button>
        </div>
        <p role="status" className={told?.isBad === true ? 'problem' : 'note'}>
          {told?.text}
        </p>
      </form>
      {isAsked && (
        <AskDialog
          question={words.askErase(of.playerId)}
          yes={words.yesErase}
          onYes={() => void erase()}
          onClose={() => setAsked(false)}
        />
      )}
    </Card>
  );
}
