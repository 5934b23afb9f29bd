import { describe, expect, it } from 'vitest';
import type { Locator } from 'playwright-core';
import { useBrowser, type Person } from '../support/browser.ts';
import { skipUnless } from '../support/programs.ts';
import { TestServer, type ScriptedPassage } from '../support/taleloom.ts';

const STORM = 'The storm broke. Rain fell on the deck. Nobody spoke.';
const CAST = [{ name: 'Ines Vale', description: 'ferry keeper' }];
/** As good as never, for a narrator that only thinks. */
const NEVER_MS = 600_000;

/** A narrator passage by its text. */
const narrated = (person: Person, text: string): Locator => person.passage(text);

async function askFreely(person: Person): Promise<void> {
  await person.button('Ask the narrator to continue').click();
}

/** Opens the form for a direction or a speaker. */
async function directionForm(person: Person): Promise<Locator> {
  await person.button('With a direction…').click();
  const form = person.page.getByRole('dialog', { name: 'Ask the narrator' });
  await form.waitFor();
  return form;
}

/** Texts of the choices of a select. */
const choices = (select: Locator): Promise<string[]> => select.locator('option').allInnerTexts();

describe.skipIf(skipUnless('chromium'))('the narrator', () => {
  const browser = useBrowser();

  async function scripted(...passages: ScriptedPassage[]): Promise<void> {
    browser.serve(await TestServer.startScripted(passages));
  }

  it('N1: Alt+Enter lets the narrator go on while others type: no character and no focus is lost', async () => {
    await scripted({ text: STORM, pieceMs: 120 });
    const [ann, bo] = await browser.table({}, 'Bo');
    await ann.open();
    await ann.page.keyboard.type('Mine. ');
    await bo.open();
    const typed = 'Bo types on and on, whatever the narrator says. '.repeat(3);
    const typing = bo.page.keyboard.type(typed, { delay: 10 });
    await ann.page.keyboard.press('Alt+Enter');
    await bo.sees('The narrator is writing…');
    const streaming = bo.page.locator('article[aria-busy="true"]', { hasText: 'The storm broke.' });
    await streaming.waitFor();
    expect(await streaming.innerText()).not.toContain('Nobody spoke.');
    const news = bo.page.getByTestId('announce-narrator');
    await expect.poll(() => news.textContent()).toBe('The narrator has begun a passage.');
    await typing;
    await bo.reads([STORM]);
    await expect.poll(() => news.textContent()).toBe('The narrator has finished.');
    expect(await bo.textOf(bo.draft)).toBe(typed);
    await bo.isFocused(bo.draft);
    expect(await ann.textOf(ann.draft)).toBe('Mine. ');
    await ann.isFocused(ann.draft);
    expect(await bo.spans(narrated(bo, STORM))).toEqual([{ author: 'Narrator', text: STORM }]);
    await ann.readsDraft(ann.draftOf('Bo'), typed);
  });

  it('N1: it takes a direction and speaks as a cast member', async () => {
    await scripted({ text: STORM, pieceMs: 100 });
    const [ann, bo] = await browser.table({ cast: CAST }, 'Bo');
    const form = await directionForm(ann);
    await ann.isFocused(form.getByLabel('Direction'));
    await ann.page.keyboard.type('a storm breaks');
    await form.getByLabel('Speaking as').selectOption('Ines Vale');
    await form.getByRole('button', { name: 'Ask the narrator' }).click();
    await expect.poll(() => bo.narrator.innerText()).toContain('“a storm breaks”');
    await bo.reads([STORM]);
    await expect.poll(() => narrated(bo, STORM).innerText()).toContain('as Ines Vale');
  });

  it('N2 Q3: a request tells its place in the queue and can be cancelled, a running one stopped', async () => {
    await scripted({ text: STORM, pieceMs: NEVER_MS });
    const [ann, bo, cy] = await browser.table({}, 'Bo', 'Cy');
    await askFreely(ann);
    await bo.sees('The narrator is beginning…');
    await askFreely(bo);
    await bo.sees('Next in line');
    await ann.button('Cancel the request of Bo to the narrator').waitFor();
    await cy.sees('Next in line');
    expect(await cy.button(/^Cancel/).count()).toBe(0);
    await bo.button('Cancel your request to the narrator').click();
    await ann.button('Cancel the request of Bo to the narrator').waitFor({ state: 'detached' });
    await ann.button('Stop the narrator').click();
    await bo.page.getByText('The narrator is beginning…').waitFor({ state: 'detached' });
    expect(await bo.passages()).toEqual([]);
    await ann.sees('The first page is blank.');
  });

  it('N2: Esc stops the narrator and keeps its whole sentences', async () => {
    const end = ' and then the next bell'.repeat(100);
    await scripted({ text: `One bell rang. Another answered. Then the third bell${end}.`, pieceMs: 60 });
    const [ann, bo] = await browser.table({}, 'Bo');
    await ann.open();
    await ann.page.keyboard.type('I listen.');
    await ann.page.keyboard.press('Alt+Enter');
    await narrated(bo, 'Another answered.').waitFor();
    await bo.page.keyboard.press('Escape');
    await ann.page.keyboard.press('Escape');
    const passage = narrated(bo, 'One bell rang. Another answered.');
    await expect.poll(() => passage.innerText()).toContain('stopped');
    await bo.reads(['One bell rang. Another answered.']);
    expect(await ann.textOf(ann.draft)).toBe('I listen.');
    await ann.isFocused(ann.draft);
  });

  it('N3 W9: every narrator passage can be retried, and its alternatives chosen by arrows and keys', async () => {
    await scripted('First.', 'Second.', 'First again.', 'First once more.', 'Second again.');
    const [ann, bo] = await browser.table({}, 'Bo');
    await askFreely(ann);
    await bo.reads(['First.']);
    await askFreely(bo);
    await bo.reads(['First.', 'Second.']);
    const retry = 'Retry: another alternative';
    await bo.passageMenu(narrated(bo, 'First.'), retry);
    await bo.reads(['First again.', 'Second.']);
    await ann.passageMenu(narrated(ann, 'First again.'), retry);
    await bo.reads(['First once more.', 'Second.']);
    await ann.passageMenu(narrated(ann, 'Second.'), retry);
    await bo.reads(['First once more.', 'Second again.']);

    const first = (person: Person) => person.story.getByRole('article').first();
    await bo.sees('3/3');
    await first(bo).getByRole('button', { name: 'Previous alternative' }).click();
    await ann.reads(['First again.', 'Second again.']);
    await first(bo).getByText('Alternative 2 of 3').waitFor({ state: 'attached' });
    await first(bo).getByRole('button', { name: 'Previous alternative' }).press('ArrowLeft');
    await ann.reads(['First.', 'Second again.']);
    await bo.reads(['First.', 'Second again.']);
    await bo.isFocused(first(bo).getByRole('button', { name: 'Previous alternative' }));
    await bo.page.keyboard.press('ArrowLeft');
    await bo.page.keyboard.press('ArrowRight');
    await ann.reads(['First again.', 'Second again.']);

    await ann.open();
    await ann.page.keyboard.press('ArrowLeft');
    await bo.reads(['First again.', 'Second.']);
    await ann.reads(['First again.', 'Second.']);
    await ann.page.keyboard.press('ArrowRight');
    await bo.reads(['First again.', 'Second again.']);
    await ann.reads(['First again.', 'Second again.']);
    await ann.page.keyboard.type('x');
    await ann.page.keyboard.press('ArrowLeft');
    await ann.page.keyboard.type('y');
    expect(await ann.textOf(ann.draft)).toBe('yx');
    expect(await ann.passages()).toEqual(['First again.', 'Second again.']);
  });

  it('A9 W5: what a game master changes in a narrator passage is in their name', async () => {
    await scripted(STORM);
    const [ann, bo] = await browser.table({}, 'Bo');
    await askFreely(bo);
    await bo.reads([STORM]);
    expect(await bo.passageActions(narrated(bo, STORM))).not.toContain('Edit');
    await ann.passageMenu(narrated(ann, STORM), 'Edit');
    await ann.readsDraft(ann.draft, STORM);
    await ann.types(ann.draft, ' Until dawn.');
    await ann.draft.press('Control+Enter');
    await bo.reads([`${STORM} Until dawn.`]);
    const edited = bo.story.getByRole('article', { name: 'Passage by Narrator and Ann' });
    expect(await bo.spans(edited)).toEqual([
      { author: 'Narrator', text: STORM },
      { author: 'Ann', text: ' Until dawn.' },
    ]);
  });

  it('N4 P4: the narrator speaks for a played character only when its player allows it', async () => {
    await scripted('Rain fell. Ines Vale said, “I will go.” The lamp went out.');
    const [ann, bo] = await browser.table({ cast: CAST }, 'Bo');
    await bo.panel('Cast');
    await bo.button('Play Ines Vale').click();
    await bo.sees('played by you');
    await ann.panel('Cast');
    await ann.sees('played by Bo');
    const speakers = (await directionForm(ann)).getByLabel('Speaking as');
    expect(await choices(speakers)).toEqual(['the narrator']);
    await ann.page.keyboard.press('Escape');
    await askFreely(ann);
    await ann.reads(['Rain fell. The lamp went out.']);

    await bo.page.getByLabel('The narrator may speak for Ines Vale').click();
    await ann.sees('played by Bo; the narrator may speak for them');
    const form = await directionForm(ann);
    expect(await choices(speakers)).toEqual(['the narrator', 'Ines Vale']);
    await speakers.selectOption('Ines Vale');
    await form.getByRole('button', { name: 'Ask the narrator' }).click();
    await narrated(ann, 'Ines Vale said, “I will go.”').waitFor();
  });

  it('D5: a story with alternatives is the same after a reload', async () => {
    await scripted('First.', 'First again.');
    const [ann] = await browser.table({});
    await askFreely(ann);
    await ann.reads(['First.']);
    await ann.passageMenu(narrated(ann, 'First.'), 'Retry: another alternative');
    await ann.reads(['First again.']);
    await ann.page.reload();
    await ann.isSeated();
    await ann.reads(['First again.']);
    await ann.sees('2/2');
  });

  it('N1: the bundled model writes a passage into the story as it comes', async () => {
    browser.serve(await TestServer.start({ NARRATOR: 'on' }));
    const { owner: ann } = await browser.host({ premise: 'A lighthouse keeper finds a boat at low tide.' });
    await ann.sees('This is a small demo narrator.');
    await ann.writes('The boat lay where nobody had left it.');
    await expect.poll(() => ann.button('Ask the narrator to continue').isEnabled()).toBe(true);
    await ann.page.keyboard.press('Alt+Enter');
    const passage = ann.story.getByRole('article', { name: 'Passage by Narrator' });
    await passage.waitFor();
    const lengths = new Set<number>();
    await expect
      .poll(async () => {
        lengths.add((await passage.locator('.prose').innerText()).length);
        return passage.getAttribute('aria-busy');
      })
      .toBe('false');
    expect(lengths.size).toBeGreaterThan(1);
    expect(Math.max(...lengths)).toBeGreaterThan(40);
  });
});
