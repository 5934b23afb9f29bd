import { Button, NativeSelect } from '@mantine/core';
import { useState, type JSX } from 'react';
import { askOps } from './ops-api.ts';
import { Card, LivePart } from './parts.tsx';
import { TURNS as words } from './turns-strings.ts';
import { useLive } from './use-live.ts';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error'];

/** From which level on the server writes its log, and setting it. */
export function LogLevel(): JSX.Element {
  const live = useLive<{ level: string }>('/log-level', { level: 'text' });
  return (
    <Card title={words.logLevel}>
      <LivePart live={live}>
        {({ level }) => (
          <>
            <p role="status">{words.levelNow(level)}</p>
            <LevelForm key={level} level={level} onSet={live.refresh} />
          </>
        )}
      </LivePart>
    </Card>
  );
}

function LevelForm({ level, onSet }: { level: string; onSet: () => void }): JSX.Element {
  const [chosen, setChosen] = useState(level);
  const [problem, setProblem] = useState('');
  const save = async (): Promise<void> => {
    const answer = await askOps('/log-level', { method: 'PUT', body: { level: chosen } });
    setProblem(answer.ok ? '' : answer.message);
    onSet();
  };
  return (
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
        data={LEVELS.includes(level) ? LEVELS : [...LEVELS, level]}
        value={chosen}
        error={problem === '' ? undefined : problem}
        onChange={(event) => setChosen(event.currentTarget.value)}
      />
      <Button type="submit" variant="default">
        {words.setLevel}
      </Button>
    </form>
  );
}
