import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { useState, type JSX } from 'react';
import type { OpsOverview } from '../../sessions/ops-view.ts';
import { clockTime } from '../common/clock-time.ts';
import {
  auditState,
  CHECKPOINT_SHAPE,
  verdictText,
  VERIFICATION_SHAPE,
  type CheckpointAnswer,
  type Verification,
} from './audit-answers.ts';
import { AUDIT as words } from './audit-strings.ts';
import { figureText } from './figures.ts';
import { EraseCard } from './erase-card.tsx';
import { askOps } from './ops-api.ts';
import { PageHead } from './page-head.tsx';
import { Card, CodeBox, Figures, LivePart, StateMark } from './parts.tsx';
import type { Shape } from './shape.ts';
import { useLive } from './use-live.ts';

/** Every record is read, of a log that may be long. */
const VERIFY_TIMEOUT_MS = 15 * 60_000;

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
  const [verdict, setVerdict] = useState<{ isWhole: boolean; text: string } | null>(null);
  const [isBusy, setBusy] = useState(false);
  const verify = async (): Promise<void> => {
    setBusy(true);
    const answer = await askOps<Verification>('/audit/verify', {
      method: 'POST',
      body: {},
      shape: VERIFICATION_SHAPE,
      timeoutMs: VERIFY_TIMEOUT_MS,
    });
    setBusy(false);
    setVerdict(
      answer.ok
        ? { isWhole: answer.value.ok, text: verdictText(answer.value) }
        : { isWhole: false, text: answer.message },
    );
    onChanged();
  };
  const at = (time: number | null): string => (time === null ? words.never : clockTime(time));
  return (
    <Card title={words.state} aside={<StateMark {...auditState(audit)} />}>
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
  const live = useLive<CheckpointAnswer>('/audit/checkpoint', CHECKPOINT_SHAPE);
  return (
    <Card title={words.checkpoint}>
      <p className="note">{words.checkpointHelp}</p>
      <LivePart live={live}>
        {({ note, vkey }) => (note === null ? <p>{words.noCheckpoint}</p> : <Note note={note} vkey={vkey} />)}
      </LivePart>
    </Card>
  );
}

function Note({ note, vkey }: { note: string; vkey: string }): JSX.Element {
  const clipboard = useClipboard({ timeout: 2_000 });
  return (
    <>
      <CodeBox label={words.checkpoint} text={note} />
      <div>
        <Button variant="default" onClick={() => clipboard.copy(note)}>
          {clipboard.copied ? words.copied : words.copy}
        </Button>
      </div>
      <p className="note">{words.key}</p>
      <CodeBox label={words.key} text={vkey} />
    </>
  );
}
