/** The servers that are compared. */
export const SERVER_NAMES = ['taleloom', 'y-websocket-server', 'hocuspocus'] as const;
export type ServerName = (typeof SERVER_NAMES)[number];

export const WORKLOAD_NAMES = ['fanout', 'join', 'trace'] as const;
export type WorkloadName = (typeof WORKLOAD_NAMES)[number];

/** Sizes of the workloads, the same for all servers. */
export interface Sizes {
  fanout: {
    documents: number;
    writers: number;
    keysPerSecond: number;
    warmUpSeconds: number;
    seconds: number;
  };
  join: { characters: number; writers: number; joins: number; warmUpJoins: number };
  trace: { edits: number; window: number };
  /** Least pause in which a server may finish deferred work (Hocuspocus stores 2 s after the last change). */
  settleMs: number;
}

/** What the load process is told to do. */
export interface Job {
  server: ServerName;
  workload: WorkloadName;
  sizes: Sizes;
  seed: number;
  /** `http://host:port` of the running server. */
  url: string;
  /** Root of the process tree whose CPU time counts. */
  pid: number;
  /** Folder of the server's storage. */
  dataDir: string;
}

/** Figures by name; test/bench/README.md lists them. */
export type Figures = Record<string, number>;

/** What the load process answers, once. */
export type JobAnswer = { ok: true; figures: Figures } | { ok: false; error: string };
