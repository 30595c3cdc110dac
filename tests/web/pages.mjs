// Every page and state, in both languages, on a phone and on a desk, light and dark, with script
// and without; then what people do with them.
import {
  accessible, address, check, fits, must, none, open, picture, signIn, withBrowser,
} from './support.mjs';
import { walks } from './walks.mjs';

const LANGUAGES = ['en', 'fr'];
const SIZES = [{ width: 320, height: 640 }, { width: 1440, height: 900 }];
const SCHEMES = ['light', 'dark'];

// Name, and where it is: an address, in which {id} is a subscription with add-ons.
const SUBSCRIPTION = 'Orvane Standard';
const PAGES = [
  ['home', '/'],
  ['home-dashboard', '/', { view: 'dashboard' }],
  ['products', '/billing/products'],
  ['products-past-due', '/billing/products?status=past_due'],
  ['products-empty', '/billing/products?q=nothing+of+this+name'],
  ['pane-addons', '/billing/products/{id}/addons'],
  ['pane-licenses', '/billing/products/{id}/licenses'],
  ['pane-recurring', '/billing/products/{id}/recurring'],
  ['pane-cancel', '/billing/products/{id}/cancel'],
  ['not-found', '/billing/nowhere', { status: 404 }],
];

let id = '';

// The first answer must have the status wanted; Chromium says others than 2xx on the console.
async function visit(page, path, complaints, status = 200) {
  const answer = await page.goto(path.replace('{id}', id));
  must(answer.status() === status, `${path}: ${answer.status()}`);
  if (status >= 400) {
    const at = complaints.findIndex((text) => text.includes(`status of ${status}`));
    if (at >= 0) complaints.splice(at, 1);
  }
}

async function learn(page) {
  await page.goto('/billing/products');
  const href = await page.getByRole('link', { name: SUBSCRIPTION, exact: true })
    .getAttribute('href');
  [id] = href.match(/sub_\w+/);
}

async function prefer(page, name, value) {
  await page.goto('/');
  await page.evaluate(async ([field, wanted]) => {
    const body = new URLSearchParams({ [field]: wanted, back: '/' });
    body.set('csrf', document.querySelector('[name=csrf]').value);
    await fetch('/preferences', { method: 'POST', body });
  }, [name, value]);
}

async function look(page, name, language, complaints) {
  must(await page.getAttribute('html', 'lang') === language, `not in ${language}`);
  const title = await page.title();
  must(!/\?\?|[a-z]+\.[a-z_]+/.test(title.replace(/ · .*/, '')), `title ${title}`);
  for (const scheme of SCHEMES) {
    await page.emulateMedia({ colorScheme: scheme });
    for (const size of SIZES) {
      await page.setViewportSize(size);
      await fits(page);
      await accessible(page);
      await picture(page, `${name}-${language}-${size.width}-${scheme}`);
    }
  }
  none(complaints);
}

async function plain(browser, state) {
  const { context, complaints } = await open(browser, 'en', {
    javaScriptEnabled: false, storageState: state, viewport: SIZES[0],
  });
  const page = await context.newPage();
  for (const [name, path, { status, view } = {}] of PAGES) {
    if (view) continue;
    await check(`${name} without script`, async () => {
      await visit(page, path, complaints, status);
      await fits(page);
      none(complaints);
    });
  }
  await context.close();
}

async function gate(browser, language) {
  const { context, complaints } = await open(browser, language);
  const page = await context.newPage();
  await check(`sign-in ${language}`, async () => {
    await visit(page, '/sign-in', complaints);
    await look(page, 'sign-in', language, complaints);
  });
  await check(`sign-in ${language} refuses a wrong password`, async () => {
    await page.fill('[name=email]', 'nobody@nowhere.example');
    await page.fill('[name=password]', 'not the password');
    await page.click('main .btn-primary');
    await page.waitForSelector('[role=alert]');
    complaints.splice(0, complaints.length,
      ...complaints.filter((text) => !/status of 4\d\d/.test(text)));
    await look(page, 'sign-in-refused', language, complaints);
  });
  await context.close();
}

async function everyPage(browser, language) {
  const { context, complaints } = await open(browser, language);
  const page = await context.newPage();
  await signIn(page);
  await prefer(page, 'lang', language);
  await learn(page);
  for (const [name, path, { status, view } = {}] of PAGES) {
    await check(`${name} ${language}`, async () => {
      if (view) await prefer(page, 'view', view);
      await visit(page, path, complaints, status);
      await look(page, name, language, complaints);
      if (view) await prefer(page, 'view', 'simplified');
    });
  }
  const state = await context.storageState();
  await context.close();
  return state;
}

// Bytes of all answers on the wire, head and body, from the next visit until `run` is done.
async function weigh(page, run) {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  let bytes = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => { bytes += encodedDataLength; });
  await run();
  await page.waitForLoadState('networkidle');
  await session.detach();
  return bytes;
}

async function weights(browser, state) {
  const { context } = await open(browser, 'en', { storageState: state });
  const page = await context.newPage();
  const first = await weigh(page, () => page.goto('/billing/products'));
  await check('first visit within 100 KB', async () => {
    must(first <= 100 * 1024, `${first} bytes`);
    return `${first} bytes`;
  });
  for (const [name, path, { status } = {}] of PAGES.filter(([, , more]) => !more?.view)) {
    if (status) continue;
    await check(`${name} within 15 KB afterwards`, async () => {
      const bytes = await weigh(page, () => page.goto(path.replace('{id}', id)));
      must(bytes > 0 && bytes <= 15 * 1024, `${bytes} bytes`);
      return `${bytes} bytes`;
    });
  }
  await context.close();
}

await withBrowser(async (browser) => {
  console.log(`# ${browser.version()}, ${address}`);
  let state;
  for (const language of LANGUAGES) {
    await gate(browser, language);
    state = await everyPage(browser, language);
  }
  await plain(browser, state);
  await weights(browser, state);
  await walks(browser, state);
});
