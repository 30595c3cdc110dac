// One Chromium for all cases; what every page is held to while they run: nothing on the console,
// no request that leaves the server, and the rules of axe.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const BROWSER = '/usr/bin/chromium-headless-shell';
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const SCREENSHOTS = 'build/screenshots';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PATIENCE_MS = 15000;
const LIMIT_MS = 300000;

// What run.py says: the server's address, the language of this run, the store, the API keys.
export const { address, language, store, keys } = JSON.parse(process.argv[2]);
export const PERSON = 'camille.marsault@fonderie-marsault.example';
export const MEMBER = 'theo.roussel@fonderie-marsault.example';
export const PASSWORD = 'try-the-add-ons';
export const PHONE = { width: 320, height: 640 };
export const DESK = { width: 1440, height: 900 };

const wanted = process.argv.slice(3);
let failed = 0;

function late() {
  return new Promise((_, fail) => {
    setTimeout(() => fail(new Error(`not done after ${LIMIT_MS / 1000} s`)), LIMIT_MS).unref();
  });
}

// A case prints one line; what it does not expect, it throws. Gives whether it went well.
export async function check(name, run) {
  if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) return false;
  const began = Date.now();
  try {
    const said = await Promise.race([run(), late()]);
    const took = `${((Date.now() - began) / 1000).toFixed(1)} s`;
    console.log(`ok ${name}, ${language} (${said ? `${said}, ` : ''}${took})`);
    return true;
  } catch (error) {
    failed += 1;
    const [first, ...rest] = String(error.stack ?? error).split('\n');
    console.log(`FAILED ${name}, ${language}: ${[first, ...rest.slice(0, 12)].join('\n    ')}`);
    return false;
  }
}

export function must(truth, why) {
  if (!truth) throw new Error(why);
}

export function equal(got, expected, what) {
  const [seen, hoped] = [JSON.stringify(got), JSON.stringify(expected)];
  must(seen === hoped, `${what}: expected ${hoped}, got ${seen}`);
}

export async function withBrowser(run) {
  mkdirSync(SCREENSHOTS, { recursive: true });
  const browser = await chromium.launch({ executablePath: BROWSER, args: FLAGS });
  try {
    await run(browser);
  } finally {
    await browser.close();
  }
  process.exitCode = failed > 0 ? 1 : 0;
}

// A context and the complaints of its pages. `options` are Playwright's.
export async function open(browser, options = {}) {
  const context = await browser.newContext({
    baseURL: address,
    locale: language === 'fr' ? 'fr-FR' : 'en-GB',
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const complaints = [];
  context.on('request', (request) => {
    if (!request.url().startsWith(address)) complaints.push(`asks ${request.url()}`);
  });
  context.on('console', (message) =>
    complaints.push(`console: ${message.text()} (${message.location().url})`));
  context.on('weberror', (error) => complaints.push(`error: ${error.error().message}`));
  return { context, complaints };
}

// Chromium itself says of every answer from 400 on that it has come; one of this status may have.
export function forgive(complaints, status) {
  const at = complaints.findIndex((text) => text.includes(`status of ${status}`));
  if (at >= 0) complaints.splice(at, 1);
}

// A page says of each question that another has overtaken that it was given up.
export function forgiveOvertaken(complaints) {
  const others = complaints.filter((text) => !/htmx:(sendAbort|afterRequest)\b/.test(text));
  complaints.splice(0, complaints.length, ...others);
}

// Opens an address, whose answer must have this status.
export async function visit(page, path, complaints, status = 200) {
  const answer = await page.goto(path);
  must(answer.status() === status, `${path}: ${answer.status()}`);
  if (status >= 400) forgive(complaints, status);
}

export async function signIn(page, email = PERSON) {
  await page.fill('[name=email]', email);
  await page.fill('[name=password]', PASSWORD);
  await Promise.all([page.waitForURL((url) => url.pathname !== '/sign-in'),
    page.click('main .btn-primary')]);
}

// Keeps a preference of the person: language, view or theme.
export async function prefer(page, name, value) {
  await page.goto('/');
  await page.evaluate(async ([field, wanted]) => {
    const body = new URLSearchParams({ [field]: wanted, back: '/' });
    body.set('csrf', document.querySelector('[name=csrf]').value);
    await fetch('/preferences', { method: 'POST', body });
  }, [name, value]);
}

// Presses what leads to another page, and waits until that one is there.
export async function go(page, press) {
  await Promise.all([page.waitForEvent('load'), press()]);
}

// Does what makes the page ask for a part of itself, and waits until that is in its place.
export async function swap(page, run) {
  if (await page.evaluate(() => !window.htmx)) return run();
  return page.evaluate(() => {
    window.settled = new Promise((done) => {
      document.addEventListener('htmx:afterSettle', done, { once: true });
    });
  }).then(run).then(() => page.evaluate(async () => { await window.settled; }));
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

// Where scripts are off axe cannot run either: it judges the same text in a page of the same size
// where only ours is kept out.
export async function accessiblePlain(page) {
  const context = await page.context().browser().newContext({ viewport: page.viewportSize() });
  const twin = await context.newPage();
  const body = await page.content();
  await twin.route('**/*.js', (route) => route.abort());
  await twin.route(page.url(), (route) => route.fulfill({ body, contentType: 'text/html' }));
  await twin.goto(page.url());
  await accessible(twin);
  await context.close();
}

export async function fits(page) {
  const [inner, outer, widest] = await page.evaluate(() => {
    const width = document.documentElement.scrollWidth;
    const sticks = (element) => element.getBoundingClientRect().right > window.innerWidth;
    const out = width > window.innerWidth ? [...document.body.querySelectorAll('*')].filter(sticks)
      : [];
    const heads = out.slice(-3).map((element) => element.outerHTML.slice(0, 90));
    return [width, window.innerWidth, heads];
  });
  must(inner <= outer, `${inner} pixels wide in a window of ${outer}: ${widest.join('\n')}`);
}

// A page in its language, on a phone and on a desk, light and dark. Without ANNEX_LONG the two
// languages share the looks: in the one it is seen on a phone, in the other on a desk, and light in
// the one, dark in the other; that it fits is asked of both sizes in both.
export async function look(page, name, complaints) {
  must(await page.getAttribute('html', 'lang') === language, `not in ${language}`);
  const title = await page.title();
  must(!/\?\?|[a-z]+\.[a-z_]+/.test(title.replace(/ · .*/, '')), `title ${title}`);
  const text = await page.innerText('body');
  must(!/\{\w+\}|undefined|\?\?\?/.test(text), `not all is filled in: ${text}`);
  const before = page.viewportSize();
  const pane = await page.locator('dialog.pane[open]').count() > 0;
  for (const size of [PHONE, DESK]) {
    await page.setViewportSize(size);
    await fits(page);
    for (const scheme of themesOf(size, name)) {
      await page.emulateMedia({ colorScheme: scheme });
      await accessible(page);
      const file = `${SCREENSHOTS}/${name}-${language}-${size.width}-${scheme}.png`;
      writeFileSync(file, await page.screenshot({ fullPage: !pane }));
    }
  }
  await page.emulateMedia({ colorScheme: null });
  await page.setViewportSize(before);
  none(complaints);
}

function themesOf(size, name) {
  if (process.env.ANNEX_LONG) return ['light', 'dark'];
  if ((size === PHONE) !== (language === 'en')) return [];
  return [(name.length % 2 === 0) === (language === 'en') ? 'light' : 'dark'];
}

// Without ANNEX_LONG: the half of a list that is this language's.
export function share(list) {
  const mine = language === 'en' ? 0 : 1;
  return process.env.ANNEX_LONG ? list : list.filter((_, place) => place % 2 === mine);
}

// The store, and other hands than the browser's --------------------------------------------------

// One statement past the program; gives its rows.
export function sql(statement) {
  const script = 'import json, sqlite3, sys\n' +
    'with sqlite3.connect(sys.argv[1], timeout=30) as store:\n' +
    '    print(json.dumps(store.execute(sys.argv[2]).fetchall()))\n';
  const arguments_ = ['-c', script, store, statement];
  return JSON.parse(execFileSync('python3', arguments_, { encoding: 'utf8' }));
}

async function ask(key, method, path, body) {
  const answer = await fetch(address + path, {
    method,
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  must(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text);
}

const OWN = keys['Fonderie Marsault'].global;
export const api = {
  get: (path) => ask(OWN, 'GET', path),
  post: (path, body) => ask(OWN, 'POST', path, body),
  publish: (catalog) => ask(keys.seller.owner, 'POST', '/v1/catalog_versions', catalog),
};

export async function balance(account) {
  return (await api.get(`/v1/billing_accounts/${account}/credit_balance`)).balance.amount;
}

// Else it would pay what the next cases buy.
export async function giveCreditBack(account) {
  if (await balance(account) > 0) await api.post(`/v1/billing_accounts/${account}/refund`, {});
}

// What the customer with an agreement account has.
export const agreement = {
  get: (path) => ask(keys['Lindenhof Gerätebau GmbH'].global, 'GET', path),
};

export const catalog = JSON.parse(readFileSync('demo/catalog.json', 'utf8'));

export function nameOf(offer) {
  return catalog.offers.find(({ id }) => id === offer).name[language];
}
