import { useState } from 'react';
import type { CreateAnswer } from '../../sessions/protocol.ts';
import { dropStored, readStored, writeStored } from '../common/browser-storage.ts';
import { useTable } from '../link/session-context.ts';

// Secrets that are shown once survive a reload of this tab until their reader says they are kept.

const keyOf = (sessionId: string): string => `taleloom:fresh:${sessionId}`;

/** What the owner of a new or recovered session must keep. */
export interface FreshSecrets {
  recoverySecret: string;
  invites: CreateAnswer['invites'];
  isRecovered: boolean;
}

/** Puts the secrets of a session aside until its page has shown them. */
export function holdFreshSecrets(answer: CreateAnswer): void {
  const fresh: FreshSecrets = {
    recoverySecret: answer.recoverySecret,
    invites: answer.invites,
    isRecovered: false,
  };
  writeStored(keyOf(answer.sessionId), fresh, sessionStorage);
}

/** The secrets to show now, if any, and how to let go of them. */
export function useFreshSecrets(recovered: string | null): {
  secrets: FreshSecrets | null;
  done: () => void;
} {
  const { session } = useTable();
  const key = keyOf(session.sessionId);
  const [secrets, setSecrets] = useState<FreshSecrets | null>(() => {
    if (recovered === null) return readStored<FreshSecrets>(key, sessionStorage);
    const fresh: FreshSecrets = { recoverySecret: recovered, invites: [], isRecovered: true };
    writeStored(key, fresh, sessionStorage);
    return fresh;
  });
  const done = (): void => {
    dropStored(key, sessionStorage);
    setSecrets(null);
  };
  return { secrets, done };
}
