import { Button, NativeSelect } from '@mantine/core';
import { useState, type JSX } from 'react';
import { askOps } from './ops-api.ts';
import { Card } from './parts.tsx';
import { TURNS as words } from './turns-strings.ts';

const LEVELS = Object.keys(words.levels);

/** Sets from which level on the server writes its log. */
export function LogLevel(): JSX.Element {
  const [level, setLevel] = useState('info');
  const [told, setTold] = useState<{ text: string; isBad: boolean } | null>(null);
  const save = async (): Promise<void> => {
    const answer = await askOps('/log-level', { method: 'PUT', body: { level } });
    setTold(
      answer.ok ? { text: words.levelSet(level), isBad: false } : { text: answer.message, isBad: true },
    );
  };
  return (
    <Card title={words.logLevel}>
      <form
        className="ops-tools"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <NativeSelect
          label={words.logLevelLabel}
          description={words.logLevelHelp}
          name="log-level"
          data={LEVELS}
          value={level}
          onChange={(event) => setLevel(event.currentTarget.value)}
        />
        <Button type="submit" variant="default">
          {words.setLevel}
        </Button>
      </form>
      <p className={told?.isBad === true ? 'problem' : 'note'} role="status">
        {told?.text}
      </p>
    </Card>
  );
}
