import { useEffect, useState, type JSX } from 'react';
import { useStore } from '../common/store.ts';
import type { DraftDocument } from '../draft/draft-document.ts';
import { useSessionPart, useSlice, useTable } from '../link/session-context.ts';
import { TEXT } from '../strings.ts';

type SaveState = 'saved' | 'saving' | 'offline' | 'connecting' | 'read-only';

const WORDS: Record<SaveState, string> = {
  'saved': TEXT.status.saved,
  'saving': TEXT.status.saving,
  'offline': TEXT.status.offline,
  'connecting': TEXT.status.connecting,
  'read-only': TEXT.status.readOnly,
};

/** Whether everything written here is durable on the server. "Saved" is said from the server's acks only. */
export function SaveStatus(): JSX.Element {
  const state = useSaveState();
  return (
    <span className="save-status" data-testid="save-status" data-state={state} role="status">
      {WORDS[state]}
    </span>
  );
}

function useSaveState(): SaveState {
  const { shelf } = useTable();
  const drafts = useStore(shelf.drafts);
  const phase = useSessionPart((state) => state.phase);
  const { storage } = useSlice('about');
  const isOnline = useIsOnline();
  const [isSaved, setSaved] = useState(true);
  const [isLinked, setLinked] = useState(true);
  useEffect(() => {
    const all = [...drafts.values()];
    const look = (): void => {
      setSaved(all.every(isDraftSaved));
      setLinked(all.every((draft) => isDraftSaved(draft) || draft.link.state.get().isConnected));
    };
    look();
    const stops = all.map((draft) => draft.link.state.watch(look));
    return () => stops.forEach((stop) => stop());
  }, [drafts]);
  if (phase === 'joining') return 'connecting';
  if (phase !== 'live' || !isOnline || !isLinked) return 'offline';
  if (isSaved) return storage === 'ok' ? 'saved' : 'read-only';
  return storage === 'ok' ? 'saving' : 'read-only';
}

function isDraftSaved(draft: DraftDocument): boolean {
  return draft.link.state.get().isSaved;
}

function useIsOnline(): boolean {
  const [isOnline, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const look = (): void => setOnline(navigator.onLine);
    window.addEventListener('online', look);
    window.addEventListener('offline', look);
    return () => {
      window.removeEventListener('online', look);
      window.removeEventListener('offline', look);
    };
  }, []);
  return isOnline;
}
