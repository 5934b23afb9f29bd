import { factsOf, lookOf } from './fact-feed.ts';
import { sessionEventSchema } from './events.ts';
import type { SessionFact } from './facts.ts';
import type { HistoryStore } from './history-ports.ts';
import type { SessionKernel } from './kernel.ts';

const decoder = new TextDecoder();

/**
 * What is to be told of a stretch of a session's journal once more: for those who keep records and missed it (U7). Texts
 * are those of now; how narrator turns went is not known any more. Records that cannot be read are left out.
 */
export async function* factsBetween(
  history: Pick<HistoryStore, 'read'>,
  kernel: SessionKernel,
  { after, upTo }: { after: number; upTo: number },
): AsyncGenerator<SessionFact> {
  const { state, story } = kernel;
  const places = new Map<string, string>();
  for (const { id, turnId } of story.passages()) places.set(turnId, id);
  for await (const page of history.read(state.id, { after, upTo, docs: ['state'] })) {
    for (const { kind, seq, at, author, data } of page) {
      if (kind !== 'event') continue;
      const event = sessionEventSchema.safeParse(readJson(data));
      if (!event.success) continue;
      if (event.data.type === 'narrator-began-passage') places.set(event.data.turnId, event.data.passageId);
      yield* factsOf(
        {
          ...lookOf(kernel),
          seq,
          at,
          author,
          generation: () => null,
          passageOfTurn: (turnId) => places.get(turnId) ?? null,
        },
        event.data,
      );
    }
  }
}

function readJson(data: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(data)) as unknown;
  } catch {
    return null;
  }
}
