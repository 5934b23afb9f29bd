import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { useBrowser, type Person } from '../support/browser.ts';
import { skipUnless } from '../support/programs.ts';
import { TestServer } from '../support/taleloom.ts';

const CAST = [{ name: 'Ines Vale', description: 'ferry keeper' }];
const LOOKS = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  phone: { colorScheme: 'light', viewport: { width: 375, height: 812 }, hasTouch: true, isMobile: true },
} as const;

/** Serious and critical findings of axe on the page as it stands, each with the elements it is about. */
async function findings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary}`).join('\n')}`,
    );
}

async function isClean(person: Person, what: string): Promise<void> {
  expect(await findings(person.page), what).toEqual([]);
}

/** Opens a dialog of the session menu, looks at it, and closes it. */
async function isCleanDialog(person: Person, item: string, title: string): Promise<void> {
  await person.menu(item);
  const dialog = person.page.getByRole('dialog', { name: title });
  await dialog.waitFor();
  await isClean(person, title);
  await person.page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
}

describe.skipIf(skipUnless('chromium'))('axe finds nothing serious', () => {
  const browser = useBrowser(() => TestServer.startScripted(['The storm broke.', 'The storm broke again.']));

  for (const [look, options] of Object.entries(LOOKS)) {
    it(`on the start page, the doors and the error pages (${look})`, async () => {
      const { invite } = await browser.host();
      const bo = await browser.person('Bo', options);
      bo.expects(/status of 40[34]/);
      await bo.page.goto('/');
      await bo.sees('Sessions that you open or join will be listed here.');
      await bo.page.getByText('Turns, drafts and rating').click();
      await isClean(bo, 'start page');
      await bo.page.goto(invite());
      await bo.sees('You are invited as writer.');
      await isClean(bo, 'join page');
      await bo.page.goto('/s/0000000000000000000000000');
      await bo.sees('This session could not be opened');
      await isClean(bo, 'unknown session');
      await bo.page.goto('/nowhere');
      await bo.sees('There is nothing at this address');
      await isClean(bo, 'unknown address');
    });

    it(`in the room with story, drafts and panels (${look})`, async () => {
      const { owner: ann, invite } = await browser.host({ cast: CAST, premise: 'Low tide.' }, options);
      const bo = await browser.guest('Bo', invite(), { colorScheme: options.colorScheme });
      await isClean(ann, 'empty');
      await ann.writes('Ann wrote this.');
      await ann.button('Ask the narrator to continue').click();
      const narrated = ann.passage('The storm broke');
      await expect.poll(() => narrated.getAttribute('aria-busy')).toBe('false');
      await ann.passageMenu(narrated, 'Retry: another alternative');
      await ann.sees('2/2');
      await ann.open();
      await ann.page.keyboard.type('Half a ');
      await bo.types(bo.draftOf('Ann'), 'thought');
      await ann.readsDraft(ann.draft, 'Half a thought');
      await bo.open();
      await bo.page.keyboard.type('Another.');
      await ann.readsDraft(ann.draftOf('Bo'), 'Another.');
      await isClean(ann, 'story and drafts');
      await narrated.getByRole('button', { name: /^Actions for the passage/ }).click();
      await ann.page.getByRole('menuitem').first().waitFor();
      await isClean(ann, 'passage menu');
      await ann.page.keyboard.press('Escape');
      await ann.button('With a direction…').click();
      await ann.page.getByRole('dialog', { name: 'Ask the narrator' }).waitFor();
      await isClean(ann, 'direction form');
      await ann.page.keyboard.press('Escape');

      if (look === 'phone') await ann.button('People and table talk').click();
      await isClean(ann, 'people');
      await ann.panel('Cast');
      await isClean(ann, 'cast');
      await ann.panel('Table talk');
      await ann.page.getByLabel('Say something at the table').fill('hello');
      await ann.page.keyboard.press('Enter');
      await ann.page.getByRole('log').getByText('hello').waitFor();
      await isClean(ann, 'table talk');
    });

    it(`in the room while the narrator is busy (${look})`, async () => {
      browser.serve(
        await TestServer.startScripted([{ text: 'Never.', pieceMs: 600_000 }], { SHUTDOWN_SECONDS: '1' }),
      );
      const { owner: ann, invite } = await browser.host({}, options);
      const bo = await browser.guest('Bo', invite(), { colorScheme: options.colorScheme });
      for (const person of [ann, bo, bo, ann]) await person.button('Ask the narrator to continue').click();
      await ann.button('Show 1 more request').click();
      await expect.poll(() => ann.narrator.getByRole('listitem').count()).toBe(4);
      await isClean(ann, 'requests');
    });

    it(`in its dialogs and menus (${look})`, async () => {
      const { owner: ann } = await browser.host({ turnMode: 'ordered' }, options);
      await ann.button('Session menu').click();
      await ann.page.getByRole('menuitem').first().waitFor();
      await isClean(ann, 'session menu');
      await ann.page.keyboard.press('Escape');
      await isCleanDialog(ann, 'Session settings…', 'Session settings');
      await isCleanDialog(ann, 'Invite people…', 'Invite people');
      await isCleanDialog(ann, 'Change your name…', 'Change your name');
      await isCleanDialog(ann, 'About recovery…', 'If this browser is lost');
      await isCleanDialog(ann, 'Keys and help', 'Keys and help');
    });
  }
});
