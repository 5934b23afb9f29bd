import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { useState, type JSX } from 'react';
import type { OpsOverview } from '../../sessions/ops-view.ts';
import { clockTime } from '../common/clock-time.ts';
import { checkpointText, verdictOf, type Verdict } from './audit-answers.ts';
import { AUDIT as words } from './audit-strings.ts';
import { figureText } from './figures.ts';
import { EraseCard } from './erase-card.tsx';
import { askOps } from './ops-api.ts';
import { PageHead } from './page-head.tsx';
import { Card, CodeBox, Figures, LivePart, StateMark } from './parts.tsx';
import type { Shape } from './shape.ts';
import { useLive } from './use-live.ts';

type AuditState = OpsOverview['audit'];

const SHAPE: Shape = { audit: { size: 'number', root: 'text', ok: 'flag' } };

/** The audit log: how long it is, whether it is whole, what others may keep of it, and erasing a person. */
export function AuditPage(): JSX.Element {
  const live = useLive<Pick<OpsOverview, 'audit'>>('/overview', SHAPE);
  return (
    <>
      <PageHead tab="audit" live={live} />
      <LivePart live={live}>{({ audit }) => <State audit={audit} onChanged={live.refresh} />}</LivePart>
      <Checkpoint />
      <EraseCard onErased={live.refresh} />
    </>
  );
}

function State({ audit, onChanged }: { audit: AuditState; onChanged: () => void }): JSX.Element {
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [isBusy, setBusy] = useState(false);
  const verify = async (): Promise<void> => {
    setBusy(true);
    const answer = await askOps<unknown>('/audit/verify', {
      method: 'POST',
      body: {},
      shape: { ok: 'flag' },
    });
    setBusy(false);
    setVerdict(answer.ok ? verdictOf(answer.value) : { isWhole: null, text: answer.message });
    onChanged();
  };
  const isKnown = audit.verifiedAt !== null || !audit.ok;
  const state = !audit.ok ? 'red' : isKnown ? 'green' : 'insufficient';
  const told = !audit.ok ? words.bad : isKnown ? words.ok : words.unverified;
  const at = (time: number | null): string => (time === null ? '–' : clockTime(time));
  return (
    <Card title={words.state} aside={<StateMark state={state} word={told} />}>
      <Figures
        rows={[
          [words.size, figureText(audit.size, 'count')],
          [words.checkpointAt, at(audit.checkpointAt)],
          [words.verifiedAt, at(audit.verifiedAt)],
          [words.root, <code className="ops-break">{audit.root}</code>],
        ]}
      />
      <div className="ops-tools">
        <Button variant="default" loading={isBusy} onClick={() => void verify()}>
          {words.verify}
        </Button>
        <p role="status" className={verdict?.isWhole === true ? 'note' : 'problem'}>
          {isBusy ? '' : verdict?.text}
        </p>
      </div>
    </Card>
  );
}

function Checkpoint(): JSX.Element {
  const live = useLive<unknown>('/audit/checkpoint', 'any');
  const clipboard = useClipboard({ timeout: 2_000 });
  return (
    <Card title={words.checkpoint}>
      <p className="note">{words.checkpointHelp}</p>
      <LivePart live={live}>
        {(answer) => {
          const text = checkpointText(answer);
          if (text === null) return <p>{words.noCheckpoint}</p>;
          return (
            <>
              <CodeBox label={words.checkpoint} text={text} />
              <div>
                <Button variant="default" onClick={() => clipboard.copy(text)}>
                  {clipboard.copied ? words.copied : words.copy}
                </Button>
              </div>
            </>
          );
        }}
      </LivePart>
    </Card>
  );
}
