import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, it } from 'vitest';
import type { BrowserContextOptions } from 'playwright-core';
import { LINE_DOWN, useBrowser, type Person } from '../support/browser.ts';
import { OPERATOR_TOKEN } from '../support/ops-server.ts';
import { skipUnless } from '../support/programs.ts';
import { TestServer } from '../support/taleloom.ts';

const LOOKS = {
  desktop: { colorScheme: 'light', viewport: { width: 1_280, height: 800 } },
  phone: { colorScheme: 'dark', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
} as const satisfies Record<string, BrowserContextOptions>;

/** Address, name, and something that a page shows only with the figures of a server that was played on. */
const PAGES = [
  ['/ops', 'Overview', 'Basic service'],
  ['/ops/objectives', 'Objectives', 'How it is measured'],
  ['/ops/sessions', 'Sessions', 'Turn a flag on'],
  ['/ops/executive', 'Executive board', 'Show as table'],
  ['/ops/on-call', 'On-call board', 'Show as table'],
  ['/ops/debug', 'Debug board', 'Show as table'],
  ['/ops/versions', 'Narrator versions', 'What readers said'],
  ['/ops/turns', 'Turns and logs', 'Committed'],
  ['/ops/moderation', 'Moderation', 'Let through'],
  ['/ops/flags', 'Flags', 'No flag is on. Everything runs as usual.'],
  ['/ops/incidents', 'Incidents', 'There has been no incident.'],
  ['/ops/audit', 'Audit log', 'Copy the checkpoint'],
] as const;

/** With BROWSER_PICTURES=folder, pictures of the pages are left there. */
async function picture(person: Person, name: string): Promise<void> {
  const folder = process.env.BROWSER_PICTURES;
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  await person.page.screenshot({ path: join(folder, `ops-${name}.png`), fullPage: true });
}

/** Serious and critical findings of axe on the page as it stands. */
async function isClean({ page }: Person, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(
    serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`),
    what,
  ).toEqual([]);
}

const overhang = ({ page }: Person): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

async function isOn(person: Person, name: string): Promise<void> {
  await person.page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
}

async function signsIn(person: Person, path = '/ops'): Promise<void> {
  await person.page.goto(path);
  await person.page.getByLabel('Operator’s token').fill(OPERATOR_TOKEN);
  await person.button('Sign in').click();
  await person.button('Sign out').waitFor();
}

describe.skipIf(skipUnless('chromium'))('the operator’s page', () => {
  const browser = useBrowser(() =>
    TestServer.startScripted(['The storm broke over the ferry.', 'The lamp on the pier went out.'], {
      OPERATOR_TOKEN,
    }),
  );

  /** A session with a passage by Ann and one of the narrator. */
  async function played(): Promise<{ ann: Person; sessionId: string }> {
    const { owner: ann, created } = await browser.host();
    await ann.writes('Ann rowed out before the light.');
    await ann.button('Ask the narrator to continue').click();
    const narrated = ann.passage(/The storm broke|The lamp/);
    await expect.poll(() => narrated.getAttribute('aria-busy')).toBe('false');
    return { ann, sessionId: created.sessionId };
  }

  async function operator(options: BrowserContextOptions = LOOKS.desktop): Promise<Person> {
    const person = await browser.person('Op', options);
    await signsIn(person);
    return person;
  }

  it('Y5: without a token the page says how to turn it on', async () => {
    browser.serve(await TestServer.start());
    const op = await browser.person('Op');
    await op.page.goto('/ops');
    await isOn(op, 'The operator’s page is off');
    await op.sees(/OPERATOR_TOKEN=/);
    await isClean(op, 'off');
    await picture(op, 'off');
  });

  it('Y5: the wrong token is refused, the right one opens the page that was asked for', async () => {
    const op = await browser.person('Op');
    op.expects(/status of 401/);
    const loaded: string[] = [];
    op.page.on('request', (request) => loaded.push(request.url()));
    await op.page.goto('/ops/flags');
    const field = op.page.getByLabel('Operator’s token');
    expect(await field.getAttribute('type')).toBe('password');
    expect(await field.getAttribute('name')).toBe('operator-token');
    await field.fill('not the token');
    await op.page.keyboard.press('Enter');
    await op.sees('That is not the token of this server.');
    await isClean(op, 'sign in');
    await picture(op, 'sign-in');
    await field.fill(OPERATOR_TOKEN);
    await op.page.keyboard.press('Enter');
    await isOn(op, 'Flags');
    expect(loaded.filter((url) => /ops-page/.test(url)).length).toBeGreaterThan(0);
    expect(loaded.filter((url) => /session-page|draft-editor|story-dialog/.test(url))).toEqual([]);
    await op.page.reload();
    await isOn(op, 'Flags');
    await op.button('Sign out').click();
    await isOn(op, 'Sign in as the operator');
    await op.page.reload();
    await isOn(op, 'Sign in as the operator');
  });

  for (const [look, options] of Object.entries(LOOKS)) {
    it(`Y3: every page shows the figures of what was played (${look})`, async () => {
      const { sessionId } = await played();
      const op = await operator(options);
      for (const [path, name, shown] of PAGES) {
        await op.page.goto(path);
        await isOn(op, name);
        await op.sees(shown);
        await expect
          .poll(() => op.page.getByText('Fetching the figures…').count(), { message: name })
          .toBe(0);
        expect(await op.page.getByText('The figures could not be fetched').count(), name).toBe(0);
        expect(await overhang(op), `${name} is as wide as the window`).toBeLessThanOrEqual(0);
        await isClean(op, name);
        await picture(op, `${look}-${path.split('/')[2] ?? 'overview'}`);
      }
      await op.page.goto('/ops/sessions');
      await op.page.getByLabel('Filter by id').fill(sessionId);
      await expect.poll(() => op.page.getByRole('row').count()).toBe(2);
      await op.page.getByRole('cell', { name: sessionId }).waitFor();
    });
  }

  it('Y3: a chart can be read as a table, and its time be chosen', async () => {
    await played();
    const op = await operator();
    await op.page.goto('/ops/on-call');
    const chart = op.page.getByRole('img', { name: /^Chart: / }).first();
    await chart.waitFor();
    const title = /^Chart: (.*?)\. /.exec((await chart.getAttribute('aria-label')) ?? '')?.[1] ?? '';
    await op.button(`Show as table: ${title}`).click();
    const table = op.page.getByRole('table', { name: `Values of ${title}` });
    expect(await table.getByRole('row').count()).toBeGreaterThan(1);
    await op.button(`Show as chart: ${title}`).click();
    const asked = op.page.waitForRequest(/boards\/on-call\?minutes=15$/);
    await op.page.getByText('15 min', { exact: true }).click();
    await asked;
    await op.page.reload();
    await expect.poll(() => op.page.getByRole('radio', { name: '15 min' }).isChecked()).toBe(true);
  });

  it('Y6: a turn is found by its id, with its stages and its log lines', async () => {
    const { sessionId } = await played();
    const op = await operator();
    await op.page.goto('/ops/turns');
    const newest = op.page.getByRole('table', { name: 'Newest narrator turns' });
    const turn = await newest.getByRole('link').first().innerText();
    await op.page.getByLabel('Find a turn by its id').fill(`${turn} `);
    await op.button('Look').click();
    await op.page.waitForURL(`**/ops/turns/${turn}`);
    await op.page.getByRole('img', { name: /^Time by stage: Queue .*Prefill .*Decode / }).waitFor();
    const lines = op.page.getByRole('group', { name: `Log lines of turn ${turn}` });
    await lines.getByText(`session=${sessionId}`).first().waitFor();
    expect(await lines.innerText()).not.toContain('storm');
    await isClean(op, 'turn');
    await picture(op, 'turn');
  });

  it('S10: a flag is turned on for a session with a reason, and off again', async () => {
    const { sessionId } = await played();
    const op = await operator();
    await op.page.goto('/ops/sessions');
    await op.page.getByRole('link', { name: `Turn a flag on ${sessionId}` }).click();
    await isOn(op, 'Flags');
    await op.isFocused(op.page.getByRole('heading', { level: 1 }));
    expect(await op.page.getByLabel('Session id').inputValue()).toBe(sessionId);
    await op.page.getByLabel('Read only').check();
    await op.button('Turn on…').click();
    await op.sees('Say why: whoever is on call next has only this to go by.');
    await op.page.getByRole('textbox', { name: 'Reason' }).fill('The disk is nearly full');
    await op.button('Turn on…').click();
    await isClean(op, 'question');
    await op.button('Turn it on').click();
    await op.page.getByRole('cell', { name: 'The disk is nearly full' }).waitFor();
    const flags = async () => (await op.context.request.get('/api/ops/flags')).json() as Promise<unknown>;
    expect(await flags()).toMatchObject({ flags: [{ flag: 'read_only', sessionId }] });
    await op.button(`Turn off Read only for session ${sessionId}`).click();
    await op.button('Turn it off').click();
    await op.sees('No flag is on. Everything runs as usual.');
    expect(await flags()).toEqual({ flags: [] });
  });

  it('Y9: an incident leads through its steps, and keeps its bundle', async () => {
    const op = await operator(LOOKS.phone);
    await op.page.goto('/ops/incidents');
    await op.button('Open the incident').click();
    await op.sees('Say in a few words what is happening.');
    await op.page.getByLabel('What is happening').fill('A log was sent to the wrong place');
    await op.page.getByLabel(/^Privacy/).check();
    await op.button('Open the incident').click();
    await op.sees(/^A privacy notice is due in 2 d 23 h|^A privacy notice is due in 3 d/);
    await op.page.getByRole('textbox', { name: 'Triage: what was done' }).fill('One file, for ten minutes.');
    await op.button('Mark as done: Triage').click();
    await op.sees('One file, for ten minutes.');
    await op.page.getByRole('textbox', { name: 'Isolate: what was done' }).waitFor();
    const [download] = await Promise.all([
      op.page.waitForEvent('download'),
      op.page.getByRole('link', { name: 'Download the bundle' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^incident-[0-9a-z]+\.json$/);
    await op.page.getByText('Write down before its turn: Postmortem').click();
    await op.button('Begin from a draft').click();
    const postmortem = op.page.getByRole('textbox', { name: 'Postmortem: what was done' });
    await expect.poll(() => postmortem.inputValue()).toContain('One file, for ten minutes.');
    expect(await overhang(op)).toBeLessThanOrEqual(0);
    await isClean(op, 'incident');
    await picture(op, 'incident');
    await op.button('Close the incident…').click();
    await op.button('Close it').click();
    await op.sees(/^Closed /);
  });

  it('U3 and U4: the log is verified, and a person erased from it', async () => {
    const { sessionId } = await played();
    const op = await operator();
    await op.page.goto('/ops/audit');
    await op.button('Verify now').click();
    await op.sees(/^All [\d,]+ records are as they were written\.$/);
    await op.page.getByLabel('Session id').fill(sessionId);
    await op.page.getByLabel('The narrator, in this session').check();
    await op.button('Erase…').click();
    await op.button('Erase for good').click();
    await op.sees('The key is deleted. A tombstone stands in the log.');
    await op.button('Verify now').click();
    await op.sees(/^All [\d,]+ records are as they were written\.$/);
  });

  it('a lost connection leaves the last figures, with their time', async () => {
    const op = await operator();
    op.expects(LINE_DOWN);
    await op.page.goto('/ops/on-call');
    await op
      .button(/^Show as table/)
      .first()
      .waitFor();
    await op.context.setOffline(true);
    await op.button('Refresh now').click();
    await op.sees(/^Connection lost\. These are the figures of /);
    await op
      .button(/^Show as table/)
      .first()
      .waitFor();
    await op.context.setOffline(false);
    await op.button('Refresh now').click();
    await op.page.getByText(/^Connection lost/).waitFor({ state: 'detached' });
  });

  it('a sign-in that has ended asks for another, and leads back', async () => {
    const op = await operator();
    op.expects(/status of 401/);
    await op.page.goto('/ops/objectives');
    await isOn(op, 'Objectives');
    await op.context.clearCookies();
    await op.button('Refresh now').click();
    await op.sees('Your sign-in has ended. Sign in again to go on.');
    await op.page.getByLabel('Operator’s token').fill(OPERATOR_TOKEN);
    await op.button('Sign in').click();
    await isOn(op, 'Objectives');
  });
});
