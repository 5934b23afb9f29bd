import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { ModelNarrator } from '../narrator/narrator.ts';
import { createSummariser } from '../narrator/summariser.ts';
import { JournalPast } from '../sessions/past.ts';
import { Sessions } from '../sessions/sessions.ts';
import { systemClock, systemRandom } from './clock.ts';
import type { Config } from './config.ts';
import { Bookbinder } from './export/bookbinder.ts';
import { HistoryThread } from './history-thread.ts';
import { createApp } from './http/app.ts';
import { exportRouter } from './http/export-router.ts';
import { feedbackRouter } from './http/feedback-router.ts';
import { healthRouter } from './http/health-router.ts';
import { historyRouter } from './http/history-router.ts';
import { operatorRouter } from './http/operator-router.ts';
import { screenRouter } from './http/screen-router.ts';
import { SessionsRouter } from './http/sessions-router.ts';
import { statusRouter } from './http/status-router.ts';
import { requestLog } from './log-requests.ts';
import type { LogRing } from './log-ring.ts';
import { createMetrics, scrape, type Metrics } from './metrics.ts';
import { createModeration, moderationPanel } from './moderation.ts';
import { createModel, modelLabel } from './narrator-model.ts';
import { sessionObserver } from './metric-sessions.ts';
import { narratorObserver } from './observers.ts';
import { createOperations, type Operations } from './operations.ts';
import { PACKAGE_ROOT } from './package-root.ts';
import { createQueue, queuePanel } from './queue.ts';
import { countStep } from './queue-metrics.ts';
import { CollabEndpoint } from './realtime/collab.ts';
import { Gateway } from './realtime/gateway.ts';
import { loadSecret } from './secret.ts';
import { openDatabase, type Database } from './store/database.ts';
import { SqlGenerationLog } from './store/sql-generation-log.ts';
import { SqlHistoryStore } from './store/sql-history-store.ts';
import { SqlSessionStore } from './store/sql-session-store.ts';
import { Tickets } from './tickets.ts';
import { createWatch, factsTo, superviseAudit, withBoard } from './watch.ts';

/** A running server. */
export interface Taleloom {
  /** Where it listens, or its public address. */
  url: string;
  /** Finishes or returns the running passages, stores everything, closes all sockets with a reason. Idempotent. */
  close(): Promise<void>;
}

export interface StartHooks {
  log: Logger;
  /** The newest lines of the log, for the operators' page. */
  ring: LogRing;
  /** A line for the person who starts the server. */
  say: (line: string) => void;
}

const VERSION = '0.1.0';
/** Files of stories from one address. */
const EXPORTS = { clock: systemClock, exportsPerMinute: 60 };

async function openStore(config: Config, metrics: Metrics) {
  const database = await openDatabase({
    file: join(config.storage.dataDir, 'taleloom.sqlite'),
    durability: config.storage.durability,
  });
  const onCommit = ({ seconds }: { seconds: number }) => metrics.storeAppend.observe(seconds);
  return { database, store: new SqlSessionStore(database, { onCommit }) };
}

async function createNarrator(config: Config, metrics: Metrics, { log }: StartHooks) {
  const label = modelLabel(config.narrator);
  const queue = createQueue(config, metrics);
  const model = await createModel(config.narrator, {
    steps: queue,
    stepped: (facts) => countStep(metrics, label, facts),
    log: (level, line) => log.debug({ level, line }, 'engine-said'),
    restarted: (reason) => {
      metrics.llmRestarts.inc({ reason: 'crash' });
      log.warn({ reason }, 'engine-replaced');
    },
  });
  const narrator = new ModelNarrator({
    queue,
    model,
    clock: systemClock,
    random: systemRandom,
    observer: narratorObserver(metrics, { log, model: label, modelFile: config.narrator.model }),
  });
  return { queue, narrator };
}

/** What sessions need for their past; `close` while the database is open still. */
function createHistory(database: Database, narrator: ModelNarrator, { log }: StartHooks) {
  const store = new SqlHistoryStore(database);
  const thread = new HistoryThread(systemClock);
  const past = new JournalPast(store, (what) => thread.replay(what));
  const onLost = (records: number) => log.warn({ records }, 'generation-records-lost');
  const generations = new SqlGenerationLog({ database, clock: systemClock, log, onLost });
  const close = async () => {
    await thread.close();
    await generations.close();
  };
  return { parts: { store, past, generations, summariser: createSummariser(narrator) }, close };
}

/** Tells, while the model loads in the background, how that went. */
function loadNarrator(narrator: ModelNarrator, { log, say }: StartHooks): void {
  void narrator.reload().then(() => {
    const { status, reason, model, isDemo } = narrator.status();
    log.info({ status, model }, 'narrator-loaded');
    if (status !== 'ready') say(`The narrator is off: ${reason ?? ''} Writing works without it.`);
    else if (isDemo)
      say(`The narrator is ready: ${model}, a tiny demo model. Better ones: npm run model -- list`);
    else say(`The narrator is ready: ${model}.`);
  });
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(server.address() as AddressInfo);
    });
  });
}

/** Sends each upgrade to its endpoint; Socket.IO takes its own path by itself. */
function routeUpgrades(server: Server, collab: CollabEndpoint): void {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    if (collab.handles(request)) return collab.upgrade(request, socket, head);
    if (request.url?.startsWith('/socket.io/') !== true)
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
  });
}

/** The adapters, made but not yet connected to the world. */
async function createParts(config: Config, hooks: StartHooks) {
  const model = modelLabel(config.narrator);
  const metrics = createMetrics({ model });
  hooks.say('Opening the story store ...');
  const { database, store } = await openStore(config, metrics);
  const secret = await loadSecret(config.storage.dataDir, config.sessionSecret);
  const tickets = new Tickets(secret, systemClock);
  const { queue, narrator } = await createNarrator(config, metrics, hooks);
  const { log } = hooks;
  const moderation = await createModeration(config, { database, narrator, metrics, secret, log });
  const history = createHistory(database, narrator, hooks);
  const { flags } = moderation;
  const watch = await createWatch(config, {
    database,
    metrics,
    narrator,
    flags,
    secret,
    version: VERSION,
    log,
  });
  const observer = sessionObserver(metrics, {
    model,
    delivered: () => moderation.reporter.passageDelivered(),
  });
  const sessions = new Sessions({
    store,
    clock: systemClock,
    random: systemRandom,
    narrator,
    moderator: moderation.moderator,
    moderationLog: moderation.reporter,
    flags: moderation.flags,
    observer: withBoard(observer, watch, log),
    history: history.parts,
    quality: watch.assessor,
    feedback: watch.feedback,
    facts: factsTo(watch, (error) => log.error({ err: error }, 'fact-untold')),
    options: {
      tickMs: config.limits.tickMs,
      idleUnloadMs: config.operation.sessionIdleUnloadMs,
      onTrouble: (what, session, cause) => log.error({ err: cause, session }, what),
    },
  });
  const binder = new Bookbinder();
  const watched = { watch, database, secret };
  return {
    model,
    metrics,
    store,
    tickets,
    queue,
    narrator,
    moderation,
    history,
    binder,
    sessions,
    ...watched,
  };
}

type Parts = Awaited<ReturnType<typeof createParts>>;

function createHttp(
  config: Config,
  parts: Parts,
  of: { log: Logger; operations: Operations; onFault: (error: unknown) => void; isServing: () => boolean },
) {
  const { sessions, tickets, queue, narrator, metrics, moderation, binder, watch } = parts;
  const { board, door, refresh } = of.operations;
  const { past, generations } = parts.history.parts;
  const { publicUrl, trustProxy } = config.http;
  const { metricsToken, operatorToken: token } = config.operation;
  const isHttps = publicUrl?.startsWith('https:') === true;
  const options = { publicUrl, isHttps, ...config.limits };
  const status = statusRouter({
    sessions,
    narrator,
    version: VERSION,
    isServing: of.isServing,
    queue: () => queuePanel(config, queue),
    moderation: () => moderationPanel(moderation, sessions),
    metricsToken,
    metrics: (accept) => {
      refresh();
      return scrape(metrics, accept);
    },
    board,
    door,
  });
  const { moderator } = moderation;
  const people = { sessions, moderator, tickets, clock: systemClock, random: systemRandom, options };
  return createApp({
    routers: [
      ['/', requestLog(of.log)],
      ['/', status],
      ...of.operations.routers.map((router) => ['/api/ops', router] as const),
      ['/api/ops/audit', of.operations.audit],
      [
        '/api/ops',
        operatorRouter({
          flags: moderation.flags,
          log: moderation.records,
          sessions,
          token,
          only: door.only,
        }),
      ],
      ['/api/moderation', screenRouter({ moderator, token })],
      ['/api/sessions', new SessionsRouter(people).router],
      ['/api/sessions', feedbackRouter({ sessions, store: watch.feedback, publicUrl })],
      ['/api/sessions', healthRouter({ sessions })],
      ['/api/sessions', historyRouter({ sessions, past, generations })],
      ['/api/sessions', exportRouter({ sessions, past, binder, ...EXPORTS })],
    ],
    clientFolder: join(PACKAGE_ROOT, 'dist/client'),
    trustProxy,
    isHttps,
    onFault: of.onFault,
  });
}

function createSockets(
  server: Server,
  config: Config,
  parts: Parts,
  of: { hooks: StartHooks; operations: Operations; onFault: (error: unknown) => void },
) {
  const { hooks, operations, onFault } = of;
  const { sessions, tickets, metrics } = parts;
  const { publicUrl } = config.http;
  const collab = new CollabEndpoint({
    sessions,
    tickets,
    publicUrl,
    limits: config.limits,
    onBytes: metrics.countBytes,
    onRefused: (code) => hooks.log.info({ code }, 'document-socket-refused'),
  });
  const gateway = new Gateway(server, {
    sessions,
    tickets,
    publicUrl,
    narratorAsksPerMinute: config.limits.narratorAsksPerMinute,
    onCommand: (command, status, seconds) => {
      metrics.commands.inc({ command, status });
      metrics.commandDuration.observe({ command, status }, seconds);
      operations.noteCommand(status === 'error');
    },
    around: parts.watch.around,
    onFault,
  });
  routeUpgrades(server, collab);
  return { collab, gateway };
}

/** Where people open it: the public address, or what it listens on. */
function urlOf(config: Config, { address, family, port }: AddressInfo): string {
  return config.http.publicUrl ?? `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

/** The wiring diagram: makes every adapter, connects them, listens. Throws when the store or the port is not to be had. */
export async function startTaleloom(config: Config, hooks: StartHooks): Promise<Taleloom> {
  const { log, say } = hooks;
  const onFault = (error: unknown) => log.error({ err: error }, 'request-failed');
  const parts = await createParts(config, hooks);
  let isServing = true;
  const alive = { log, onFault, isServing: () => isServing };
  const isHttps = config.http.publicUrl?.startsWith('https:') === true;
  const operations = await createOperations(config, {
    ...parts,
    ...alive,
    isHttps,
    version: VERSION,
    ring: hooks.ring,
  });
  const server = createServer(createHttp(config, parts, { ...alive, operations }));
  const { collab, gateway } = createSockets(server, config, parts, { hooks, operations, onFault });
  const url = urlOf(config, await listen(server, config.http));
  say(`Taleloom is ready: ${url}`);
  loadNarrator(parts.narrator, hooks);
  const { watch, sessions, history } = parts;
  const supervision = superviseAudit(watch.audit, { sessions, history: history.parts.store, log });

  async function shutDown(): Promise<void> {
    isServing = false;
    server.close();
    supervision.close();
    await parts.narrator.close({ deadlineMs: config.operation.shutdownMs });
    await parts.sessions.close();
    gateway.close();
    collab.close();
    server.closeAllConnections();
    await parts.binder.close();
    await parts.history.close();
    await operations.close();
    await watch.close();
    await parts.moderation.close();
    await parts.store.close();
    log.info('stopped');
  }
  let closing: Promise<void> | null = null;
  return { url, close: () => (closing ??= shutDown()) };
}
