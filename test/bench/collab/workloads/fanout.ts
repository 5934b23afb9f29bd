import { setTimeout as delay } from 'node:timers/promises';
import * as Y from 'yjs';
import type { BenchDocument } from '../backend.ts';
import { BenchClient } from '../bench-client.ts';
import type { Figures } from '../job.ts';
import { Keystrokes } from '../keystrokes.ts';
import { quantile } from '../quantiles.ts';
import type { Random } from '../random.ts';
import { between, poissonDelay, seededRandom } from '../random.ts';
import { prose } from '../typing.ts';
import { assertConnected, assertEqualTexts, until } from '../wait.ts';
import type { WorkloadContext } from '../workload.ts';
import { openWindow } from '../workload.ts';

/** One document with its writers. */
interface Group {
  document: BenchDocument;
  clients: BenchClient[];
  keystrokes: Keystrokes;
}

async function openGroup({ job, backend }: WorkloadContext): Promise<Group> {
  const document = await backend.openDocument(job.sizes.fanout.writers);
  const keystrokes = new Keystrokes();
  const clients: BenchClient[] = [];
  for (let writer = 0; writer < job.sizes.fanout.writers; writer++) {
    const client = await BenchClient.connect(await document.wireFor(writer));
    keystrokes.follow(client);
    clients.push(client);
  }
  return { document, clients, keystrokes };
}

/** Types at its own cursor, which now and then jumps elsewhere; returns how to stop. */
function startTyping(
  group: Group,
  client: BenchClient,
  options: { random: Random; meanMs: number },
): () => void {
  const { random, meanMs } = options;
  const { doc, text } = client;
  let cursor: Y.RelativePosition | null = null;
  let words = '';
  let timer: NodeJS.Timeout | undefined;
  const press = (): void => {
    if (cursor === null || random() < 1 / 80) {
      cursor = Y.createRelativePositionFromTypeIndex(text, between(random, 0, text.length), -1);
    }
    if (words === '') words = prose(random, 200);
    const at = Y.createAbsolutePositionFromRelativePosition(cursor, doc)?.index ?? text.length;
    group.keystrokes.type(client, at, words.charAt(0));
    words = words.slice(1);
    cursor = Y.createRelativePositionFromTypeIndex(text, at + 1, -1);
    schedule();
  };
  const schedule = (): void => {
    timer = setTimeout(press, poissonDelay(random, meanMs));
  };
  schedule();
  return () => clearTimeout(timer);
}

const sum = (groups: readonly Group[], of: (keystrokes: Keystrokes) => number): number =>
  groups.reduce((total, group) => total + of(group.keystrokes), 0);

/** Several documents with several writers each, all typing at a human pace. */
export async function runFanout(context: WorkloadContext): Promise<Figures> {
  const { job } = context;
  const sizes = job.sizes.fanout;
  const groups: Group[] = [];
  for (let n = 0; n < sizes.documents; n++) groups.push(await openGroup(context));
  const clients = groups.flatMap((group) => group.clients);
  const stops = groups.flatMap((group, g) =>
    group.clients.map((client, c) => {
      const random = seededRandom(job.seed + g * 1_000 + c);
      return startTyping(group, client, { random, meanMs: 1000 / sizes.keysPerSecond });
    }),
  );

  await delay(sizes.warmUpSeconds * 1000);
  assertConnected(clients);
  for (const group of groups) group.keystrokes.isMeasuring = true;
  const deliveredBefore = sum(groups, (k) => k.delivered);
  const closeWindow = openWindow(job.pid, clients);
  await delay(sizes.seconds * 1000);
  const window = closeWindow();
  const delivered = sum(groups, (k) => k.delivered) - deliveredBefore;
  for (const group of groups) group.keystrokes.isMeasuring = false;

  for (const stop of stops) stop();
  const expected = sum(groups, (k) => k.sent) * (sizes.writers - 1);
  await until(
    'every keystroke reached every other writer',
    () => sum(groups, (k) => k.delivered) >= expected,
    {
      clients,
    },
  );
  if (sum(groups, (k) => k.delivered) !== expected) throw new Error('a keystroke was delivered twice');
  for (const group of groups) assertEqualTexts(group.clients);

  const latencies = groups.flatMap((group) => group.keystrokes.latenciesMs);
  await Promise.all(clients.map((client) => client.close()));
  for (const group of groups) group.document.close();
  return {
    cpuMicrosPerDelivery: window.serverCpuMicros / delivered,
    p50Ms: quantile(latencies, 0.5),
    p95Ms: quantile(latencies, 0.95),
    p99Ms: quantile(latencies, 0.99),
    deliveriesPerSecond: delivered / window.seconds,
    deliveries: delivered,
    bytesOutPerDelivery: window.receivedBytes / delivered,
    bytesInPerSecond: window.sentBytes / window.seconds,
    serverCpuShare: window.serverCpuShare,
    loadCpuShare: window.loadCpuShare,
    rssMiB: window.rssMiB,
  };
}
