import { describe, expect, it } from 'vitest';
import type { Locator } from 'playwright-core';
import { useBrowser, type Person } from '../support/browser.ts';
import { skipUnless } from '../support/programs.ts';
import { TestServer } from '../support/taleloom.ts';

const SHORT = 'A lamp was lit.';
const SLOW = 'The tide went out. '.repeat(12).trim();
const QUICK = 'Rain fell on the ferry. The bell rang twice, and nobody came down to the landing.';

/** The line of a request in the narrator's desk. */
const lineOf = (person: Person, name: string): Locator =>
  person.narrator.getByRole('listitem').filter({ hasText: name });

async function ask(person: Person): Promise<void> {
  await person.button('Ask the narrator to continue').click();
}

/** 0: it is being written, 1: next in line; null: the line is not there or says something else. */
function placeIn(line: string): number | null {
  if (/The narrator is (beginning|writing)…/.test(line)) return 0;
  if (line.includes('Next in line')) return 1;
  const place = /(\d+)(?:st|nd|rd|th) in line/.exec(line);
  return place === null ? null : Number(place[1]);
}

async function place(person: Person): Promise<number | null> {
  return placeIn(await lineOf(person, 'You').first().innerText());
}

/** Everything that the desk has said since `listen`. */
async function listen(person: Person): Promise<() => Promise<string[]>> {
  await person.narrator.evaluate((desk) => {
    const said: string[] = [];
    Object.assign(window, { said });
    new MutationObserver(() => said.push(desk.textContent)).observe(desk, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  return () => person.page.evaluate(() => (window as unknown as { said: string[] }).said);
}

describe.skipIf(skipUnless('chromium'))('the narrator’s queue', () => {
  const browser = useBrowser();

  async function host(name: string): Promise<Person> {
    return (await browser.host({ ownerName: name })).owner;
  }

  it('N10, N11, Q3: beside a session that floods it, others see their place move up, and all text arrives whole', async () => {
    const script = [
      { text: SHORT, pieceMs: 40 },
      { text: SLOW, pieceMs: 700 },
      { text: QUICK, pieceMs: 60 },
    ];
    browser.serve(await TestServer.startScripted(script, { MODEL_PARALLEL: '1' }));
    const [ann, fay] = await browser.table({}, 'Fay');
    const [bo, cy] = [await host('Bo'), await host('Cy')];
    const heardByCy = await listen(cy);
    // Until something has been measured nobody knows how long a turn takes.
    await ask(ann);
    await ann.reads([SHORT]);

    await ask(ann);
    await lineOf(ann, 'You').filter({ hasText: 'The narrator is' }).waitFor();
    for (const person of [ann, fay, fay]) await ask(person);
    await ann.sees('Show 1 more request');
    const again = ann.button('Ask the narrator to continue');
    expect(await again.getAttribute('aria-disabled')).toBe('true');
    expect(await again.getAttribute('title')).toContain('You have 2 requests with the narrator.');
    await ann.page.keyboard.press('Alt+Enter');
    await ann.sees(/You have 2 requests with the narrator; .* Try again in 5 seconds\./);

    await ask(bo);
    await lineOf(bo, 'You')
      .filter({ hasText: /in line, in (a moment|about)/ })
      .waitFor();
    await ask(cy);
    await lineOf(cy, 'You')
      .filter({ hasText: /in line, in (a moment|about)/ })
      .waitFor();
    const before = (await place(cy)) ?? 0;
    expect(before).toBeGreaterThan(1);
    await bo.button('Cancel your request to the narrator').click();
    await lineOf(bo, 'You').waitFor({ state: 'detached' });
    await bo.isFocused(bo.narrator);
    await expect.poll(() => place(cy)).toBe(before - 1);
    await ask(bo);

    await ann.button('Stop the narrator').click();
    await bo.reads([QUICK]);
    await cy.reads([QUICK]);
    await expect.poll(async () => (await fay.passages()).filter((text) => text === QUICK).length).toBe(3);
    const others = (await fay.passages()).filter((text) => text !== QUICK);
    expect(others[0]).toBe(SHORT);
    for (const text of others.slice(1)) expect(text).toMatch(/^(The tide went out\. ?)+$/);

    const places = (await heardByCy()).map(placeIn).filter((at) => at !== null);
    expect(places, 'only ever up, to the front').toEqual(places.toSorted((a, b) => b - a));
    expect([...new Set(places)].slice(-2)).toEqual([1, 0]);
    await cy.narrator.getByRole('listitem').waitFor({ state: 'detached' });
  });

  it('N11: screen readers hear who asked and what begins, never that places move', async () => {
    const script = [
      { text: SLOW, pieceMs: 700 },
      { text: QUICK, pieceMs: 40 },
    ];
    browser.serve(await TestServer.startScripted(script, { MODEL_PARALLEL: '1' }));
    const [ann, bo] = await browser.table({}, 'Bo');
    await bo.page.getByTestId('announce-narrator').evaluate((status) => {
      const said: string[] = [];
      Object.assign(window, { said });
      new MutationObserver(() => said.push(status.textContent)).observe(status, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    });
    await ask(ann);
    await bo.sees('The narrator is writing…');
    await ask(bo);
    await lineOf(bo, 'You').waitFor();
    await ask(ann);
    await lineOf(bo, 'Ann').nth(1).waitFor();
    await ann.button('Cancel your request to the narrator').click();
    await lineOf(bo, 'Ann').nth(1).waitFor({ state: 'detached' });
    await ann.button('Stop the narrator').click();
    await bo.passage(QUICK).waitFor();
    await lineOf(bo, 'You').waitFor({ state: 'detached' });
    const said = await bo.page.evaluate(() => (window as unknown as { said: string[] }).said);
    expect(said).toEqual([
      'Ann has asked the narrator.',
      'The narrator has begun a passage.',
      'You have asked the narrator.',
      'Ann has asked the narrator.',
      'The narrator has finished.',
      'The narrator has begun a passage.',
      'The narrator has finished.',
    ]);
  });
});
