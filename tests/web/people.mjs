// What people see whose role leaves something out, and the pages of the seller's staff. What is
// off says whom to ask, and none of it can be pressed.
import { addPeople, licenses } from './licenses.mjs';
import {
  agreement, api, check, equal, fits, go, language, look, must, none, open, PERSON, PHONE, prefer,
  signIn, visit, withBrowser,
} from './support.mjs';

const AT = '@fonderie-marsault.example';
const SUPPORT = 'nadia.lefort@orvane.example';
// Who, and pages: name, address, status.
const PEOPLE = [
  ['reader', `louise.garnier${AT}`, [
    ['details', '/billing/products/{standard}'],
    ['product', '/billing/purchase/basic'],
    ['support', '/support'],
    ['request', '/support/{request}'],
    ['roles', '/roles'],
    ['forbidden', '/billing/products/{standard}/licenses', 403],
  ]],
  ['license', `ines.delattre${AT}`, [
    ['home', '/'],
    ['products', '/billing/products'],
    ['details', '/billing/products/{standard}'],
    ['licences', '/billing/licenses'],
    ['holders', '/billing/licenses/{standard}'],
    ['storage', '/billing/storage'],
    ['forbidden', '/billing/purchase', 403],
  ]],
  ['member', `theo.roussel${AT}`, [['home', '/'], ['own', '/licenses']]],
  ['seller-support', SUPPORT, [
    ['console', '/seller'],
    ['requests', '/seller/support'],
    ['requests-none', '/seller/support?state=declined'],
    ['removal', '/seller/support/{request}'],
    ['question', '/seller/support/{question}'],
  ]],
  ['seller-auditor', 'guillaume.sorel@orvane.example', [['console', '/seller']]],
  ['agreement', 'anke.lindenhof@lindenhof-geraetebau.example', [
    ['details', '/billing/products/{agreed}'],
    ['pane-licenses', '/billing/products/{agreed}/licenses'],
    ['pane-frequency', '/billing/products/{agreed}/frequency'],
    ['pane-plan', '/billing/products/{agreed}/plan'],
    ['pane-cancel', '/billing/products/{agreed}/cancel'],
  ]],
  ['accountant', 'claire.vasseur@cabinet-vasseur.example', [['choose', '/choose-organization']]],
];

async function prepare() {
  const { data } = await api.get('/v1/subscriptions?status=active&limit=100');
  const addon = data.find(({ offer }) => offer === 'mail-archive');
  must(addon, 'no add-on to remove');
  const ask = (body) => api.post('/v1/support_requests', body);
  const removal = await ask({
    kind: 'remove_addon', subscription: addon.id, message: 'Nobody uses it. Please remove it.',
  });
  const question = await ask({ kind: 'other', message: 'Which plan has an archive?' });
  const agreed = (await agreement.get('/v1/subscriptions?status=active')).data
    .find(({ offer }) => offer !== 'extra-storage');
  return {
    standard: addon.parent, request: removal.id, question: question.id, agreed: agreed.id,
  };
}

function fill(path, ids) {
  return path.replace(/\{(\w+)\}/, (all, name) => ids[name]);
}

// Everything that is off says why beside it, and leads nowhere.
async function offHasReason(page) {
  const off = await page.locator('[aria-disabled=true]').evaluateAll((all) =>
    all.map((one) => [one.innerText, one.hasAttribute('href'),
      one.parentElement.querySelector('.off-why')?.innerText ?? '']));
  for (const [label, leads, why] of off) must(!leads && why.length > 20, `${label}: ${why}`);
  return off.length;
}

async function enter(browser, email) {
  const { context, complaints } = await open(browser);
  const page = await context.newPage();
  await page.goto('/sign-in');
  await signIn(page, email);
  await prefer(page, 'lang', language);
  return { context, page, complaints };
}

async function sees(browser, [role, email, pages], ids) {
  const { context, page, complaints } = await enter(browser, email);
  for (const [name, path, status] of pages) {
    await check(`${role} sees ${name}`, async () => {
      await visit(page, fill(path, ids), complaints, status);
      await look(page, `${role}-${name}`, complaints);
      return `${await offHasReason(page)} off`;
    });
  }
  await check(`${role} without script`, async () => {
    const state = await context.storageState();
    const { context: bare } = await open(browser, {
      javaScriptEnabled: false, storageState: state, viewport: PHONE,
    });
    const plain = await bare.newPage();
    for (const [, path, status] of pages) {
      await visit(plain, fill(path, ids), [], status);
      await fits(plain);
    }
    await bare.close();
  });
  await context.close();
}

// From the console to the removal by keyboard; the customer then finds the answer.
async function removes(browser, state, ids) {
  const { context, page, complaints } = await enter(browser, SUPPORT);
  await check('support removes an add-on by keyboard', async () => {
    await visit(page, '/seller', complaints);
    await page.focus('.tile');
    await go(page, () => page.keyboard.press('Enter'));
    await page.focus(`a[href="/seller/support/${ids.request}"]`);
    await go(page, () => page.keyboard.press('Enter'));
    const due = await page.innerText('.due-amount');
    must(/\d/.test(due), `no amount: ${due}`);
    await page.focus('#answer');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('Gone.');
    await page.keyboard.press('Tab');
    equal(await page.evaluate(() => document.activeElement.value), 'remove', 'focus');
    await go(page, () => page.keyboard.press('Enter'));
    equal(await page.locator('form button[name=do]').count(), 0, 'buttons that are left');
    await look(page, 'seller-support-answered', complaints);
    none(complaints);
    return due;
  });
  await context.close();
  const { context: theirs, complaints: others } = await open(browser, { storageState: state });
  const customer = await theirs.newPage();
  await check('the customer finds the answer of support', async () => {
    await visit(customer, `/support/${ids.request}`, others);
    must((await customer.innerText('main')).includes('Gone.'), 'no answer');
    await look(customer, 'request-answered', others);
  });
  await theirs.close();
}

await withBrowser(async (browser) => {
  const { context } = await enter(browser, PERSON);
  const state = await context.storageState();
  await context.close();
  const ids = await prepare();
  for (const person of PEOPLE) await sees(browser, person, ids);
  addPeople();
  const administrator = await enter(browser, `ines.delattre${AT}`);
  await licenses({
    ...administrator,
    bare: async (storageState) => (await open(browser, {
      javaScriptEnabled: false, storageState, viewport: PHONE,
    })).context.newPage(),
  });
  await administrator.context.close();
  await removes(browser, state, ids);
});
