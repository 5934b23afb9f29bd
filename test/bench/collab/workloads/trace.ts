import * as Y from 'yjs';
import { BenchClient } from '../bench-client.ts';
import type { Edit } from '../generate-trace.ts';
import { generateTrace } from '../generate-trace.ts';
import type { Figures } from '../job.ts';
import { folderBytes } from '../process-stats.ts';
import { assertEqualTexts, until } from '../wait.ts';
import type { WorkloadContext } from '../workload.ts';
import { openWindow, settle } from '../workload.ts';

/** The longest replay that this workload waits for. */
const REPLAY_DEADLINE_MS = 180_000;

function apply(client: BenchClient, edit: Edit): void {
  if (edit.remove > 0) client.text.delete(edit.at, edit.remove);
  else client.text.insert(edit.at, edit.insert);
}

/**
 * Replay edits, at most `window` of them beyond what the reader has. Only insertions advance the writer's clock,
 * so a removal counts as read with the insertion before it; the last edit is an insertion.
 */
async function replay(edits: readonly Edit[], window: number, [writer, reader]: [BenchClient, BenchClient]) {
  let next = 0;
  let read = 0;
  let clock = 0;
  const clockAfter: number[] = [];
  const advance = (): void => {
    const seen = Y.getState(reader.doc.store, writer.doc.clientID);
    while (read < next && (clockAfter[read] ?? Infinity) <= seen) read++;
    while (next < edits.length && next - read < window) {
      const edit = edits[next++];
      if (edit === undefined) break;
      clock += edit.insert.length;
      clockAfter.push(clock);
      apply(writer, edit);
    }
  };
  reader.doc.on('afterTransaction', advance);
  advance();
  await until('the reader has every edit', () => read === edits.length, {
    clients: [writer, reader],
    deadlineMs: REPLAY_DEADLINE_MS,
  });
  reader.doc.off('afterTransaction', advance);
}

/** One writer replays an editing session as fast as a reader can follow it through the server. */
export async function runTrace({ job, backend }: WorkloadContext): Promise<Figures> {
  const { edits: count, window: ahead } = job.sizes.trace;
  const edits = generateTrace(job.seed, count);
  const document = await backend.openDocument(2);
  const writer = await BenchClient.connect(await document.wireFor(0));
  const reader = await BenchClient.connect(await document.wireFor(1));
  const clients: [BenchClient, BenchClient] = [writer, reader];
  const storedBefore = folderBytes(job.dataDir);

  const closeWindow = openWindow(job.pid, clients);
  await replay(edits, ahead, clients);
  const window = closeWindow();
  assertEqualTexts(clients);

  await settle(job);
  const settled = closeWindow();
  const storedBytes = folderBytes(job.dataDir);
  const textLength = writer.text.length;
  await Promise.all(clients.map((client) => client.close()));
  document.close();
  return {
    cpuMicrosPerEdit: settled.serverCpuMicros / count,
    cpuMicrosPerEditReplaying: window.serverCpuMicros / count,
    settleSeconds: settled.seconds - window.seconds,
    editsPerSecond: count / window.seconds,
    storedBytes,
    storedGrowthBytes: storedBytes - storedBefore,
    bytesOutPerEdit: window.receivedBytes / count,
    textLength,
    serverCpuShare: window.serverCpuShare,
    loadCpuShare: window.loadCpuShare,
    rssMiB: window.rssMiB,
  };
}
