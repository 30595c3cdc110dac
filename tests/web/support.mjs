// One Chromium for all cases; what every page is held to while they run: nothing on the console,
// no request that leaves the server, and the rules of axe.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const SCREENSHOTS = 'build/screenshots';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const address = process.argv[2];
export const PERSON = 'camille.marsault@fonderie-marsault.example';
export const PASSWORD = 'try-the-add-ons';

const wanted = process.argv.slice(3);
let failed = 0;

// A case prints one line; what it does not expect, it throws.
export async function check(name, run) {
  if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) return;
  try {
    const said = await run();
    console.log(`ok ${name}${said ? ` (${said})` : ''}`);
  } catch (error) {
    failed += 1;
    const [first, ...rest] = String(error.message ?? error).split('\n');
    console.log(`FAILED ${name}: ${[first, ...rest.slice(0, 12)].join('\n    ')}`);
  }
}

export function must(truth, why) {
  if (!truth) throw new Error(why);
}

export async function withBrowser(run) {
  mkdirSync(SCREENSHOTS, { recursive: true });
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
  try {
    await run(browser);
  } finally {
    await browser.close();
  }
  process.exitCode = failed > 0 ? 1 : 0;
}

// A context and the complaints of its pages. `options` are Playwright's.
export async function open(browser, language, options = {}) {
  const context = await browser.newContext({
    baseURL: address,
    locale: language === 'fr' ? 'fr-FR' : 'en-GB',
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(10000);
  const complaints = [];
  context.on('request', (request) => {
    if (!request.url().startsWith(address)) complaints.push(`asks ${request.url()}`);
  });
  context.on('console', (message) => complaints.push(`console: ${message.text()}`));
  context.on('weberror', (error) => complaints.push(`error: ${error.error().message}`));
  return { context, complaints };
}

export async function signIn(page) {
  await page.goto('/sign-in');
  await page.fill('[name=email]', PERSON);
  await page.fill('[name=password]', PASSWORD);
  await Promise.all([page.waitForURL((url) => url.pathname !== '/sign-in'),
    page.click('main .btn-primary')]);
}

export function none(complaints) {
  const all = complaints.splice(0);
  must(all.length === 0, all.join('\n'));
}

// Axe runs past the page's policy: its text is evaluated by the driver, not by the page.
export async function accessible(page) {
  await page.evaluate(`window.axe || (() => { ${AXE} })()`);
  const violations = await page.evaluate(async () =>
    (await window.axe.run(document, { resultTypes: ['violations'] })).violations
      .map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)} ${nodes[0].failureSummary}`));
  must(violations.length === 0, violations.join('\n'));
}

export async function fits(page) {
  const [inner, outer] = await page.evaluate(() =>
    [document.documentElement.scrollWidth, window.innerWidth]);
  must(inner <= outer, `${inner} pixels wide in a window of ${outer}`);
}

export async function picture(page, name) {
  writeFileSync(`${SCREENSHOTS}/${name}.png`, await page.screenshot({ fullPage: true }));
}
