import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Locator,
  type Page,
} from 'playwright-core';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { CreateAnswer, CreateSession, InvitedRole } from '../../sessions/protocol.ts';
import { findProgram } from './programs.ts';
import type { TestServer } from './taleloom.ts';

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const PATIENCE_MS = 15_000;

/** What Chromium writes to the console while a server cannot be reached. */
export const LINE_DOWN =
  /net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|INTERNET_DISCONNECTED|EMPTY_RESPONSE)/;

/** Words of a passage or draft as they are coloured: whose colour, which text. */
export interface ColouredSpan {
  author: string;
  text: string;
}

/** Somebody with a browser window of their own, and the room as they see it. */
export class Person {
  readonly name: string;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly #problems: string[] = [];
  readonly #expected: RegExp[] = [];

  constructor(name: string, context: BrowserContext, page: Page) {
    this.name = name;
    this.context = context;
    this.page = page;
    page.on('console', (message) => {
      const { url } = message.location();
      if (message.type() === 'error') this.#problems.push(`console: ${message.text()} (${url})`);
    });
    page.on('pageerror', (error) => this.#problems.push(`page: ${error.stack ?? error.message}`));
  }

  /** Console errors that a test brings about on purpose. */
  expects(...patterns: RegExp[]): void {
    this.#expected.push(...patterns);
  }

  /** Console and page errors that nobody expected. */
  get problems(): string[] {
    return this.#problems
      .filter((problem) => !this.#expected.some((pattern) => pattern.test(problem)))
      .map((problem) => `${this.name}: ${problem}`);
  }

  get story(): Locator {
    return this.page.getByRole('region', { name: 'Story', exact: true });
  }

  /** The box of this person's own open passage. */
  get draft(): Locator {
    return this.page.getByRole('textbox', { name: 'Your passage' });
  }

  /** Somebody else's open passage. */
  draftOf(name: string): Locator {
    return this.page.getByRole('textbox', { name: `${name}’s open passage` });
  }

  /** The whole card of an open passage: legend, box, buttons. */
  cardOf(draft: Locator): Locator {
    return this.page.locator('section.draft').filter({ has: draft });
  }

  /** Passages of the story that hold this text. */
  passage(text: string | RegExp): Locator {
    return this.story.getByRole('article').filter({ hasText: text });
  }

  get turns(): Locator {
    return this.page.getByRole('region', { name: 'Turns', exact: true });
  }

  get narrator(): Locator {
    return this.page.getByRole('group', { name: 'Narrator', exact: true });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) });
  }

  /** Waits until this text is somewhere on the page. */
  async sees(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).filter({ visible: true }).first().waitFor();
  }

  /** Waits until the header says this about saving. */
  async isTold(status: 'Saved' | 'Saving…' | 'Offline: your words are kept here'): Promise<void> {
    await expect.poll(() => this.saveStatus()).toBe(status);
  }

  /** What the header says about saving. */
  async saveStatus(): Promise<string> {
    return this.page.getByTestId('save-status').innerText();
  }

  /** Waits for the room after a visit or a reload. */
  async isSeated(): Promise<void> {
    await this.story.waitFor();
    await this.isTold('Saved');
  }

  /** Opens an invite link and joins. */
  async takesSeat(link: string): Promise<void> {
    await this.page.goto(link);
    await this.page.getByLabel('Your name at the table').fill(this.name);
    await this.button('Take a seat').click();
    await this.isSeated();
  }

  /** Texts of the shown passages, in order. */
  async passages(): Promise<string[]> {
    return this.story.locator('article .prose').allInnerTexts();
  }

  /** Waits until the story reads so. */
  async reads(passages: string[]): Promise<void> {
    await expect.poll(() => this.passages()).toEqual(passages);
  }

  /** Opens a passage; the cursor is in it, and it is connected. */
  async open(): Promise<Locator> {
    await this.button('Write a passage').click();
    await this.isFocused(this.draft.and(this.page.locator('.cm-content')));
    return this.draft;
  }

  /** The words in the box of a draft, without the names at the cursors of others. */
  async textOf(draft: Locator): Promise<string> {
    return draft.evaluate((box) => {
      const copy = box.cloneNode(true) as Element;
      for (const other of copy.querySelectorAll('.caret, .cm-placeholder')) other.remove();
      return [...copy.querySelectorAll('.cm-line')].map((line) => line.textContent).join('\n');
    });
  }

  /** Waits until a draft reads so. */
  async readsDraft(draft: Locator, text: string): Promise<void> {
    await expect.poll(() => this.textOf(draft).catch(() => null)).toBe(text);
  }

  /** Types at the end of a draft. */
  async types(draft: Locator, text: string): Promise<void> {
    await draft.click();
    await this.page.keyboard.press('Control+End');
    await this.page.keyboard.type(text);
  }

  /** Opens a passage, writes and commits it. */
  async writes(text: string): Promise<void> {
    await this.open();
    await this.page.keyboard.type(text);
    await this.page.keyboard.press('Control+Enter');
    await this.passage(text).waitFor();
  }

  async isFocused(locator: Locator): Promise<void> {
    await expect
      .poll(() => locator.evaluate((element) => element.contains(document.activeElement)).catch(() => false))
      .toBe(true);
  }

  /** Opens a tab of the panel beside the story. */
  async panel(tab: 'People' | 'Cast' | 'Table talk'): Promise<void> {
    await this.page.getByRole('tab', { name: tab }).click();
    await this.page.getByRole('tabpanel', { name: tab }).waitFor();
  }

  /** Chooses from the session menu. */
  async menu(item: string): Promise<void> {
    await this.button('Session menu').click();
    await this.page.getByRole('menuitem', { name: item }).click();
  }

  /** Chooses from the menu of a passage. */
  async passageMenu(passage: Locator, item: string): Promise<void> {
    await passage.getByRole('button', { name: /^Actions for the passage/ }).click();
    await this.page.getByRole('menuitem', { name: item }).click();
  }

  /** Names of the items in a passage's menu. */
  async passageActions(passage: Locator): Promise<string[]> {
    await passage.getByRole('button', { name: /^Actions for the passage/ }).click();
    const items = this.page.getByRole('menuitem');
    await items.first().waitFor();
    const names = await items.allInnerTexts();
    await this.page.keyboard.press('Escape');
    await items.first().waitFor({ state: 'detached' });
    return names;
  }

  /** The text of a passage or draft by colour, with the name of whoever has that colour in the header. */
  async spans(of: Locator): Promise<ColouredSpan[]> {
    return of.evaluate((element) => {
      const colourOf = (one: Element) => getComputedStyle(one).getPropertyValue('--author');
      const seats = [...document.querySelectorAll('.presence .seat, .people .person .dot')];
      const nameOf = new Map(
        seats.map((seat) => {
          const text = (seat.closest('li') ?? seat).querySelector('.visually-hidden, .grow')?.textContent;
          return [colourOf(seat), (text ?? '').split(/,| \(| ·/)[0]!.trim()];
        }),
      );
      const spans: { author: string; text: string }[] = [];
      for (const run of element.querySelectorAll('.by')) {
        const isNarrator = run.classList.contains('author-narrator');
        const author = isNarrator ? 'Narrator' : (nameOf.get(colourOf(run)) ?? 'nobody');
        const last = spans.at(-1);
        if (last?.author === author) last.text += run.textContent;
        else spans.push({ author, text: run.textContent });
      }
      return spans;
    });
  }
}

/** Who takes the place of the server, if a test has one of its own. */
type ServerOf = () => TestServer;

/** One Chromium, in which everybody has a context of their own. */
export class TestBrowser {
  readonly #server: ServerOf;
  #own: TestServer | null = null;
  #chromium: Browser | null = null;
  #people: Person[] = [];

  constructor(server: ServerOf) {
    this.#server = server;
  }

  get server(): TestServer {
    return this.#own ?? this.#server();
  }

  /** Makes this the server until the test is over. */
  serve(server: TestServer): void {
    this.#own = server;
  }

  async launch(): Promise<void> {
    const executablePath = findProgram('chromium');
    if (executablePath === null) throw new Error('chromium is not installed');
    this.#chromium = await chromium.launch({ executablePath, args: ARGS });
  }

  /** A browser that has never been here, with an empty page. */
  async person(name: string, options: BrowserContextOptions = {}): Promise<Person> {
    if (this.#chromium === null) throw new Error('The browser was not launched.');
    const context = await this.#chromium.newContext({
      baseURL: this.server.url,
      viewport: { width: 1_280, height: 800 },
      reducedMotion: 'reduce',
      ...options,
    });
    context.setDefaultTimeout(PATIENCE_MS);
    const person = new Person(name, context, await context.newPage());
    this.#people.push(person);
    return person;
  }

  /** A session with its owner seated in their browser, made without the start page's form. */
  async host(
    of: Partial<CreateSession> = {},
    options: BrowserContextOptions = {},
  ): Promise<{ owner: Person; created: CreateAnswer; invite: (role?: InvitedRole) => string }> {
    const input = { title: 'The Lost Boat', ownerName: 'Ann', ...of };
    const owner = await this.person(input.ownerName, options);
    const response = await owner.context.request.post('/api/sessions', { data: input });
    expect(response.status()).toBe(201);
    const created = (await response.json()) as CreateAnswer;
    await owner.page.goto(`/s/${created.sessionId}`);
    await owner.isSeated();
    const invite = (role: InvitedRole = 'writer') =>
      `/s/${created.sessionId}#invite=${created.invites.find((one) => one.role === role)!.secret}`;
    return { owner, created, invite };
  }

  /** Somebody who opens an invite link and takes a seat. */
  async guest(name: string, link: string, options: BrowserContextOptions = {}): Promise<Person> {
    const person = await this.person(name, options);
    await person.takesSeat(link);
    return person;
  }

  /** A session with its owner Ann and writers of these names, all seated. */
  async table<Names extends string[]>(
    of: Partial<CreateSession>,
    ...names: Names
  ): Promise<[Person, ...{ [K in keyof Names]: Person }]> {
    const { owner, invite } = await this.host(of);
    const guests: Person[] = [];
    for (const name of names) guests.push(await this.guest(name, invite()));
    return [owner, ...guests] as [Person, ...{ [K in keyof Names]: Person }];
  }

  /** Closes everybody's windows; answers the errors their pages met that no test expected. */
  async clear(pictureOf: string | null = null): Promise<string[]> {
    const people = this.#people.splice(0);
    if (pictureOf !== null) await picture(people, pictureOf);
    const problems = people.flatMap((person) => person.problems);
    await Promise.all(people.map((person) => person.context.close()));
    await this.#own?.stop();
    this.#own = null;
    return problems;
  }

  async close(): Promise<void> {
    await this.#chromium?.close();
  }
}

/** With BROWSER_PICTURES=folder, a failed test leaves a picture of every window there. */
async function picture(people: readonly Person[], name: string): Promise<void> {
  const folder = process.env.BROWSER_PICTURES;
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  const stem = name.replace(/\W+/g, '-').slice(0, 60);
  for (const person of people) {
    await person.page.screenshot({ path: join(folder, `${stem}-${person.name}.png`) }).catch(() => undefined);
  }
}

/** A server (without `start`, each test brings its own) and a browser for the tests of one file. Pages with errors that no test expects fail their test. */
export function useBrowser(start?: () => Promise<TestServer>): TestBrowser {
  let server: TestServer | null = null;
  const browser = new TestBrowser(() => {
    if (server === null) throw new Error('The server was not started.');
    return server;
  });
  beforeAll(async () => {
    server = (await start?.()) ?? null;
    await browser.launch();
  });
  afterEach(async ({ task }) => {
    const problems = await browser.clear(task.result?.state === 'fail' ? task.name : null);
    expect(problems, 'errors in pages').toEqual([]);
  });
  afterAll(async () => {
    await browser.close();
    await server?.stop();
  });
  return browser;
}
