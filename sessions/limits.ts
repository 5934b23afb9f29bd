/** Every bound of the session core in one place. Texts count UTF-16 code units, like the editor does. */
export const LIMITS = {
  titleLength: 120,
  premiseLength: 2_000,
  nameLength: 40,
  castLength: 24,
  castDescriptionLength: 300,
  directionLength: 2_000,
  talkLength: 1_000,
  /** Table talk kept in the session's view; older lines stay in the journal. */
  talkKept: 200,
  /** A line or veil, and how many of each a player or a table may have. */
  topicLength: 80,
  topics: 12,
  /** Notes to and from game masters, and the host's help text. */
  noteLength: 1_000,
  helpLength: 2_000,
  /** Texts that wait for a game master, and decided ones that are kept for an undo. */
  openHolds: 60,
  decidedHolds: 40,
  openRequests: 20,
  openReports: 50,
  passageLength: 20_000,
  passages: 5_000,
  /** Story text that is looked at for one prompt: more than the largest context can hold. */
  contextLength: 1_600_000,
  branches: 100,
  scenes: 500,
  /** Named checkpoints, and automatic ones that are kept: the newest. */
  checkpoints: 100,
  /** Rollbacks that are kept with what they did: the newest. */
  rollbacks: 50,
  /** Memory items, and the characters of one. */
  memoryItems: 1_500,
  memoryLength: 600,
  purgedAtOnce: 500,
  /** Threads of the plot that people made, marks on threads, and the characters of a title. */
  threads: 50,
  threadMarks: 500,
  threadLength: 80,
  /** Words of a reader about a passage of the narrator. */
  feedbackLength: 2_000,
  /** What was done by itself for a session's health, kept: the newest. */
  interventions: 20,
  /** Dropped passages that a narrator turn records by id; their number is always recorded. */
  droppedIds: 200,
  alternatives: 20,
  players: 200,
  /** Invites that work at a time, and all that a session ever made. */
  invites: 50,
  invitesEver: 1_000,
  openDrafts: 250,
  /** One document frame from a client, bytes. Larger frames close the socket with 1009. */
  frameBytes: 256 * 1024,
  /** Structs in one document update. */
  updateStructs: 20_000,
  /** Characters one Yjs client id may ever have typed in a draft: far beyond that, clients cannot read the clock. */
  updateClock: 2 ** 31 - 1,
  /** Client ids one player may bind in one draft (each reload binds a new one). */
  clientsPerPlayer: 200,
  awarenessBytes: 4 * 1024,
  /** An imported archive, bytes of JSON. */
  archiveBytes: 32 * 1024 * 1024,
  /** Author runs in it, over all alternatives. */
  archiveSpans: 200_000,
  /** Narrator turns of one player in a session: one running and one waiting (S3.F7). */
  narratorTurnsPerPlayer: 2,
  /** Narrator turns a session may have; one of them runs. */
  narratorTurnsPerSession: 8,
  /** Narrator turns waiting over all sessions (S3.F7). */
  narratorTurnsWaiting: 64,
} as const;
