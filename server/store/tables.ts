import type { Generated } from 'kysely';

/** The tables as queries see them: SQL types of both engines arrive as these. */
export interface Tables {
  sessions: SessionTable;
  journal: JournalTable;
  snapshots: SnapshotTable;
  probes: ProbeTable;
  flags: FlagTable;
  moderation_decisions: DecisionTable;
  moderation_reviews: ReviewTable;
  moderation_labels: LabelTable;
  history_bases: BaseTable;
  history_segments: SegmentTable;
  generations: GenerationTable;
  feedback: FeedbackTable;
  slo_hours: SloHourTable;
  incidents: IncidentTable;
  audit_records: AuditRecordTable;
  audit_tiles: AuditTileTable;
  audit_head: AuditHeadTable;
  audit_checkpoints: AuditCheckpointTable;
  audit_blobs: AuditBlobTable;
  audit_keys: AuditKeyTable;
  audit_progress: AuditProgressTable;
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

/** The operators' switches that are on. */
interface FlagTable {
  /** A session id, or `global`. */
  scope: string;
  flag: string;
  /** Epoch ms. */
  set_at: number;
  reason: string;
}

/** One row per judged text, without the text. Lists and maps are JSON. */
export interface DecisionTable {
  /** Rises with time: what was logged later has the larger one. */
  id: Generated<number>;
  /** Epoch ms. */
  at: number;
  session_id: string;
  /** `narrator`, or the keyed hash of a player id. */
  author: string;
  channel: string;
  rating: string;
  length: number;
  stage: string;
  outcome: string;
  action: string;
  harm: string | null;
  rules: string;
  severities: string;
  scores: string;
  spans: string;
  needs_help: number;
  is_strike: number;
  policy_hash: string;
  model_version: string;
  failed_tiers: string;
  ms: number;
}

/** One row per decision of a person about a decision. */
export interface ReviewTable {
  id: Generated<number>;
  at: number;
  session_id: string;
  hold_id: string;
  /** Keyed hash of a player id. */
  reviewer: string;
  review: string;
  harm: string | null;
  is_overturn: number;
  waited_ms: number;
}

/** Texts that a person has judged, of tables that allow their use. */
export interface LabelTable {
  id: Generated<number>;
  at: number;
  session_id: string;
  text: string;
  channel: string;
  rating: string;
  harm: string | null;
  is_harmful: number;
  policy_hash: string;
  model_version: string;
}

/** Whole story documents that replays start from. */
interface BaseTable {
  session_id: string;
  seq: number;
  /** A Yjs update v1, compressed (segment-codec.ts). */
  data: Uint8Array;
}

/** Journal rows that were packed away; they are no longer in `journal`. Positions of segments never overlap. */
export interface SegmentTable {
  session_id: string;
  from_seq: number;
  to_seq: number;
  /** The earliest and the latest `at` in it, epoch ms. */
  from_at: number;
  to_at: number;
  /** Events and story updates, see segment-codec.ts. */
  core: Uint8Array;
  /** Updates of drafts, so that who replays a story need not read them. */
  drafts: Uint8Array;
}

/** What the narrator was given for each of its alternatives. */
export interface GenerationTable {
  session_id: string;
  passage_id: string;
  alternative_id: string;
  turn_id: string;
  /** Epoch ms. */
  at: number;
  /** JSON of a GenerationRecord, compressed. */
  data: Uint8Array;
}

/** What players think of single alternatives of the narrator; one row per player and alternative. */
export interface FeedbackTable {
  session_id: string;
  passage_id: string;
  alternative_id: string;
  player_id: string;
  /** Epoch ms of the newest opinion. */
  at: number;
  type: string;
  /** 1 to 5. */
  rating: number | null;
  /** Empty: none. */
  comment: string;
  version: string | null;
  model: string | null;
}

/** One row per audit record; all but `record` and the seal can be computed from it. */
interface AuditRecordTable {
  leaf_index: number;
  /** Null: about the server. */
  session_id: string | null;
  /** Journal position it follows from. */
  seq: number | null;
  /** Epoch ms. */
  at: number;
  type: string;
  /** Canonical JSON. */
  record: string;
  leaf_hash: Uint8Array;
  seal: Uint8Array;
}

/** Roots of whole groups of 256 leaves. */
interface AuditTileTable {
  tile: number;
  root: Uint8Array;
}

/** The one row (id 1) that says how much there has to be. */
interface AuditHeadTable {
  id: number;
  size: number;
  root: Uint8Array;
  checkpoints: number;
  /** Rows of `audit_progress`. */
  sessions: number;
  seal: Uint8Array;
}

/** Signed tree heads; ids from 1 without holes. */
interface AuditCheckpointTable {
  id: number;
  size: number;
  /** Epoch ms. */
  at: number;
  /** A signed note (C2SP). */
  note: string;
  seal: Uint8Array;
}

/** Encrypted texts of records. */
interface AuditBlobTable {
  leaf_index: number;
  session_id: string;
  passage_id: string;
  key_id: string;
  data: Uint8Array;
}

/** Keys of texts, wrapped; the row of an erased subject is gone. */
interface AuditKeyTable {
  key_id: string;
  subject: string;
  /** Epoch ms. */
  made_at: number;
  wrapped: Uint8Array;
}

/** How far the journal of a session is recorded. */
interface AuditProgressTable {
  session_id: string;
  seq: number;
  /** Records about the session. */
  records: number;
  /** Null: set by the migration, before there was a key to seal it with. */
  seal: Uint8Array | null;
}

/** What one objective has counted in one hour. */
interface SloHourTable {
  slo: string;
  /** Hours since 1970, UTC. */
  hour: number;
  good: number;
  total: number;
}

/** What an operator called an incident, and what was kept of the server for it. */
interface IncidentTable {
  id: string;
  title: string;
  kind: string;
  /** Epoch ms. */
  opened_at: number;
  closed_at: number | null;
  /** JSON: when each step was done, and notes. */
  steps: string;
  /** JSON: the server as it was, without text of stories. */
  bundle: string;
  /** JSON: passages of tables that allow it; emptied after their time. */
  samples: string;
}
