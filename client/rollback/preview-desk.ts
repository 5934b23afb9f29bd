import { useCallback, useEffect, useRef, useState } from 'react';
import type { RollbackPreview, RollbackScope, RollbackTiming } from '../../sessions/history-view.ts';
import type { Failure } from '../common/failure.ts';
import { useTable } from '../link/session-context.ts';
import { keepChoices, staleNews, type Choices } from './preview-plan.ts';

/** What a game master looks at and decides before a rollback. */
export interface PreviewDesk {
  /** Null: it is being worked out. */
  preview: RollbackPreview | null;
  /** Why there is none, or why it was not carried out. */
  failure: Failure | null;
  /** What is otherwise since the game master last looked; empty: nothing. */
  news: readonly string[];
  choices: Choices;
  /** Null: as advised. */
  timing: RollbackTiming | null;
  reason: string;
  isSafety: boolean;
  isBusy: boolean;
  change: (part: Partial<Decided>) => void;
  /** Asks for the preview again. */
  look: () => Promise<void>;
  /** Carries out what was seen. True when it is done, or waits for its moment. */
  execute: () => Promise<boolean>;
}

/** What a game master has decided so far. */
interface Decided {
  choices: Choices;
  timing: RollbackTiming | null;
  reason: string;
  isSafety: boolean;
}

const UNDECIDED: Decided = { choices: {}, timing: null, reason: '', isSafety: false };

/** When it takes place as things stand: at once for safety, else as chosen, else as advised. */
export function timingOf({
  isSafety,
  timing,
  preview,
}: Pick<PreviewDesk, 'isSafety' | 'timing' | 'preview'>): RollbackTiming {
  return isSafety ? 'now' : (timing ?? preview?.advised ?? 'now');
}

/** The desk of one scope. A newer preview keeps the choices that still apply, and never carries itself out. */
export function usePreviewDesk(scope: RollbackScope): PreviewDesk {
  const { session } = useTable();
  const [decided, setDecided] = useState(UNDECIDED);
  const [seen, setSeen] = useState<Pick<PreviewDesk, 'preview' | 'failure' | 'news'>>(NOTHING_SEEN);
  const [isBusy, setBusy] = useState(false);
  const latest = useRef({ decided, preview: seen.preview });
  latest.current = { decided, preview: seen.preview };
  const isGone = useRef(false);

  const look = useCallback(async (): Promise<void> => {
    const result = await session.command('rollback:preview', { scope });
    if (isGone.current) return;
    if (!result.ok) return setSeen((before) => ({ ...before, failure: result }));
    const { preview: before } = latest.current;
    const { kept, dropped } = keepChoices(latest.current.decided.choices, result.value);
    setDecided((all) => ({ ...all, choices: kept }));
    const news = before === null ? [] : staleNews(before, result.value, dropped);
    setSeen({ preview: result.value, failure: null, news });
  }, [session, scope]);

  useEffect(() => {
    isGone.current = false;
    void look();
    return () => {
      isGone.current = true;
    };
  }, [look]);

  const execute = async (): Promise<boolean> => {
    if (seen.preview === null || isBusy) return false;
    setBusy(true);
    const result = await session.command('rollback:execute', {
      scope,
      planId: seen.preview.planId,
      ...decided,
      choices: { ...decided.choices },
    });
    const isStale = !result.ok && result.code === 'PREVIEW_STALE';
    if (isStale) await look();
    if (isGone.current) return result.ok;
    setBusy(false);
    if (!result.ok && !isStale) setSeen((before) => ({ ...before, failure: result }));
    return result.ok;
  };
  const change = (part: Partial<Decided>): void => setDecided((all) => ({ ...all, ...part }));
  return { ...seen, ...decided, isBusy, change, look, execute };
}

const NOTHING_SEEN = { preview: null, failure: null, news: [] };
