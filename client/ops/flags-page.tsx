import { Button } from '@mantine/core';
import { useState, type JSX } from 'react';
import { AskDialog } from '../common/ask-dialog.tsx';
import { clockTime } from '../common/clock-time.ts';
import { showToast } from '../common/toasts.ts';
import { DataTable, type Column } from './data-table.tsx';
import { FlagForm } from './flag-form.tsx';
import { FLAGS_TEXT as words } from './flags-strings.ts';
import { askOps } from './ops-api.ts';
import { flagName, OPS } from './ops-strings.ts';
import { PageHead } from './page-head.tsx';
import { Card, LivePart } from './parts.tsx';
import type { Shape } from './shape.ts';
import { useLive } from './use-live.ts';

/** A flag that is on, as `GET /api/ops/flags` tells it. */
interface FlagSetting {
  flag: string;
  /** Null: for all sessions. */
  sessionId: string | null;
  setAt: number;
  reason: string;
}

const SHAPE: Shape = {
  flags: [{ 'flag': 'text', 'sessionId?': 'text', 'setAt': 'number', 'reason': 'text' }],
};

/** For whom a flag is on, in words. */
const scopeText = (sessionId: string | null): string =>
  sessionId === null ? OPS.allSessions : words.sessionOf(sessionId);

/** What is about to be changed, once the operator has said yes. */
interface Change {
  flag: string;
  sessionId: string | null;
  /** Null: it is turned off. */
  reason: string | null;
}

/** The flags that are on, and turning them on and off. `sessionId`: the one that the form begins with. */
export function FlagsPage({ sessionId }: { sessionId: string | null }): JSX.Element {
  const live = useLive<{ flags: FlagSetting[] }>('/flags', SHAPE);
  const [change, setChange] = useState<Change | null>(null);
  const carryOut = async ({ flag, sessionId: scope, reason }: Change): Promise<void> => {
    const query = scope === null ? '' : `?sessionId=${encodeURIComponent(scope)}`;
    const answer =
      reason === null
        ? await askOps(`/flags/${flag}${query}`, { method: 'DELETE' })
        : await askOps(`/flags/${flag}`, { method: 'PUT', body: { sessionId: scope, reason } });
    const said = reason === null ? words.isOff : words.isOn;
    if (answer.ok) showToast(said(flagName(flag), scopeText(scope)));
    else showToast(answer.message, { tone: 'problem' });
    live.refresh();
  };
  return (
    <>
      <PageHead tab="flags" live={live} />
      <Card title={words.active} isWide>
        <LivePart live={live}>
          {({ flags }) => (
            <DataTable
              label={words.active}
              columns={columnsOf((of) => setChange({ ...of, reason: null }))}
              rows={flags}
              keyOf={(each) => `${each.flag}/${each.sessionId}`}
              empty={words.none}
            />
          )}
        </LivePart>
      </Card>
      <Card title={words.on}>
        <FlagForm sessionId={sessionId} onAsk={setChange} />
      </Card>
      {change !== null && (
        <AskDialog
          question={(change.reason === null ? words.askOff : words.askOn)(
            flagName(change.flag),
            scopeText(change.sessionId),
          )}
          yes={change.reason === null ? words.yesOff : words.yesOn}
          onYes={() => void carryOut(change)}
          onClose={() => setChange(null)}
        />
      )}
    </>
  );
}

function columnsOf(onOff: (of: { flag: string; sessionId: string | null }) => void): Column<FlagSetting>[] {
  return [
    { title: words.flag, cell: ({ flag }) => <strong>{flagName(flag)}</strong> },
    { title: words.scope, cell: ({ sessionId }) => scopeText(sessionId) },
    { title: words.reason, cell: ({ reason }) => <span className="ops-break">{reason}</span> },
    { title: words.since, cell: ({ setAt }) => clockTime(setAt) },
    {
      title: words.change,
      cell: ({ flag, sessionId }) => (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={words.offOf(flagName(flag), scopeText(sessionId))}
          onClick={() => onOff({ flag, sessionId })}
        >
          {words.off}
        </Button>
      ),
    },
  ];
}
