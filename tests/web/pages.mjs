// Every page and state that an address leads to: on a phone and on a desk, light and dark, with
// script and without, and what it weighs. What one has to do something for is in way.mjs and
// refusals.mjs.
import {
  accessiblePlain, api, check, fits, forgive, language, look, MEMBER, must, none, open, PHONE,
  prefer, share, signIn, sql, visit,
} from './support.mjs';

// Name, and where it is. {standard}: the subscription of this offer; {storage}: an add-on of it.
const PAGES = [
  ['home', '/'],
  ['home-dashboard', '/', { view: 'dashboard' }],
  ['products', '/billing/products'],
  ['products-past-due', '/billing/products?status=past_due'],
  ['products-empty', '/billing/products?q=nothing+of+this+name'],
  ['details', '/billing/products/{standard}'],
  ['details-yearly', '/billing/products/{complete}', { view: 'dashboard' }],
  ['details-past-due', '/billing/products/{files}'],
  ['details-expired', '/billing/products/{basic}'],
  ['details-trial', '/billing/products/{field}'],
  ['details-addon', '/billing/products/{storage}'],
  ['details-standalone', '/billing/products/{guides}'],
  ['pane-addons', '/billing/products/{standard}/addons'],
  ['pane-addons-none', '/billing/products/{files}/addons'],
  ['pane-licenses', '/billing/products/{standard}/licenses'],
  ['pane-recurring', '/billing/products/{standard}/recurring'],
  ['pane-cancel', '/billing/products/{standard}/cancel'],
  ['pane-cancel-yearly', '/billing/products/{complete}/cancel'],
  ['pane-cancel-trial', '/billing/products/{field}/cancel'],
  ['pane-reactivate', '/billing/products/{basic}/reactivate'],
  ['pane-frequency', '/billing/products/{standard}/frequency'],
  ['pane-frequency-effect', '/billing/products/{standard}/frequency?plan=standard_P1Y_yearly'],
  ['pane-plan', '/billing/products/{standard}/plan'],
  ['pane-plan-effect', '/billing/products/{standard}/plan?plan=basic_P1M_monthly'],
  ['pane-plan-renewal', '/billing/products/{standard}/plan?plan=basic_P1M_monthly&when=renewal'],
  ['pane-plan-past-due', '/billing/products/{files}/plan'],
  ['pane-method', '/billing/products/{standard}/method'],
  ['pane-method-effect', '/billing/products/{standard}/method?for=all&payment_method={transfer}'],
  ['pane-method-past-due', '/billing/products/{files}/method?payment_method={card}'],
  ['pane-method-new', '/billing/products/{standard}/method/new'],
  ['pane-trial', '/billing/products/{field}/trial'],
  ['pane-extend-off', '/billing/products/{field}/extend'],
  ['pane-recurring-scheduled', '/billing/products/{complete}/recurring?on=no'],
  ['purchase', '/billing/purchase', { view: 'dashboard' }],
  ['purchase-for', '/billing/purchase?for={standard}'],
  ['purchase-none', '/billing/purchase?q=nothing+of+this+name'],
  ['unavailable', '/billing/purchase/unavailable'],
  ['product-base', '/billing/purchase/standard'],
  ['product-addon', '/billing/purchase/multi-region?for={standard}'],
  ['product-standalone', '/billing/purchase/guides'],
  ['product-refused', '/billing/purchase/meeting-rooms'],
  ['product-off-sale', '/billing/purchase/fax'],
  ['bills', '/billing/invoices', { view: 'dashboard' }],
  ['bills-all', '/billing/invoices?period=all&sort=total'],
  ['bills-unpaid', '/billing/invoices?unpaid=yes'],
  ['bills-none', '/billing/invoices?q=FA-1999-1'],
  ['bill', '/billing/invoices/{bill}'],
  ['bill-unpaid', '/billing/invoices/{unpaid}'],
  ['bill-credit', '/billing/invoices/{credit}'],
  ['accounts', '/billing/accounts', { view: 'dashboard' }],
  ['account', '/billing/accounts/{account}'],
  ['pane-account', '/billing/accounts/{account}/edit'],
  ['pay', '/billing/accounts/{account}/pay'],
  ['pay-method', '/billing/accounts/{account}/pay/method'],
  ['orders', '/billing/orders', { view: 'dashboard' }],
  ['orders-none', '/billing/orders?account=acc_none'],
  ['credit', '/billing/credit', { view: 'dashboard' }],
  ['refund', '/billing/accounts/{account}/refund'],
  ['compare', '/billing/invoices/{recurring}/compare'],
  ['compare-none', '/billing/invoices/{bill}/compare'],
  ['licenses', '/billing/licenses', { view: 'dashboard' }],
  ['license', '/billing/licenses/{standard}'],
  ['license-none', '/billing/licenses/{guides}'],
  ['pane-assign', '/billing/licenses/{standard}/assign'],
  ['pane-assign-base', '/billing/licenses/{mail-archive}/assign'],
  ['pane-unassign', '/billing/licenses/{standard}/unassign'],
  ['own-licenses', '/licenses'],
  ['users', '/users'],
  ['person', '/users/{person}'],
  ['storage', '/billing/storage'],
  ['support', '/support'],
  ['support-new', '/support/new'],
  ['support-removal', '/support/new?subscription={storage}'],
  ['not-found', '/billing/nowhere', { status: 404 }],
];

// Of what is cancelled then; its credit pays what was past due.
const LATER = [
  ['details-disabled', '/billing/products/{disabled}'],
  ['pane-delete', '/billing/products/{disabled}/delete'],
];

// Of a page that a browser without script gets the same of, and that has no form of its own.
const PLAIN = PAGES.filter(([, , more]) => !more?.view);

// The first invoice, one that is unpaid, a credit note, and the dearest that has one before it.
async function learnBills() {
  const invoices = (await api.get('/v1/invoices?limit=100')).data;
  const notes = (await api.get('/v1/credit_notes?limit=1')).data;
  const again = invoices.filter(({ order }, at) =>
    order && invoices.slice(at + 1).some((earlier) => earlier.order === order));
  again.sort((a, b) => b.total.amount - a.total.amount);
  return {
    account: invoices[0].account,
    recurring: again[0]?.id,
    bill: invoices.at(-1)?.id, unpaid: invoices.find(({ unpaid }) => unpaid.amount > 0)?.id,
    credit: notes[0]?.id,
  };
}

// What was bought and cancelled, with a reason: the demonstration has nothing that is disabled.
async function makeDisabled(account) {
  const order = await api.post('/v1/orders', {
    account, lines: [{ offer: 'audio-meetings', quantity: 1, term: 'P1Y', billing: 'yearly' }],
  });
  const id = order.lines[0].subscription;
  await api.post(`/v1/subscriptions/${id}/cancel`, {
    reason: 'unused', feedback: language === 'fr' ? 'Personne ne s’en sert.' : 'Nobody uses it.',
  });
  return id;
}

async function learn() {
  const { data } = await api.get('/v1/subscriptions?limit=100');
  const found = Object.fromEntries(data.map(({ offer, id }) => [offer, id]));
  const [[person]] = sql("SELECT id FROM person WHERE name = 'Hugo Perrin'");
  const methods = (await api.get('/v1/payment_methods')).data;
  const paying = data.find(({ offer }) => offer === 'standard').payment_method;
  return {
    ...found, storage: found['extra-storage'], person, card: paying,
    transfer: methods.find(({ kind }) => kind === 'transfer').id,
    account: data[0].account, ...await learnBills(),
  };
}

function fill(path, ids) {
  return path.replace(/\{([\w-]+)\}/g, (all, name) => {
    must(ids[name], `nothing that is ${name}`);
    return ids[name];
  });
}

async function gate(browser) {
  const { context, complaints } = await open(browser);
  const page = await context.newPage();
  await check('sign-in', async () => {
    await visit(page, '/sign-in', complaints);
    await look(page, 'sign-in', complaints);
  });
  await check('sign-in refuses a wrong password', async () => {
    await page.fill('[name=email]', 'nobody@nowhere.example');
    await page.fill('[name=password]', 'not the password');
    await page.click('main .btn-primary');
    await page.waitForSelector('[role=alert]');
    forgive(complaints, 422);
    await look(page, 'sign-in-refused', complaints);
  });
  await check('what one may not see', async () => {
    await visit(page, '/sign-in', complaints);
    await signIn(page, MEMBER);
    await prefer(page, 'lang', (await page.evaluate(() => navigator.language)).slice(0, 2));
    await visit(page, '/billing/products', complaints, 403);
    await look(page, 'forbidden', complaints);
  });
  await context.close();
}

async function every(browser, state, ids, rows) {
  const { context, complaints } = await open(browser, { storageState: state });
  const page = await context.newPage();
  for (const [name, path, { status, view } = {}] of rows) {
    await check(name, async () => {
      if (view) await prefer(page, 'view', view);
      await visit(page, fill(path, ids), complaints, status);
      await look(page, name, complaints);
      if (view) await prefer(page, 'view', 'simplified');
    });
  }
  await context.close();
}

async function plain(browser, state, ids) {
  const { context, complaints } = await open(browser, {
    javaScriptEnabled: false, storageState: state, viewport: PHONE,
  });
  const page = await context.newPage();
  await check('every page without script', async () => {
    const mine = share(PLAIN);
    for (const [, path, { status } = {}] of mine) {
      await visit(page, fill(path, ids), complaints, status);
      await fits(page);
      await accessiblePlain(page);
      none(complaints);
    }
    return `${mine.length} pages`;
  });
  await context.close();
}

// Bytes of all answers on the wire, head and body, of one visit.
async function weigh(page, path) {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  let bytes = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => { bytes += encodedDataLength; });
  await page.goto(path, { waitUntil: 'networkidle' });
  await session.detach();
  return bytes;
}

async function weights(browser, state, ids) {
  const { context } = await open(browser, { storageState: state });
  const page = await context.newPage();
  await check('the first visit is within 100 KB', async () => {
    const first = await weigh(page, '/billing/products');
    must(first > 0 && first <= 100 * 1024, `${first} bytes`);
    return `${first} bytes`;
  });
  await check('every later page is within 15 KB', async () => {
    let [most, whose] = [0, ''];
    for (const [name, path] of share(PLAIN).filter(([, , more]) => !more?.status)) {
      const bytes = await weigh(page, fill(path, ids));
      must(bytes > 0 && bytes <= 15 * 1024, `${name}: ${bytes} bytes`);
      if (bytes > most) [most, whose] = [bytes, name];
    }
    return `${most} bytes at most, ${whose}`;
  });
  await context.close();
}

export async function pages(browser, state) {
  const ids = await learn();
  await gate(browser);
  await every(browser, state, ids, PAGES);
  await plain(browser, state, ids);
  await weights(browser, state, ids);
  await every(browser, state, { disabled: await makeDisabled(ids.account) }, LATER);
}
