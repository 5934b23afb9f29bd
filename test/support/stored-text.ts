import type { SessionsFixture } from './sessions-fixture.ts';

/** Everything that is stored of a session, as one text to look for words in. */
export async function storedText(table: SessionsFixture, sessionId: string): Promise<string> {
  const parts: string[] = [];
  const read = (data: Uint8Array) => parts.push(new TextDecoder('latin1').decode(data));
  for await (const page of table.history.read(sessionId, { after: 0, upTo: Infinity, docs: null }))
    for (const { data } of page) read(data);
  const base = await table.history.baseAt(sessionId, Infinity);
  if (base !== null) read(base.data);
  const loaded = await table.inner.load(sessionId);
  for (const { data } of loaded?.snapshots ?? []) read(data);
  return parts.join('\n') + JSON.stringify(table.generations.records) + JSON.stringify(table.log.labels);
}
