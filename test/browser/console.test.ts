import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, it } from 'vitest';
import type { Locator } from 'playwright-core';
import { useBrowser, type Person } from '../support/browser.ts';
import { skipUnless } from '../support/programs.ts';
import { TestServer } from '../support/taleloom.ts';

const HOUSE =
  'Ines closed the ferry house, hung the lantern over the landing and looked at the hill, where the dragon Morwen had slept under the stones since her grandmother was young.';
const DRAGON =
  'The dragon Morwen woke under the hill. In the ferry house the lantern swung over the landing, and Ines felt the stones of the valley move one against the other in the dark.';
const SPIDER = 'A spider ran over her hand.';
const LOOKS = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  phone: { colorScheme: 'light', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
} as const;

const BADGE = /^How the session is doing/;
const consoleOf = (person: Person): Locator =>
  person.page.getByRole('region', { name: 'Game master’s console' });
const part = (person: Person, name: string): Locator =>
  consoleOf(person).getByRole('region', { name, exact: true });
const judge = (person: Person, name: string): Locator =>
  person.passage(DRAGON).getByRole('button', { name, exact: true });
const dialog = (person: Person): Locator => person.page.getByRole('dialog');

/** Opens the console by the badge in the header. */
async function opensConsole(person: Person): Promise<void> {
  await person.button(BADGE).click();
  await consoleOf(person).waitFor();
}

/** The narrator's passage, written to its end. */
async function narrated(person: Person): Promise<void> {
  await person.button('Ask the narrator to continue').click();
  await expect.poll(() => person.passage(DRAGON).getAttribute('aria-busy')).toBe('false');
}

/** Collects what the server sends to a page over its command channel, from its next visit on. */
function listen(person: Person): string[] {
  const frames: string[] = [];
  person.page.on('websocket', (socket) => {
    if (!socket.url().includes('/socket.io')) return;
    socket.on('framereceived', ({ payload }) => {
      if (typeof payload === 'string') frames.push(payload);
    });
  });
  return frames;
}

async function isClean(person: Person, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page: person.page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(
    serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`),
    what,
  ).toEqual([]);
}

/** Commits passages that the table's line keeps out, so that they are held. */
async function threeHeld(person: Person, master: Person): Promise<void> {
  await person.button('Safety tools').click();
  await person.page.getByRole('menuitem', { name: 'My lines and veils…' }).click();
  await person.page.getByRole('textbox', { name: 'My lines' }).fill('spiders');
  await person.button('Save').click();
  await person.sees('Your lines and veils are in the table’s list.');
  for (const n of [1, 2, 3]) {
    await person.open();
    await person.page.keyboard.type(SPIDER);
    await person.page.keyboard.press('Control+Enter');
    await master.page
      .getByRole('tab', { name: new RegExp(`^Review.* ${n} things? waits? for review`) })
      .waitFor();
  }
}

describe.skipIf(skipUnless('chromium'))('the console and feedback', () => {
  const browser = useBrowser(() => TestServer.startScripted([DRAGON]));

  it('V11: game masters get figures as people write, in words and numbers; a writer never gets any', async () => {
    const { owner: ann, invite } = await browser.host();
    const bo = await browser.person('Bo');
    const toBo = listen(bo);
    await bo.takesSeat(invite());
    const toAnn = listen(ann);
    await ann.page.reload();
    await ann.isSeated();
    await opensConsole(ann);
    await ann.isFocused(consoleOf(ann));
    await ann.page.getByRole('tab', { name: /^Health/, selected: true }).waitFor();
    await part(ann, 'How it goes').getByText('2 people are here', { exact: false }).waitFor();
    await ann.writes(HOUSE);
    await bo.writes('Bo ran to the boat.');
    await narrated(ann);
    const people = part(ann, 'Who writes how much').getByRole('list', { name: 'Everybody’s words' });
    await people.getByRole('listitem').filter({ hasText: 'Bo' }).getByText('5 words, 1 turn').waitFor();
    await people.getByRole('listitem').filter({ hasText: 'Narrator' }).waitFor();
    await part(ann, 'Who writes how much').getByText('One person wrote', { exact: false }).waitFor();
    const table = part(ann, 'Who writes how much').getByRole('table');
    expect(await table.innerText()).toContain('Bo: 5 words');
    await ann
      .passage(DRAGON)
      .getByRole('button', { name: /^Quality of this passage/ })
      .click();
    await dialog(ann).getByText('Fits what came before').waitFor();
    await ann.page.keyboard.press('Escape');

    expect(toAnn.some((frame) => frame.includes('"session:health"'))).toBe(true);
    expect(toBo.some((frame) => frame.includes('"session:welcome"'))).toBe(true);
    expect(toBo.filter((frame) => frame.includes('"session:health"'))).toEqual([]);
    expect(await bo.page.getByRole('tab', { name: /^Health/ }).count()).toBe(0);
    expect(await bo.button(BADGE).count()).toBe(0);
    await bo.page.keyboard.press('Alt+g');
    expect(await bo.page.getByRole('tab', { name: 'People', selected: true }).count()).toBe(1);
    expect(await bo.page.getByRole('button', { name: /^Quality of this passage/ }).count()).toBe(0);
  });

  it('V6 V9: an issue is told with what was done and why; left alone, it stays so after a reload', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    await ann.writes(HOUSE);
    await threeHeld(bo, ann);
    await ann.button(/^How the session is doing: Needs you/).click({ timeout: 40_000 });
    await part(ann, 'How it goes').getByText('3 texts were held in the last 10 minutes.').waitFor();
    const issues = part(ann, 'What stands out');
    const issue = issues.getByRole('listitem').filter({ hasText: 'Several texts were held' });
    await issue.getByText('You may want to pause and talk.', { exact: false }).waitFor();
    await part(ann, 'What the server did by itself').getByText('A word to the game masters').waitFor();
    await issue.getByRole('button', { name: /^Leave it alone/ }).click();
    await ann.page.getByRole('menuitem', { name: 'for 1 hour' }).click();
    await issue.getByText(/^Left alone until/).waitFor();
    await ann.page.reload();
    await ann.isSeated();
    await ann.page.keyboard.press('Alt+g');
    await ann.isFocused(consoleOf(ann));
    await issue.getByText(/^Left alone until/).waitFor();
    await issue.getByRole('button', { name: /^Leave it alone/ }).click();
    await ann.page.getByRole('menuitem', { name: 'Do something about it again' }).click();
    await issue.getByText(/^Left alone until/).waitFor({ state: 'detached' });
    await part(ann, 'What waits').getByRole('button', { name: 'Go to the review' }).click();
    await ann.page.getByRole('region', { name: 'Review', exact: true }).waitFor();
  });

  it('V8: a thread is made, found where it was last, paused, opened, told to the narrator, resolved', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    await ann.writes(HOUSE);
    await bo.writes('The lantern went out.');
    await opensConsole(ann);
    const threads = part(ann, 'Threads of the plot');
    await threads.getByLabel('Something the table wants to keep in sight').fill('Morwen wakes');
    await ann.page.keyboard.press('Enter');
    const thread = threads.getByRole('listitem').filter({ hasText: 'Morwen wakes' });
    await thread.getByText('in play').waitFor();
    expect(await threads.getByRole('textbox').inputValue()).toBe('');
    await thread.getByRole('button', { name: 'Pause “Morwen wakes”' }).click();
    await thread.getByText('paused').waitFor();
    await thread.getByRole('button', { name: 'Open “Morwen wakes” again' }).click();
    await thread.getByRole('button', { name: 'Remind the narrator of “Morwen wakes”' }).click();
    await thread.getByText('The narrator is reminded of it in its next passage.').waitFor();
    await bo.writes('Morwen wakes, said the bell.');
    await part(ann, 'Who writes how much').getByText('9 words, 2 turns').waitFor();
    await thread.getByRole('button', { name: 'Go to where “Morwen wakes” was last mentioned' }).click();
    await ann.isFocused(ann.passage('said the bell'));
    await thread.getByRole('button', { name: 'Mark “Morwen wakes” as resolved' }).click();
    await thread.waitFor({ state: 'detached' });
    // The button went with the thread: the keyboard is still in this part of the console.
    await ann.isFocused(threads);
    await threads.getByRole('button', { name: '1 thread is resolved' }).click();
    await thread.getByText('resolved', { exact: true }).waitFor();
  });

  it('F1 F2 F3: an opinion is one tap, is there after a reload, can be changed, and comes to the game masters', async () => {
    const { owner: ann, invite } = await browser.host();
    const eve = await browser.guest('Eve', invite('spectator'));
    await ann.writes(HOUSE);
    expect(await ann.passage(HOUSE).getByRole('button', { name: 'Good' }).count()).toBe(0);
    await narrated(ann);
    await judge(eve, 'Good').click();
    await expect.poll(() => judge(eve, 'Good').getAttribute('aria-pressed')).toBe('true');
    await judge(eve, 'Say more…').click();
    await dialog(eve).getByRole('radio', { name: '4 points of 5' }).check();
    await eve.page.keyboard.press('ArrowRight');
    await dialog(eve).getByLabel('In your words (if you like)').fill('I saw the stones.');
    await dialog(eve).getByRole('button', { name: 'Send' }).click();
    await eve.sees('Thank you. It is kept.');
    await eve.isFocused(judge(eve, 'Say more…'));

    await eve.page.reload();
    await eve.isSeated();
    await expect.poll(() => judge(eve, 'Good').getAttribute('aria-pressed')).toBe('true');
    await judge(eve, 'Say more…').click();
    expect(await dialog(eve).getByRole('radio', { name: '5 points of 5' }).isChecked()).toBe(true);
    expect(await dialog(eve).getByRole('textbox').inputValue()).toBe('I saw the stones.');
    await eve.page.keyboard.press('Escape');
    await judge(eve, 'This broke our story').click();
    await eve.sees('Thank you. The game masters are told.');
    expect(await judge(eve, 'Good').getAttribute('aria-pressed')).toBe('false');

    await ann.page.getByRole('tab', { name: /^Review/ }).click();
    const panel = ann.page.getByRole('region', { name: 'Review', exact: true });
    await panel.getByText('It broke our story', { exact: false }).waitFor();
    await panel.getByRole('button', { name: 'Go to the passage' }).click();
    await ann.isFocused(ann.passage(DRAGON));
    expect(await judge(ann, 'This broke our story').getAttribute('aria-pressed')).toBe('false');
  });

  it('F1: what the server does not take is taken back on the page, and said', async () => {
    const { owner: ann } = await browser.host();
    await ann.writes(HOUSE);
    await narrated(ann);
    ann.expects(/ERR_FAILED/);
    await ann.page.route('**/feedback', (route) => route.abort());
    await judge(ann, 'Good').click();
    await ann.page.locator('.toast[data-tone="problem"]').waitFor();
    expect(await judge(ann, 'Good').getAttribute('aria-pressed')).toBe('false');
    await ann.page.unroute('**/feedback');
    await judge(ann, 'Good').click();
    await ann.page.reload();
    await ann.isSeated();
    await expect.poll(() => judge(ann, 'Good').getAttribute('aria-pressed')).toBe('true');
  });

  for (const [look, options] of Object.entries(LOOKS)) {
    it(`V11: axe finds nothing serious in the console and in feedback (${look})`, async () => {
      const { owner: ann, invite } = await browser.host({}, options);
      const bo = await browser.guest('Bo', invite());
      await ann.writes(HOUSE);
      await bo.writes('Bo ran to the boat.');
      await narrated(bo);
      await ann.passage(DRAGON).waitFor();
      await judge(ann, 'Good').click();
      await judge(ann, 'Say more…').click();
      await dialog(ann).getByRole('button', { name: 'Send' }).waitFor();
      await isClean(ann, 'feedback');
      await ann.page.keyboard.press('Escape');
      await ann
        .passage(DRAGON)
        .getByRole('button', { name: /^Quality of this passage/ })
        .click();
      await dialog(ann).getByText('How this passage was measured').waitFor();
      await isClean(ann, 'quality');
      await ann.page.keyboard.press('Escape');
      await dialog(ann).waitFor({ state: 'detached' });
      await opensConsole(ann);
      await part(ann, 'Threads of the plot')
        .getByLabel('Something the table wants to keep in sight')
        .fill('The boat');
      await ann.page.keyboard.press('Enter');
      await part(ann, 'Threads of the plot').getByRole('listitem').filter({ hasText: 'The boat' }).waitFor();
      await consoleOf(ann).getByText('All figures, and what they mean').click();
      await isClean(ann, 'console');
      const overhang = await consoleOf(ann).evaluate((panel) => {
        const box = panel.closest('.panel-body') ?? panel;
        return box.scrollWidth - box.clientWidth;
      });
      expect(overhang).toBe(0);
    });
  }
});
