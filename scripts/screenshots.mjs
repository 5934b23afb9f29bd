// Makes the pictures of the README in docs/images/ from a real session: two writers in their own browsers and the
// bundled model as narrator. Needs Chromium (CHROMIUM_PATH names another one). Run: npm run docs:screenshots
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { root, run } from './steps.mjs';

const executablePath = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
  (path) => path && existsSync(path),
);
const images = join(root, 'docs/images');
const DESK = { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 };
const PHONE = { viewport: { width: 375, height: 812 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
/** Alternatives of one narrator passage, and sessions begun anew, before a passage is good enough to be shown. */
const TRIES = 3;
const SESSIONS = 100;

// A nursery tale: the bundled model is tiny and was brought up on those.
const SESSION = {
  title: 'The Fox and the Lamp',
  premise: 'A little fox keeps a lamp burning for the boats.',
  ownerName: 'Mara',
  rating: 'everyone',
  cast: [
    { name: 'The fox', description: 'small, brave, keeps the lamp' },
    { name: 'The old owl', description: 'has seen every boat on the river' },
  ],
};

const OPERATOR_TOKEN = 'pictures-of-the-operators-page';
const SETTINGS = {
  OPERATOR_TOKEN,
  HOST: '127.0.0.1',
  PORT: '0',
  SESSIONS_PER_MINUTE: '1000',
  JOINS_PER_MINUTE: '1000',
  NARRATOR_ASKS_PER_MINUTE: '600',
};

/** Starts a server over an empty folder; answers its address and how to stop it. */
async function startServer() {
  const dataDir = mkdtempSync(join(tmpdir(), 'taleloom-pictures-'));
  const server = spawn(process.execPath, ['dist/server/main.js'], {
    cwd: root,
    env: { ...process.env, ...SETTINGS, DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  const url = await new Promise((resolve, reject) => {
    server.once('exit', (code) => reject(new Error(`The server ended with ${code}.`)));
    server.stdout.on('data', (chunk) => {
      output += chunk;
      const address = /ready[^]*?(http:\/\/[\w.]+:\d+)/.exec(output);
      if (address !== null) resolve(address[1]);
    });
  });
  const stop = async () => {
    server.kill('SIGTERM');
    if (server.exitCode === null) await once(server, 'exit');
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { url, stop };
}

const button = (page, name) => page.getByRole('button', { name, exact: true });
const box = (page, name) => page.getByRole('textbox', { name }).and(page.locator('.cm-content'));
const narrated = (page) => page.locator('article[data-kind="narrator"]').last();

async function seat(browser, of) {
  const context = await browser.newContext({ baseURL: of.url, reducedMotion: 'reduce', ...of.window });
  const page = await context.newPage();
  await page.goto(of.link);
  if (of.name !== undefined) {
    await page.getByLabel('Your name at the table').fill(of.name);
    await button(page, 'Take a seat').click();
  }
  await page.getByRole('region', { name: 'Story', exact: true }).waitFor();
  await page.getByText('Saved', { exact: true }).waitFor();
  return page;
}

/** Types at the end of somebody's draft and waits until the other one sees it. */
async function type(page, draftName, text) {
  await box(page, draftName).click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(text);
}

/** A passage by two people: one begins, the other goes on, the first commits. */
async function writeTogether(first, second, parts) {
  await button(first.page, 'Write a passage').click();
  await box(first.page, 'Your passage').waitFor();
  for (const [at, text] of parts.entries()) {
    const isFirst = at % 2 === 0;
    const writer = isFirst ? first : second;
    const reader = isFirst ? second : first;
    const name = (person) => (person === first ? 'Your passage' : `${first.name}’s open passage`);
    await type(writer.page, name(writer), text);
    await reader.page.locator('section.draft').getByText(text.trim().slice(-12)).waitFor();
    // Its last space has arrived too: what is typed at the same time may end up before it.
    await writer.page.getByText('Saved', { exact: true }).waitFor();
  }
  await first.page.keyboard.press('Control+End');
  await box(first.page, 'Your passage').press('Control+Enter');
  await box(first.page, 'Your passage').waitFor({ state: 'detached' });
}

/** Whether a passage of the small model is fit to be seen: short, whole, about this story, and no stammering. */
function readsWell(text) {
  const words = text.toLowerCase().match(/[a-z’']+/g) ?? [];
  const triples = words.map((_, at) => words.slice(at, at + 3).join(' '));
  const isStammering =
    triples.length - new Set(triples).size > 1 || words.some((word, at) => word === words[at + 1]);
  const isWhole = /^["“A-Z]/.test(text) && /[.!?”"]$/.test(text) && !/\n+[a-z]/.test(text);
  const isStray =
    /\b(king|queen|prince|princess|mom|sword|castle|angel|girl|boy|man|woman|lesson|moral)s?\b/i.test(text);
  const isOurs = !isStray && words.includes('fox') && (words.includes('hat') || words.includes('boat'));
  const isClosed = (text.match(/["“”]/g) ?? []).length % 2 === 0;
  return !isStammering && isWhole && isOurs && isClosed && words.length >= 30 && words.length <= 75;
}

async function idle(page) {
  await page.locator('.narrator-turn').first().waitFor({ state: 'detached', timeout: 120_000 });
}

/** Asks the narrator, and again for other alternatives; whether one of them reads well. */
async function narrate(page) {
  await button(page, 'Ask the narrator to continue').click({ timeout: 60_000 });
  for (let tries = 1; ; tries += 1) {
    await page.locator('.passage[data-kind="narrator"][aria-busy="true"]').waitFor({ timeout: 60_000 });
    await idle(page);
    const text = (await narrated(page).locator('.prose').innerText()).trim();
    const isGood = readsWell(text);
    console.log(`${isGood ? 'Good' : 'Not good'}: ${text.replace(/\s+/g, ' ')}\n`);
    if (isGood || tries === TRIES) return isGood;
    await narrated(page)
      .getByRole('button', { name: /^Actions for the passage/ })
      .click();
    await page.getByRole('menuitem', { name: 'Retry: another alternative' }).click();
  }
}

async function say(page, text) {
  await page.getByRole('tab', { name: 'Table talk' }).click();
  await page.getByLabel('Say something at the table').fill(text);
  await page.keyboard.press('Enter');
  await page.getByRole('log').getByText(text).waitFor();
}

async function shoot(page, name) {
  const path = join(images, `${name}.png`);
  await page.screenshot({ path });
  console.log(`${name}.png: ${Math.ceil(statSync(path).size / 1024)} kB`);
}

/** A session of Mara and Bo up to the narrator's passage; null: the narrator was not at its best. */
async function begin(browser, url) {
  const host = await browser.newContext({ baseURL: url });
  const created = await (await host.request.post('/api/sessions', { data: SESSION })).json();
  const state = await host.storageState();
  await host.close();
  const path = `/s/${created.sessionId}`;
  const { secret } = created.invites.find((one) => one.role === 'writer');
  const window = { ...DESK, storageState: state, colorScheme: 'light' };
  const mara = { name: 'Mara', page: await seat(browser, { url, window, link: path }) };
  const bo = {
    name: 'Bo',
    page: await seat(browser, { url, window: DESK, link: `${path}#invite=${secret}`, name: 'Bo' }),
  };
  await writeTogether(mara, bo, [
    'Once there was a little fox who lived by a big river. ',
    'Every night she lit a lamp, so that the boats could find their way home. ',
    'She had never missed a night.',
  ]);
  await writeTogether(bo, mara, [
    'One night a small boat came out of the dark, and there was nobody in it. ',
    'The fox looked inside. There was only a red hat.',
  ]);
  if (await narrate(mara.page)) return { mara, bo, state, path };
  for (const { page } of [mara, bo]) await page.context().close();
  return null;
}

async function play(browser, url) {
  let begun = null;
  for (let sessions = 0; begun === null && sessions < SESSIONS; sessions += 1)
    begun = await begin(browser, url);
  if (begun === null) throw new Error('The narrator wrote nothing that reads well. Run it again.');
  const { mara, bo } = begun;
  await say(bo.page, 'A hat! I want to know whose it is.');
  await say(mara.page, 'Ask the owl, she has seen every boat.');
  await say(bo.page, 'You begin, I do the owl?');
  await say(mara.page, 'Other way round: you begin :)');
  await button(bo.page, 'Write a passage').click();
  await type(bo.page, 'Your passage', 'The old owl turned the hat around. ');
  await type(mara.page, 'Bo’s open passage', '“I know this hat,” she said, ');
  await type(bo.page, 'Your passage', '“and I know who will come to fetch it');
  await mara.page.locator('.caret-name', { hasText: 'Bo' }).waitFor();
  await mara.page.getByLabel('Say something at the table').focus();
  return begun;
}

/** The preview of a rollback, and the story as it stood. */
async function goBack(page) {
  await page.emulateMedia({ colorScheme: 'light' });
  const passage = page.locator('article', { hasText: 'red hat' }).first();
  await passage.hover();
  await passage.getByRole('button').first().click();
  await page.getByRole('menuitem', { name: /^Take out/ }).click();
  await page.getByRole('button', { name: /^Take back/ }).waitFor();
  await shoot(page, 'rollback');
  await page.keyboard.press('Escape');
  await page.getByRole('tab', { name: 'History' }).click();
  const slider = page.getByRole('slider');
  await slider.focus();
  await page.keyboard.press('ArrowLeft');
  await page.getByRole('region', { name: 'Story as it was' }).locator('article').first().waitFor();
  await shoot(page, 'timeline');
}

/** The game master's console, beside the story and on a phone. */
async function lookAtConsole(page, phone) {
  await page.goto(page.url());
  await page.locator('article').first().waitFor();
  await page.keyboard.press('Alt+g');
  await page.getByRole('heading', { name: 'How it goes' }).waitFor();
  await page.getByText(/active in the last/).waitFor();
  await shoot(page, 'console');
  await phone.keyboard.press('Alt+g');
  await phone.getByRole('heading', { name: 'How it goes' }).waitFor();
  await phone.getByText(/active in the last/).waitFor();
  await shoot(phone, 'console-phone');
}

/** Signs in at the operators' page. */
async function asOperator(browser, url, window) {
  const page = await (await browser.newContext(window)).newPage();
  await page.goto(`${url}/ops`);
  await page.locator('input[type=password]').fill(OPERATOR_TOKEN);
  await page.keyboard.press('Enter');
  await page
    .getByText('Signed in as operator')
    .or(page.getByRole('heading', { name: 'Overview' }))
    .first()
    .waitFor();
  return page;
}

async function lookAtOperations(browser, url) {
  const page = await asOperator(browser, url, DESK);
  await page.getByText('Narrator queue').waitFor();
  await shoot(page, 'ops');
  await page.goto(`${url}/ops/on-call`);
  await page.getByText('First text after the slot').waitFor();
  await page.locator('canvas').first().waitFor();
  await shoot(page, 'ops-board');
  const phone = await asOperator(browser, url, PHONE);
  await phone.getByText('Narrator queue').waitFor();
  await shoot(phone, 'ops-phone');
}

async function main() {
  if (executablePath === undefined) throw new Error('Chromium is not installed: apt-get install chromium');
  const built = await run(process.execPath, ['scripts/build.mjs']);
  if (built !== 0) throw new Error('The build failed.');
  mkdirSync(images, { recursive: true });
  const server = await startServer();
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'];
  const browser = await chromium.launch({ executablePath, args });
  try {
    const { mara, bo, state, path } = await play(browser, server.url);
    const dismiss = mara.page.getByRole('button', { name: 'Dismiss' });
    if (await dismiss.isVisible()) await dismiss.click();
    await bo.page.keyboard.type('.');
    await mara.page.locator('section.draft').getByText('fetch it.').waitFor();
    await shoot(mara.page, 'room-light');
    await mara.page.emulateMedia({ colorScheme: 'dark' });
    await mara.page.getByRole('tab', { name: 'People' }).click();
    await mara.page.mouse.move(0, 0);
    await bo.page.keyboard.press('ArrowLeft');
    await shoot(mara.page, 'room-dark');
    const window = { ...PHONE, storageState: state };
    const phone = await seat(browser, { url: server.url, window, link: path });
    const dismissOnPhone = phone.getByRole('button', { name: 'Dismiss' });
    if (await dismissOnPhone.isVisible()) await dismissOnPhone.click();
    await bo.page.keyboard.press('ArrowRight');
    await phone.locator('.caret-name', { hasText: 'Bo' }).waitFor();
    await shoot(phone, 'room-phone');
    await goBack(mara.page);
    await lookAtConsole(mara.page, phone);
    await lookAtOperations(browser, server.url);
  } finally {
    await browser.close();
    await server.stop();
  }
}

await main();
