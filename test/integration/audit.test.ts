import { readFileSync, writeFileSync } from 'node:fs';
import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import { PROFILES } from '../../server/audit/compliance.ts';
import { verifyConsistency, verifyInclusion, leafHash } from '../../server/audit/merkle.ts';
import { openCheckpoint, parseVkey } from '../../server/audit/note.ts';
import { recordSchema } from '../../server/audit/record.ts';
import { auditRouter } from '../../server/http/audit-router.ts';
import { operatorTokenOnly } from '../../server/http/operator-guard.ts';
import type { SessionFact } from '../../sessions/facts.ts';
import { AuditFixture, journalOf, narratedFact, passageFact, reading } from '../support/audit-fixture.ts';
import { OPERATOR_TOKEN, OpsServer } from '../support/ops-server.ts';
import { until } from '../support/wait.ts';

const open: AuditFixture[] = [];
afterEach(async () => {
  for (const fixture of open.splice(0)) {
    await fixture.close().catch(() => undefined);
    fixture.remove();
  }
});

async function fixtureWith(...options: Parameters<typeof AuditFixture.open>): Promise<AuditFixture> {
  const fixture = await AuditFixture.open(...options);
  open.push(fixture);
  return fixture;
}

const common = (seq: number, playerId: string | null = 'anna1') => ({
  sessionId: 's1',
  seq,
  at: 1_790_000_000_000 + seq,
  playerId,
});
const DIALOGUE = '"Who goes there?" asked Nettlewick. "Nobody that you know," said the ferryman.';

/** One fact of every kind, and the type of its record. */
const EVERY_KIND: readonly (readonly [type: string, fact: SessionFact])[] = [
  ['join', { ...common(1), kind: 'join' }],
  ['plot_development', passageFact({ seq: 2 })],
  ['character_dialogue', passageFact({ seq: 3, text: DIALOGUE })],
  ['character_dialogue', narratedFact({ seq: 4, castId: 'cast1' })],
  ['plot_development', narratedFact({ seq: 5 })],
  ['edit', passageFact({ seq: 6, passageId: 'p2', isReplacement: true, text: 'Another text.' })],
  ['turn_ended', { ...common(7), kind: 'turn-ended', generation: narratedFact().generation! }],
  ['user_choice', { ...common(8), kind: 'choice', what: 'alternative-chosen', passageId: 'p5' }],
  [
    'moderation',
    {
      ...common(9),
      kind: 'moderation',
      holdId: 'h1',
      decision: 'held',
      passageId: 'p5',
      rule: 'Spiders of Nettlewick',
      severity: 2,
    },
  ],
  [
    'rollback',
    {
      ...common(10),
      kind: 'rollback',
      rollbackId: 'r1',
      scope: 'passages',
      timing: 'now',
      disruption: 0.123456,
      struckIds: ['p5'],
      restoredIds: [],
    },
  ],
  ['gm_action', { ...common(11), kind: 'gm-action', what: 'player-kicked', targetId: 'bert1' }],
  ['intervention', { ...common(12), kind: 'intervention', issue: 'stalled', action: 'remind' } as never],
  ['feedback', { ...common(13), kind: 'feedback', passageId: 'p5', type: 'positive', rating: 4 } as never],
  ['purge', { ...common(14), kind: 'purge', passageIds: ['p3'] }],
  ['leave', { ...common(15), kind: 'leave' }],
];

describe('the audit log', () => {
  it('U1: makes one record of every fact, and answers its place and hash', async () => {
    const fixture = await fixtureWith();
    const done = EVERY_KIND.map(([, fact]) => fixture.audit.append(fact));
    const receipts = await fixture.written(Promise.all(done));
    const records = await fixture.records();
    expect(records.map(({ type }) => type)).toEqual(['restart', ...EVERY_KIND.map(([type]) => type)]);
    expect(receipts.map((receipt) => receipt?.leafIndex)).toEqual(EVERY_KIND.map((_, at) => at + 1));
    const rows = await fixture.store.records(0, 100);
    for (const [at, receipt] of receipts.entries())
      expect(receipt?.leafHash).toBe(Buffer.from(leafHash(rows[at + 1]!.record)).toString('hex'));
    expect(records.map(({ nth }) => nth)).toEqual([undefined, ...EVERY_KIND.map((_, at) => at + 1)]);
    expect(fixture.audit.status()).toMatchObject({ size: 16, ok: true });
    const { values } = await fixture.metrics.auditRecords.get();
    expect(values.find(({ labels }) => labels.type === 'character_dialogue')?.value).toBe(2);
    expect(await fixture.audit.verify()).toMatchObject({ ok: true, size: 16 });
  });

  it('U1: tells of the narrator what made its text, and that a model wrote it', async () => {
    const fixture = await fixtureWith();
    await fixture.record([narratedFact({ seq: 1 })]);
    const [, record] = await fixture.records();
    expect(record).toMatchObject({
      actor: { kind: 'model' },
      content: { lang: 'en', chars: narratedFact({ seq: 1 }).text!.length },
      quality: null,
      interaction: { kind: 'narration', historyPassages: 0 },
      compliance: { class: 'session', retentionDays: 180 },
      model: {
        version: 'demo/1',
        promptHash: 'ab'.repeat(32),
        params: { temperature: 0.8, top_p: 0.95, max_tokens: 200, seed: 7 },
        tokens: { in: 512, reused: 400, out: 80 },
        dropped: { passages: 1, memory: 0 },
      },
    });
    const { total, ...parts } = record!.model!.ms;
    expect(Math.abs(Object.values(parts).reduce((sum, ms) => sum + ms, 0) - total)).toBeLessThanOrEqual(5);
  });

  it('U1: a fact that comes again is recorded once', async () => {
    const fixture = await fixtureWith();
    await fixture.record(journalOf('s1', 5));
    await fixture.record(journalOf('s1', 7));
    expect((await fixture.records()).map(({ journal }) => journal)).toEqual([undefined, 1, 2, 3, 4, 5, 6, 7]);
    expect(await fixture.audit.lastSeq('s1')).toBe(7);
  });

  it('U2: neither texts nor names nor ids of players are in the records or, unlocked, in the files', async () => {
    const fixture = await fixtureWith();
    await fixture.record(EVERY_KIND.map(([, fact]) => fact));
    const records = await fixture.records();
    expect(new Set(records.slice(1).flatMap(({ actor }) => actor.ref ?? [])).size).toBe(1);
    await fixture.close();
    const all = Buffer.concat([readFileSync(fixture.file), readFileSync(fixture.checkpointFile)]).toString(
      'latin1',
    );
    for (const word of ['Nettlewick', 'ferry', 'anna1', 'bert1', 'storm', 'Spiders'])
      expect(all, word).not.toContain(word);
    expect(all).toContain('character_dialogue');
    expect(all).toContain('player-kicked');
  });

  it('U2: a text with personal data is of the class personal', async () => {
    const fixture = await fixtureWith();
    await fixture.record([
      passageFact({ seq: 1, text: 'Write to ferryman@example.org about it.' }),
      passageFact({ seq: 2 }),
    ]);
    const [, ...records] = await fixture.records();
    expect(records.map(({ compliance }) => compliance.class)).toEqual(['personal', 'session']);
  });

  it('U3: who is erased leaves a tombstone; proofs go on holding, the text cannot be read', async () => {
    const fixture = await fixtureWith();
    await fixture.record([
      passageFact({ seq: 1 }),
      passageFact({ seq: 2, playerId: 'bert1' }),
      narratedFact({ seq: 3 }),
    ]);
    const [key] = await fixture.store.keysOf([(await fixture.keys()).ref('anna1')]);
    const before = await fixture.audit.proof(1);
    const receipt = await fixture.audit.erase({ sessionId: 's1', playerId: 'anna1', reason: 'request' });
    expect(receipt?.leafIndex).toBe(4);
    expect(await fixture.audit.verify()).toMatchObject({ ok: true, count: 0 });
    const after = await fixture.audit.proof(1);
    expect(after?.record).toBe(before?.record);
    const texts: unknown[] = [];
    for await (const line of fixture.audit.export({ session: 's1' }, true))
      if (line.includes('"text":')) texts.push((JSON.parse(line) as { text: { text: string } | null }).text);
    expect(texts).toEqual([null, expect.anything(), expect.anything()]);
    expect((await fixture.records())[4]).toMatchObject({
      type: 'tombstone',
      erased: { keyIds: [key!.key_id] },
      actor: { kind: 'operator' },
    });
    expect(await fixture.audit.erase({ sessionId: 's1', playerId: 'anna1', reason: 'request' })).toBeNull();
    expect(await fixture.audit.erase({ sessionId: 's1', playerId: null, reason: 'legal' })).not.toBeNull();
    for (const file of [fixture.file, `${fixture.file}-wal`])
      expect(readFileSync(file).includes(Buffer.from(key!.wrapped)), file).toBe(false);
    expect((await fixture.audit.verify()).findings).toEqual([]);
  });

  it('U3: a purge takes the texts of its passages, also in the files', async () => {
    const fixture = await fixtureWith();
    await fixture.record(journalOf('s1', 3));
    const [, blob] = await fixture.store.blobs(0, 10);
    await fixture.record([{ ...common(4), kind: 'purge', passageIds: ['p2'] }]);
    expect((await fixture.store.blobs(0, 10)).map(({ passage_id }) => passage_id)).toEqual(['p1', 'p3']);
    expect(await fixture.audit.verify()).toMatchObject({ ok: true });
    for (const file of [fixture.file, `${fixture.file}-wal`])
      expect(readFileSync(file).includes(Buffer.from(blob!.data)), file).toBe(false);
  });

  it('U5: signs every 256 records, 60 s after news, and at the end; restarts go on from there', async () => {
    const fixture = await fixtureWith();
    const sizes = async () => (await fixture.store.checkpoints(0, 100)).map(({ size }) => size);
    await fixture.record(journalOf('s1', 3));
    expect(await sizes()).toEqual([]);
    fixture.clock.advance(60_000);
    await until('a checkpoint', async () => (await sizes()).length === 1);
    fixture.clock.advance(600_000);
    await fixture.record(journalOf('s2', 300));
    await until('another', async () => (await sizes()).length >= 2);
    expect((await sizes())[0]).toBe(4);
    await fixture.record(journalOf('s3', 2));
    await fixture.audit.close();
    expect((await sizes()).at(-1)).toBe(306);
    await fixture.database.close();
    const { vkey } = (await fixture.keys()).verifier;
    const notes = readFileSync(fixture.checkpointFile, 'utf8').match(
      /[^\n]+\n[^\n]+\n[^\n]+\n\n— [^\n]+\n/g,
    )!;
    expect(openCheckpoint(notes.at(-1)!, parseVkey(vkey)!)?.size).toBe(306);
    await fixture.openAgain();
    await fixture.record(journalOf('s4', 1));
    expect(await fixture.audit.verify()).toMatchObject({ ok: true, size: 308 });
    const proof = await fixture.audit.consistency(4, 308);
    expect(
      verifyConsistency({
        older: 4,
        olderRoot: openCheckpoint(notes[0], parseVkey(vkey)!)!.root,
        newer: 308,
        newerRoot: Buffer.from(proof!.roots.to, 'base64'),
        proof: proof!.proof.map((hash) => Buffer.from(hash, 'base64')),
      }),
    ).toBe(true);
  });

  it('U5: the end of the server does not wait for a verification', async () => {
    const fixture = await fixtureWith();
    await fixture.record([passageFact({ seq: 1 })]);
    const verified = fixture.audit.verify();
    const ended = fixture.audit.close();
    await expect(verified).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    await ended;
  });

  it('U5: a crash after a commit and before its checkpoint loses nothing; the file is completed', async () => {
    const fixture = await fixtureWith();
    await fixture.record(journalOf('s1', 3));
    await fixture.audit.checkpoint();
    await fixture.record(journalOf('s1', 5));
    writeFileSync(fixture.checkpointFile, 'taleloom/audit/half\n4');
    await fixture.crash();
    expect(await fixture.verify()).toMatchObject({ ok: true, size: 6 });
    await fixture.openAgain();
    await fixture.record(journalOf('s1', 6));
    expect(await fixture.audit.verify()).toMatchObject({ ok: true });
    expect(readFileSync(fixture.checkpointFile, 'utf8')).toMatch(/^taleloom\/audit\/[0-9a-f]{16}\n4\n/);
    expect((await fixture.records()).map(({ journal }) => journal ?? null)).toEqual([
      null,
      1,
      2,
      3,
      4,
      5,
      null,
      6,
    ]);
  });

  it('U7: while nothing can be written it is not writable and counts it; later everything is there', async () => {
    const fixture = await fixtureWith();
    await fixture.journal('s1', 3);
    await fixture.record(journalOf('s1', 3));
    const pages = await sql<{ page_count: number }>`pragma page_count`.execute(fixture.database.db);
    const limit = (to: number) => sql.raw(`pragma max_page_count = ${to}`).execute(fixture.database.db);
    await limit(pages.rows[0]!.page_count);
    const long = 'A very long story. '.repeat(500);
    const many = Array.from({ length: 6_000 }, (_, at) => passageFact({ seq: 4 + at, text: long }));
    const before = fixture.audit.append(many[0]!);
    for (const fact of many.slice(1)) fixture.audit.take(fact);
    await until('it fails', () => !fixture.audit.isWritable);
    expect(fixture.audit.status().ok).toBe(false);
    expect((await fixture.metrics.auditAppendFailures.get()).values[0]?.value).toBeGreaterThan(0);
    await expect(
      fixture.audit.erase({ sessionId: 's1', playerId: 'anna1', reason: 'request' }),
    ).rejects.toThrow('STORAGE_UNAVAILABLE');
    expect(await fixture.audit.behind()).toEqual(['s1']);
    await limit(1_000_000);
    fixture.clock.advance(5_000);
    expect((await before)?.leafIndex).toBe(4);
    await until('it works', () => fixture.audit.isWritable);
    const journal = [...journalOf('s1', 3), ...many];
    await fixture.journal('s1', 6_000, 4);
    expect(await fixture.audit.catchUp('s1', reading(journal))).toBe(true);
    expect(await fixture.audit.behind()).toEqual([]);
    const records = (await fixture.records()).filter(({ journal: seq }) => typeof seq === 'number');
    expect(records.map(({ journal: seq }) => seq)).toEqual(Array.from({ length: 6_003 }, (_, at) => at + 1));
  });

  it('U7: what a crash has left out is taken from the journal, once; what comes meanwhile stands behind it', async () => {
    const fixture = await fixtureWith();
    await fixture.journal('s1', 4);
    await fixture.record(journalOf('s1', 4));
    await fixture.journal('s1', 6, 5);
    await fixture.crash();
    await fixture.openAgain();
    expect(await fixture.audit.behind()).toEqual(['s1']);
    // Somebody is already playing there.
    fixture.audit.take(passageFact({ seq: 10 }));
    await fixture.journal('s1', 1, 11);
    async function* late(): AsyncGenerator<SessionFact> {
      for await (const fact of reading(journalOf('s1', 11))) {
        if (fact.seq === 7) fixture.audit.take(passageFact({ seq: 11 }));
        if (fact.seq === 8) fixture.audit.take(passageFact({ seq: 12 }));
        yield fact;
      }
    }
    expect(await fixture.audit.catchUp('s1', late())).toBe(true);
    await fixture.record([passageFact({ seq: 13 })]);
    expect(await fixture.audit.catchUp('s1', reading(journalOf('s1', 13)))).toBe(true);
    const seen = (await fixture.records()).flatMap(({ journal }) => journal ?? []);
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    await fixture.close();
    await fixture.openAgain();
    expect(await fixture.audit.behind()).toEqual([]);
  });

  it('U7: sessions that were there before the log begin with their newest event', async () => {
    const fixture = new AuditFixture();
    open.push(fixture);
    await fixture.openDatabase();
    await fixture.journal('old', 9);
    await sql`delete from audit_progress`.execute(fixture.database.db);
    await sql`insert into audit_progress values ('old', 9, 0, null)`.execute(fixture.database.db);
    await fixture.database.close();
    await fixture.openAgain();
    expect(await fixture.audit.behind()).toEqual([]);
    expect(await fixture.audit.lastSeq('old')).toBe(9);
    await fixture.record([
      passageFact({ sessionId: 'old', seq: 9 }),
      passageFact({ sessionId: 'old', seq: 10 }),
    ]);
    expect((await fixture.records()).map(({ journal }) => journal)).toEqual([undefined, 10]);
    expect(await fixture.audit.verify()).toMatchObject({ ok: true });
  });

  it('U7: without a legal basis nothing is recorded, which is counted; later the journal has it', async () => {
    const fixture = await fixtureWith({ profile: { ...PROFILES.consumer, basis: '' } });
    await fixture.journal('s1', 3);
    await fixture.record(journalOf('s1', 3));
    expect(fixture.audit.isWritable).toBe(false);
    expect((await fixture.metrics.auditAppendFailures.get()).values[0]?.value).toBe(1);
    await expect(fixture.audit.catchUp('s1', reading(journalOf('s1', 3)))).rejects.toThrow('STORAGE');
    await fixture.close();
    await fixture.openAgain({});
    expect(await fixture.audit.behind()).toEqual(['s1']);
    expect(await fixture.audit.catchUp('s1', reading(journalOf('s1', 3)))).toBe(true);
    expect((await fixture.records()).flatMap(({ journal }) => journal ?? [])).toEqual([1, 2, 3]);
  });

  it('U7: a fact that makes no record holds up its own session only, and is not forgotten', async () => {
    const fixture = await fixtureWith();
    await fixture.journal('s1', 4);
    const [first, second, third, fourth] = journalOf('s1', 4);
    const bad = passageFact({ seq: 2, passageId: 'Not an id' });
    await fixture.record([first!, bad, third!, ...journalOf('s2', 2)]);
    await fixture.record([fourth!]);
    expect(fixture.audit.isWritable).toBe(false);
    expect((await fixture.metrics.auditAppendFailures.get()).values[0]?.value).toBe(1);
    expect(await fixture.audit.behind()).toEqual(['s1']);
    expect(await fixture.audit.catchUp('s1', reading([first!, bad, third!, fourth!]))).toBe(false);
    expect(await fixture.audit.lastSeq('s1')).toBe(1);
    expect(await fixture.audit.catchUp('s1', reading([first!, second!, third!, fourth!]))).toBe(true);
    expect(fixture.audit.isWritable).toBe(true);
    const records = await fixture.records();
    expect(records.flatMap(({ session, journal }) => (session === 's1' ? (journal ?? []) : []))).toEqual([
      1, 2, 3, 4,
    ]);
    expect(await fixture.audit.verify()).toMatchObject({ ok: true });
  });

  it('U6: operators get checkpoints, proofs, exports and erasure over HTTP; nobody else does', async () => {
    const fixture = await fixtureWith();
    await fixture.record(journalOf('s1', 20));
    const router = auditRouter({ audit: fixture.audit, guard: operatorTokenOnly(OPERATOR_TOKEN) });
    const server = await OpsServer.start([['/api/ops/audit', router]]);
    try {
      const get = (path: string) => server.call('GET', `/api/ops/audit${path}`);
      expect((await server.call('GET', '/api/ops/audit/checkpoint', undefined, null)).status).toBe(401);
      const checkpoint = (await get('/checkpoint')).body as { vkey: string; note: string };
      const signed = openCheckpoint(checkpoint.note, parseVkey(checkpoint.vkey)!)!;
      expect(signed.size).toBe(21);
      const proof = (await get('/proof/7')).body as { record: string; proof: string[] };
      const path = proof.proof.map((hash) => Buffer.from(hash, 'base64'));
      const of = { leaf: leafHash(proof.record), index: 7, size: 21, root: signed.root, proof: path };
      expect(verifyInclusion(of)).toBe(true);
      expect(recordSchema.parse(JSON.parse(proof.record)).seq).toBe(7);
      expect((await get('/proof/21')).status).toBe(404);
      expect((await get('/proof/x')).status).toBe(404);
      expect((await get('/consistency?from=3&to=21')).body).toMatchObject({ from: 3, to: 21 });
      expect((await get('/consistency?from=3&to=22')).status).toBe(422);
      expect((await get('/export')).status).toBe(422);
      expect((await get('/export?session=s1')).text.trim().split('\n')).toHaveLength(22);
      expect((await server.call('POST', '/api/ops/audit/verify')).body).toMatchObject({ ok: true, size: 21 });
      const erase = (body: unknown) => server.call('POST', '/api/ops/audit/erase', body);
      expect((await erase({ sessionId: 's1', playerId: 'anna1', reason: 'Anna Smith' })).status).toBe(422);
      expect((await erase({ sessionId: 's1', playerId: 'anna1', reason: 'request' })).body).toMatchObject({
        leafIndex: 21,
      });
      expect((await erase({ sessionId: 's1', playerId: 'anna1', reason: 'request' })).status).toBe(404);
      expect(server.faults).toEqual([]);
    } finally {
      await server.stop();
    }
  });
});
