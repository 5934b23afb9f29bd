import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { archivedPassage, archiveFrame } from '../../sessions/archive-export.ts';
import { storyNow, storyThen, type StoryPart } from '../../sessions/book-sources.ts';
import { bookOf, type Book } from '../../sessions/book.ts';
import { AppError } from '../../sessions/errors.ts';
import type { Past } from '../../sessions/history-ports.ts';
import { markdownOf } from '../../sessions/markdown.ts';
import type { Clock } from '../../sessions/ports.ts';
import { can } from '../../sessions/roles.ts';
import type { Session } from '../../sessions/session.ts';
import { idSchema } from '../../sessions/ids.ts';
import type { Sessions } from '../../sessions/sessions.ts';
import { passageMap, passageOrder, readPassage } from '../../sessions/story-shape.ts';
import type { Bookbinder } from '../export/bookbinder.ts';
import { rateLimit } from './identity-guard.ts';
import { memberOf } from './member.ts';
import { countSchema, parseBody } from './parse-body.ts';

export interface ExportParts {
  sessions: Pick<Sessions, 'open'>;
  past: Past;
  binder: Pick<Bookbinder, 'bind'>;
  clock: Clock;
  /** From one address. */
  exportsPerMinute: number;
}

const TYPES = {
  md: 'text/markdown; charset=utf-8',
  json: 'application/json; charset=utf-8',
  epub: 'application/epub+zip',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
} as const;
type Format = keyof typeof TYPES;

/** Passages of an archive between two breaths. */
const PASSAGES_AT_ONCE = 100;

const querySchema = z
  .object({
    branch: idSchema.optional(),
    /** Epoch ms. */
    time: countSchema.optional(),
  })
  .refine(({ branch, time }) => branch === undefined || time === undefined, {
    path: ['time'],
    message: 'Ask for a branch or for a moment.',
  });

/** Lower-case words of a title with hyphens; `isAscii`: of A to Z and digits alone. */
function slugOf(title: string, isAscii: boolean): string {
  const words = title.toLowerCase().replace(isAscii ? /[^a-z0-9]+/g : /[^\p{L}\p{M}\p{N}]+/gu, '-');
  return [...words].slice(0, 60).join('').replace(/^-|-$/g, '');
}

/** RFC 6266: a plain name, and the title in its own letters where they are others. */
function dispositionOf(title: string, extension: string): string {
  const plain = slugOf(title, true);
  const full = slugOf(title, false);
  const name = `attachment; filename=${plain || 'story'}.${extension}`;
  return full === plain ? name : `${name}; filename*=UTF-8''${encodeURIComponent(`${full}.${extension}`)}`;
}

/** `/api/sessions/:id/export.*`: a story as Markdown, EPUB and DOCX, now, on a branch or at a moment; the archive. */
export function exportRouter({ sessions, past, binder, clock, exportsPerMinute }: ExportParts): Router {
  const router = Router();
  const limit = rateLimit(exportsPerMinute);

  async function exporter(request: Request): Promise<Session> {
    const { session, player } = await memberOf(request, sessions);
    if (!can(player.role, 'export')) throw new AppError('ROLE_FORBIDS');
    return session;
  }

  async function partOf(request: Request, session: Session): Promise<StoryPart> {
    const { branch, time } = parseBody(querySchema, request.query);
    if (time === undefined) {
      const part = storyNow(session.kernel.story.doc, branch);
      if (part === null) throw new AppError('BRANCH_UNKNOWN');
      return part;
    }
    const then = await past.storyAt(session.id, { time });
    if (then === null) throw new AppError('PAST_UNKNOWN');
    // Looking back may take seconds: what counts as out of sight is what is so by now.
    const { kernel } = await sessions.open(session.id);
    const present = { story: kernel.story.doc, sealed: kernel.state.history.sealed };
    return storyThen(then, present, Math.min(time, clock.now()));
  }

  async function bookFor(request: Request): Promise<{ session: Session; book: Book }> {
    const session = await exporter(request);
    const part = await partOf(request, session);
    // Reading the story and counting its words takes a while when it is long: others get their turn between.
    await setImmediate();
    const book = bookOf({ ...part, state: session.kernel.state, now: clock.now() });
    await setImmediate();
    return { session, book };
  }

  router.get('/:id/export.md', limit, async (request: Request, response: Response) => {
    const { session, book } = await bookFor(request);
    announce(response, session, 'md').send(markdownOf(book));
  });
  for (const format of ['epub', 'docx'] as const) {
    router.get(`/:id/export.${format}`, limit, async (request: Request, response: Response) => {
      const { session, book } = await bookFor(request);
      const data = await binder.bind({ format, book });
      announce(response, session, format).send(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    });
  }
  router.get('/:id/export.json', limit, async (request: Request, response: Response) => {
    const session = await exporter(request);
    const parts = Readable.from(archiveParts(session, clock.now()));
    await pipeline(parts, announce(response, session, 'json')).catch(ignoreLeft);
  });
  return router;
}

function announce(response: Response, session: Session, format: Format): Response {
  const { title } = session.kernel.state.settings;
  response.set('Content-Disposition', dispositionOf(title, format)).set('Cache-Control', 'no-store');
  return response.type(TYPES[format]);
}

/** The JSON of an archive, a hundred passages at a time. */
async function* archiveParts({ kernel }: Session, now: number): AsyncGenerator<string> {
  const story = kernel.story.doc;
  const frame = JSON.stringify(archiveFrame({ state: kernel.state, story, now }), null, 1);
  yield `${frame.slice(0, frame.lastIndexOf('\n}'))},\n "passages": [`;
  const ids = passageOrder(story).toArray();
  let separator = '\n  ';
  for (let from = 0; from < ids.length; from += PASSAGES_AT_ONCE) {
    let text = '';
    for (const id of ids.slice(from, from + PASSAGES_AT_ONCE)) {
      const map = passageMap(story).get(id);
      if (map === undefined) continue;
      text += `${separator}${JSON.stringify(archivedPassage(readPassage(id, map)))}`;
      separator = ',\n  ';
    }
    yield text;
    await setImmediate();
  }
  yield '\n ]\n}\n';
}

/** Who asked has gone: nobody is left to be told. */
function ignoreLeft(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
}
