import { strFromU8, unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Bookbinder } from '../../server/export/bookbinder.ts';
import { exportRouter } from '../../server/http/export-router.ts';
import { SessionsRouter } from '../../server/http/sessions-router.ts';
import { Tickets } from '../../server/tickets.ts';
import { exportArchive } from '../../sessions/archive-export.ts';
import { JournalPast } from '../../sessions/past.ts';
import type { CreateAnswer } from '../../sessions/protocol.ts';
import { hashSecret } from '../../sessions/secrets.ts';
import type { Session } from '../../sessions/session.ts';
import { NARRATOR } from '../../sessions/story-shape.ts';
import { OpsServer } from '../support/ops-server.ts';
import { SessionsFixture, type Made } from '../support/sessions-fixture.ts';
import { storyArchive } from '../support/story-archive.ts';
import { xmlFault } from '../support/xml-check.ts';

const PATH = '/api/sessions';
const EXPORTS_PER_MINUTE = 40;
const FORMATS = ['md', 'epub', 'docx'] as const;
const READER = 'a'.repeat(32);

describe('taking a branch or a moment of a story home', () => {
  let fixture: SessionsFixture;
  let server: OpsServer;
  let binder: Bookbinder;
  let made: Made;
  let session: Session;

  beforeEach(async () => {
    fixture = SessionsFixture.inMemory();
    binder = new Bookbinder();
    const { sessions, moderator, clock, random, history } = fixture;
    const tickets = new Tickets('a secret of at least 32 characters', clock);
    const options = { publicUrl: null, isHttps: false, sessionsPerMinute: 100, joinsPerMinute: 100 };
    const past = new JournalPast(history);
    server = await OpsServer.start([
      [PATH, exportRouter({ sessions, past, binder, clock, exportsPerMinute: EXPORTS_PER_MINUTE })],
      [PATH, new SessionsRouter({ sessions, moderator, tickets, clock, random, options }).router],
    ]);
    made = await fixture.create({ title: 'Der *Leuchtturm* über Nacht', premise: 'A lamp <b>left</b>.' });
    ({ session } = made);
    const invite = made.answer.invites.find(({ role }) => role === 'spectator')!;
    const of = { identityHash: hashSecret(READER), name: 'Eve', inviteHash: hashSecret(invite.secret) };
    await fixture.durable(session.door.join(of));
  });
  afterEach(async () => {
    await server.stop();
    await binder.close();
    await fixture.close();
  });

  const write = (text: string) => fixture.passageOf(session, made.ownerId, text);
  const must = async (
    ...of: Parameters<typeof fixture.must> extends [unknown, unknown, ...infer R] ? R : never
  ) => fixture.must(session, made.ownerId, ...of);

  async function get(format: string, query = '', identity = READER) {
    const response = await fetch(`${server.url}${PATH}/${session.id}/export.${format}${query}`, {
      headers: { cookie: `taleloom_id=${identity}` },
    });
    return {
      status: response.status,
      headers: response.headers,
      data: new Uint8Array(await response.arrayBuffer()),
    };
  }

  /** Everything that a file says, of all its parts; each part that is XML is well-formed. */
  async function textOf(format: (typeof FORMATS)[number], query = ''): Promise<string> {
    const { status, data } = await get(format, query);
    expect([format, query, status]).toEqual([format, query, 200]);
    if (format === 'md') return strFromU8(data);
    const parts = Object.entries(unzipSync(data)).map(([name, part]) => [name, strFromU8(part)] as const);
    for (const [name, text] of parts)
      if (/\.(xml|opf|xhtml|rels)$/.test(name)) expect([name, xmlFault(text)]).toEqual([name, null]);
    return parts.map(([, text]) => text).join('\n');
  }

  async function codeOf(format: string, query = '', identity = READER): Promise<[number, string]> {
    const { status, data } = await get(format, query, identity);
    return [status, (JSON.parse(strFromU8(data)) as { code: string }).code];
  }

  it('X5: every format comes with its type and a name that files can have', async () => {
    await write('It was dark.');
    const types: Record<string, string> = {
      md: 'text/markdown; charset=utf-8',
      json: 'application/json; charset=utf-8',
      epub: 'application/epub+zip',
      docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    };
    for (const [format, type] of Object.entries(types)) {
      const { status, headers } = await get(format);
      expect([status, headers.get('content-type')]).toEqual([200, type]);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('content-disposition')).toBe(
        `attachment; filename=der-leuchtturm-ber-nacht.${format}; filename*=UTF-8''der-leuchtturm-%C3%BCber-nacht.${format}`,
      );
    }
  });

  it('X5: only members, and only what they can ask for', async () => {
    for (const format of [...FORMATS, 'json'])
      expect(await codeOf(format, '', 'b'.repeat(32))).toEqual([403, 'INVITE_NEEDED']);
    expect(await codeOf('epub', '?branch=nowhere')).toEqual([404, 'BRANCH_UNKNOWN']);
    expect(await codeOf('docx', '?time=1')).toEqual([404, 'PAST_UNKNOWN']);
    for (const query of [
      '?branch=../x',
      '?time=-1',
      '?time=now',
      '?branch=main&time=5',
      '?branch=a&branch=b',
    ])
      expect(await codeOf('md', query)).toEqual([422, 'BAD_INPUT']);
  });

  it('X5: chapters are scenes, and nothing struck, held or of other branches is in any part', async () => {
    const first = await write('SHARED beginning.');
    await write('Only on the MAINLINE.');
    await must('scene:begin', { title: 'The </p><script> quay' });
    await write('On the quay.');
    const gone = await write('A STRICKEN line.');
    await must('passage:strike', { passageId: gone });
    const { branchId } = await must('branch:create', { passageId: first, name: 'North' });
    await write('Up in the NORTHLAND.');
    for (const format of FORMATS) {
      const north = await textOf(format);
      expect(north).toMatch(/SHARED[^]*NORTHLAND/);
      expect(north).toContain('Branch: North');
      expect(north).not.toMatch(/MAINLINE|STRICKEN|quay/);
      expect(await textOf(format, `?branch=${branchId}`)).toBe(north);
      const main = await textOf(format, '?branch=main');
      expect(main).toMatch(/SHARED[^]*MAINLINE[^]*script[^]* quay[^]*On the quay/);
      expect(main).not.toMatch(/NORTHLAND|STRICKEN|[^\\]<script/);
    }
  });

  it('X5: the story at a moment is as it stood then, without what is out of sight now', async () => {
    await write('OLD beginning.');
    const carded = await write('A CARDED line.');
    const struck = await write('A STRICKEN line.');
    const time = fixture.clock.now();
    fixture.clock.advance(20_000);
    await must('passage:strike', { passageId: struck });
    session.kernel.changeStory([{ op: 'withhold', passageId: carded }]);
    await write('NEWER end.');
    for (const format of FORMATS) {
      const then = await textOf(format, `?time=${time}`);
      expect(then).toMatch(/OLD[^]*STRICKEN/);
      expect(then).toMatch(/As of \d{4}-/);
      expect(then).not.toMatch(/CARDED|NEWER/);
      expect(await textOf(format)).not.toMatch(/STRICKEN|CARDED/);
    }
  });

  it('X1: an archive that comes in parts is the whole archive', async () => {
    const spans = [{ author: NARRATOR, text: 'Told "so".' }];
    const meta = { kind: 'narrator', by: NARRATOR, turnId: 't', castId: null, createdAt: 1 } as const;
    session.kernel.changeStory(
      Array.from({ length: 250 }, (_, n) => ({
        ...{ op: 'add' as const, passageId: `n${n}`, alternativeId: 'a', meta, spans, at: 1 },
      })),
    );
    await fixture.tick();
    const archive = JSON.parse(strFromU8((await get('json')).data)) as unknown;
    const now = fixture.clock.now();
    const whole = exportArchive({ state: session.kernel.state, story: session.kernel.story.doc, now });
    expect(archive).toEqual(JSON.parse(JSON.stringify(whole)));
    expect(whole.passages.length).toBe(250);
  });

  it('X1: the archive of a story without a word is an archive', async () => {
    expect(JSON.parse(strFromU8((await get('json')).data))).toMatchObject({ passages: [], branches: [] });
  });

  it('X5: who asks for more than fits a minute is told to wait', async () => {
    for (let n = 0; n < EXPORTS_PER_MINUTE; n += 1) expect((await get('md')).status).toBe(200);
    expect(await codeOf('md')).toEqual([429, 'RATE_LIMITED']);
  });

  it('H7: names of branches and scenes, and memory, are looked at when an archive is brought in', async () => {
    const archive = storyArchive({ passages: 2, characters: 60 });
    const by = 'ann';
    const item = { kind: 'fact', sources: [], isPinned: true, by, at: 1, span: null } as const;
    const full = {
      ...archive,
      branches: [{ id: 'b1', name: 'BLOCKED', parentId: 'main', fromPassageId: 'p0', by, at: 1 }],
      scenes: [{ id: 's1', title: 'It was HELD', branchId: 'main', afterPassageId: null, by, at: 1 }],
      memory: [
        { ...item, id: 'm1', text: 'BLOCKED' },
        { ...item, id: 'm2', text: 'Fine.' },
      ],
    };
    const answer = await server.call('POST', `${PATH}/import`, { archive: full, ownerName: 'Zoe' });
    expect(answer.status).toBe(201);
    const { kernel } = await fixture.sessions.open((answer.body as CreateAnswer).sessionId);
    expect(kernel.story.branches().map(({ name }) => name)).toEqual(['', 'Branch 1']);
    expect(kernel.story.scenes().map(({ title }) => title)).toEqual(['']);
    expect(kernel.story.memory().map(({ text }) => text)).toEqual(['Fine.']);
  });
});
