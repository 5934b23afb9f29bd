import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { useBrowser, type Person } from '../support/browser.ts';
import { skipUnless } from '../support/programs.ts';
import { TestServer } from '../support/taleloom.ts';

const PHONE = { viewport: { width: 375, height: 812 }, hasTouch: true, isMobile: true };
const STORM = 'The storm broke. Rain fell on the deck.';

/** Downloads from the export dialog; the name and text of the file. */
async function download(person: Person, item: string): Promise<{ name: string; text: string; path: string }> {
  const coming = person.page.waitForEvent('download');
  await person.menu('Export…');
  await person.page.getByRole('link', { name: item }).click();
  const file = await coming;
  const path = await file.path();
  await person.page.keyboard.press('Escape');
  await person.page.getByRole('dialog').waitFor({ state: 'detached' });
  return { name: file.suggestedFilename(), text: await readFile(path, 'utf8'), path };
}

/** What has the focus: its accessible name or text. */
async function focusName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const at = document.activeElement;
    if (at === null || at === document.body) return '';
    const isField = at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement;
    const labels = isField ? [...(at.labels ?? [])] : [];
    return at.getAttribute('aria-label') ?? labels[0]?.textContent ?? at.textContent;
  });
}

/** Presses Tab until something of that name has the focus, which must be seen to have it. */
async function tabTo(page: Page, name: string | RegExp, key = 'Tab'): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press(key);
    const now = await focusName(page);
    passed.push(now);
    if (typeof name === 'string' ? now === name : name.test(now)) return expectFocusShown(page);
  }
  throw new Error(`${String(name)} is not among what ${key} reaches: ${passed.join(' | ')}`);
}

async function expectFocusShown(page: Page): Promise<void> {
  const isShown = await page.evaluate(() => {
    const chain: Element[] = [];
    for (let at = document.activeElement; at !== null && chain.length < 4; at = at.parentElement)
      chain.push(at);
    const isMarked = (one: Element) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
      return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
    };
    const input = document.activeElement;
    const isField = input instanceof HTMLInputElement || input instanceof HTMLTextAreaElement;
    return chain.some(isMarked) || (isField && getComputedStyle(input).borderTopStyle === 'solid');
  });
  expect(isShown, `focus is seen on “${await focusName(page)}”`).toBe(true);
}

/** How much wider the page is than the window, in CSS pixels. */
const overhang = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** How bright the background of something is, 0-255. */
function brightness(page: Page, selector: string): Promise<number> {
  return page.evaluate((of) => {
    const colour = getComputedStyle(document.querySelector(of)!).backgroundColor;
    const canvas = document.createElement('canvas').getContext('2d')!;
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data;
    return (red + green + blue) / 3;
  }, selector);
}

describe.skipIf(skipUnless('chromium'))('the room', () => {
  const browser = useBrowser(() => TestServer.startScripted([STORM]));

  it('W10: table talk stands beside the story, and text is text', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    const hostile = '<img src=x onerror="document.title=1"> & **bold** https://example.org';
    await bo.panel('Table talk');
    await bo.sees('Talk about the story here, out of character.');
    await bo.page.getByLabel('Say something at the table').fill(hostile);
    await bo.page.keyboard.press('Enter');
    await ann.page.getByRole('tab', { name: 'Table talk 1 unread line' }).waitFor();
    await ann.panel('Table talk');
    const log = ann.page.getByRole('log', { name: 'Table talk' });
    await log.getByText(hostile, { exact: false }).waitFor();
    expect(await log.locator('img, a, strong:has-text("bold")').count()).toBe(0);
    await ann.page.getByRole('tab', { name: 'Table talk', exact: true }).waitFor();
    expect(await ann.passages()).toEqual([]);

    await bo.open();
    await bo.page.keyboard.type('<b>Bold</b> as *brass*.');
    await bo.page.keyboard.press('Control+Enter');
    await ann.reads(['<b>Bold</b> as brass.']);
    expect(await ann.story.locator('em').innerText()).toBe('brass');
    await ann.page.reload();
    await ann.isSeated();
    await ann.panel('Table talk');
    await log.getByText(hostile).waitFor();
    expect(await ann.page.title()).toBe('The Lost Boat · Taleloom');
  });

  it('X1 X2 X4: the story goes home as Markdown and as an archive, which opens as a new session', async () => {
    const [ann, bo] = await browser.table({ premise: 'Two keepers.' }, 'Bo');
    await ann.writes('Ann wrote this.');
    await bo.writes('Bo wrote that.');
    await ann.button('Ask the narrator to continue').click();
    const whole = ['Ann wrote this.', 'Bo wrote that.', STORM];
    await ann.reads(whole);
    const markdown = await download(ann, 'Export as Markdown');
    expect(markdown.name).toMatch(/\.md$/);
    expect(markdown.text).toContain('# The Lost Boat');
    for (const passage of whole) expect(markdown.text).toContain(passage);
    const archive = await download(bo, 'Export as Archive (JSON)');
    expect(archive.name).toMatch(/\.json$/);

    const cy = await browser.person('Cy');
    await cy.page.goto('/');
    const choosing = cy.page.waitForEvent('filechooser');
    await cy.button('Choose an archive').click();
    await (
      await choosing
    ).setFiles({ name: 'story.json', mimeType: 'application/json', buffer: Buffer.from(archive.text) });
    const form = cy.page.getByRole('region', { name: 'Bring a story back' });
    await form.getByLabel('Your name at the table').fill('Cy');
    await cy.button('Open “story.json”').click();
    await cy.button('I have kept it: go to the story').click();
    await cy.reads(whole);
    await cy.page.getByRole('article', { name: 'Passage by Ann' }).waitFor();
    await cy.page.getByRole('article', { name: 'Passage by Narrator' }).waitFor();
    await cy.page.getByRole('list', { name: 'Were here before' }).getByText('Bo').waitFor();
  });

  it('X3: a file that is no archive is refused in words', async () => {
    const cy = await browser.person('Cy');
    await cy.page.goto('/');
    const form = cy.page.getByRole('region', { name: 'Bring a story back' });
    for (const [content, words] of [
      ['not json', 'This file is not readable as JSON.'],
      ['{"format":"other"}', 'This file is not a Taleloom archive, or it is damaged.'],
    ] as const) {
      await form.locator('input[type="file"]').setInputFiles({
        name: 'story.json',
        mimeType: 'application/json',
        buffer: Buffer.from(content),
      });
      await form.getByLabel('Your name at the table').fill('Cy');
      await cy.button('Open “story.json”').click();
      await expect.poll(() => form.getByRole('alert').innerText()).toContain(words);
    }
    cy.expects(/status of 422/);
  });

  it('keyboard: a session is opened, written in and narrated without a mouse, and the focus is always seen', async () => {
    const ann = await browser.person('Ann');
    const { page } = ann;
    await page.goto('/');
    await tabTo(page, 'Title');
    await page.keyboard.type('By keys alone');
    await tabTo(page, 'Premise');
    await page.keyboard.type('No mouse in the house.');
    await tabTo(page, 'Your name at the table');
    await page.keyboard.type('Ann');
    await tabTo(page, 'Open the session');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Your session is open' }).waitFor();
    await tabTo(page, 'I have kept it: go to the story');
    await page.keyboard.press('Enter');
    await ann.isSeated();

    await page.reload();
    await ann.isSeated();
    await tabTo(page, 'Skip to the story');
    await tabTo(page, 'Skip to writing');
    await page.keyboard.press('Enter');
    await tabTo(page, 'Write a passage');
    await page.keyboard.press('Enter');
    await ann.isFocused(ann.draft);
    await page.keyboard.type('Typed.');
    await page.keyboard.press('Control+Enter');
    await ann.reads(['Typed.']);
    await ann.isFocused(ann.button('Write a passage'));
    await tabTo(page, 'Ask the narrator to continue');
    await page.keyboard.press('Alt+Enter');
    await ann.reads(['Typed.', STORM]);

    await tabTo(page, 'Actions for the passage by Narrator', 'Shift+Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Strike out' }).waitFor();
    await tabTo(page, 'Strike out', 'ArrowDown');
    await page.keyboard.press('Enter');
    await ann.reads(['Typed.']);
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keys and help' });
    await help.getByText('Alt + Enter').waitFor();
    for (const keys of ['Ctrl + Enter', 'Esc', '← →']) await help.getByText(keys, { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'detached' });
    await ann.open();
    await page.keyboard.type('Really?');
    expect(await help.count()).toBe(0);
    expect(await ann.textOf(ann.draft)).toBe('Really?');
  });

  it('phone: 375 px are enough for everything, without scrolling sideways', async () => {
    const { owner: ann, invite } = await browser.host({
      cast: [{ name: 'Ines Vale', description: 'ferry keeper' }],
    });
    const bo = await browser.person('Bo', PHONE);
    await bo.page.goto('/');
    await bo.page.getByRole('heading', { name: 'Begin a story' }).waitFor();
    expect(await overhang(bo.page)).toBe(0);
    await bo.takesSeat(invite());
    await bo.open();
    const long =
      'A long passage on a small screen. The ferry came late, the keeper counted her coins, and rain ran ' +
      'down the window where two strangers had been waiting since noon without a word.';
    await bo.page.keyboard.insertText(`${long} Un${'breakable'.repeat(10)}.`);
    expect(await overhang(bo.page)).toBe(0);
    await bo.button('Commit').tap();
    await ann.passage('A long passage on a small screen.').waitFor();
    await bo.button('Write a passage').waitFor();
    expect(await overhang(bo.page)).toBe(0);
    for (const name of ['Write a passage', 'Ask the narrator to continue', 'Session menu']) {
      const box = (await bo.button(name).boundingBox())!;
      expect(box.y + box.height, `${name} is in the window`).toBeLessThanOrEqual(812);
      expect(box.x + box.width, `${name} is in the window`).toBeLessThanOrEqual(375);
    }
    await bo.button('People and table talk').tap();
    await bo.panel('Cast');
    await bo.sees('Ines Vale');
    await bo.panel('Table talk');
    await bo.page.getByLabel('Say something at the table').fill('hello from the tram');
    await bo.button('Say').tap();
    await bo.sees('hello from the tram');
    expect(await overhang(bo.page)).toBe(0);
    await bo.button('Close the panel').tap();
    await bo.menu('Keys and help');
    await bo.sees('ask the narrator to continue');
    expect(await overhang(bo.page)).toBe(0);
  });

  it('dark and light: the page follows the system until somebody chooses', async () => {
    const { owner: ann } = await browser.host({}, { colorScheme: 'dark' });
    expect(await brightness(ann.page, 'body')).toBeLessThan(60);
    await ann.page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(() => brightness(ann.page, 'body')).toBeGreaterThan(200);
    await ann.button('Session menu').click();
    await ann.page.getByRole('menuitemradio', { name: 'Dark page' }).click();
    await expect.poll(() => brightness(ann.page, 'body')).toBeLessThan(60);
    await ann.page.reload();
    await ann.isSeated();
    expect(await brightness(ann.page, 'body')).toBeLessThan(60);
  });
});
