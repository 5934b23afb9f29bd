/** The tables as queries see them: SQL types of both engines arrive as these. */
export interface Tables {
  sessions: SessionTable;
  journal: JournalTable;
  snapshots: SnapshotTable;
  probes: ProbeTable;
}

/** One row per session. */
interface SessionTable {
  id: string;
  /** Epoch ms. */
  created_at: number;
}

/** One row per journal record; (session_id, seq) is the key, so two writers can never take one position. */
export interface JournalTable {
  session_id: string;
  seq: number;
  /** Epoch ms. */
  at: number;
  kind: 'event' | 'update';
  doc: string;
  author: string | null;
  data: Uint8Array;
}

/** The newest snapshot of each document of a session. */
interface SnapshotTable {
  session_id: string;
  doc: string;
  seq: number;
  data: Uint8Array;
}

/** Written and emptied by health checks; always empty between them. */
interface ProbeTable {
  id: number;
  data: Uint8Array;
}
