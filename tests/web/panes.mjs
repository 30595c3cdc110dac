// What one does with a subscription on its page, from its plan to its deletion, each in a pane that
// shows the effect first: by the keyboard alone, and in a browser without script.
import {
  api, check, DESK, forgiveOvertaken, giveCreditBack, must, open, PHONE, signIn, sql,
} from './support.mjs';
import { keyboard, pointer, Walk } from './way.mjs';
import { WORDS } from './words.mjs';

// Where in the settings each Change stands.
const FREQUENCY = 1;
const METHOD = 2;
const SOON_DAYS = 10; // so that a trial can be extended

// A subscription of its own with an add-on, for what ends it.
async function buy() {
  const { data } = await api.get('/v1/subscriptions?limit=100');
  const { account, payment_method: method } = data.findLast(({ offer }) => offer === 'standard');
  const order = (lines) => api.post('/v1/orders', { account, payment_method: method, lines });
  const made = await order([{ offer: 'basic', quantity: 3, term: 'P1M', billing: 'monthly' }]);
  const id = made.lines[0].subscription;
  await order([{ offer: 'extra-storage', quantity: 10, connect_to: id }]);
  const methods = (await api.get('/v1/payment_methods')).data;
  return { id, account, transfer: methods.find(({ kind }) => kind === 'transfer').id };
}

// A trial that ends soon: begun for the keyboard, the demonstration's own without script.
async function trial(scripted) {
  const offer = scripted ? 'standard' : 'field';
  const find = async () => (await api.get('/v1/subscriptions?status=trial&limit=100')).data
    .find((sub) => sub.offer === offer);
  const held = (await api.get('/v1/subscriptions?limit=100')).data.find(({ parent }) => !parent);
  if (scripted) {
    await api.post('/v1/orders', {
      account: held.account, payment_method: held.payment_method,
      lines: [{ offer, trial: true, term: 'P1M', billing: 'monthly' }],
    });
  }
  const { id } = await find();
  const end = new Date(Date.now() + SOON_DAYS * 86400000).toISOString().slice(0, 10);
  sql(`UPDATE subscription SET trial_end = '${end}', period_end = '${end}', term_end = '${end}'` +
    ` WHERE id = '${id}'`);
  return { id, end };
}

class Owner extends Walk {
  change(place) {
    const settings = this.page.locator('section').filter({ has: this.page.locator('#settings') });
    return settings.getByRole('link', { name: WORDS.change, exact: true }).nth(place);
  }

  // Opens a pane, chooses, and saves what it shows.
  async choose(opener, name, choices, label = WORDS.save) {
    await this.pane(opener, `pane-${name}`);
    for (const [field, value] of choices) {
      await this.hand.press(this.page.locator(`[name="${field}"][value="${value}"]`));
    }
    await this.page.waitForLoadState('networkidle');
    forgiveOvertaken(this.complaints);
    await this.save(label);
  }

  // What the change has made of it, as the API has it.
  async became(id, what) {
    const now = await api.get(`/v1/subscriptions/${id}`);
    for (const [name, value] of Object.entries(what)) {
      must(now[name] === value, `${name}: ${now[name]}, not ${value}`);
    }
  }

  async trial({ id, end }) {
    await this.page.goto(`/billing/products/${id}`);
    await this.choose(this.link(WORDS.extend), 'extend', [], WORDS.extend);
    const { trial_end: later } = await api.get(`/v1/subscriptions/${id}`);
    must(later > end, `still until ${later}`);
    await this.choose(this.link(WORDS.buyTrial), 'trial', [], WORDS.buyTrial);
    await this.became(id, { status: 'active', recurring_billing: true });
  }

  async whole({ id, transfer }) {
    await this.page.goto(`/billing/products/${id}`);
    await this.choose(this.link(WORDS.plan), 'plan', [['plan', 'standard_P1M_monthly']]);
    await this.became(id, { offer: 'standard' });
    await this.choose(this.change(FREQUENCY), 'frequency', [['plan', 'standard_P1Y_yearly']]);
    await this.became(id, { term: 'P1Y', billing: 'yearly' });
    await this.choose(this.change(METHOD), 'method', [['payment_method', transfer]]);
    await this.became(id, { payment_method: transfer });
    await this.pane(this.link(WORDS.cancel), 'pane-cancel');
    await this.hand.take(this.page.locator('[name=reason]'), WORDS.costly);
    await this.hand.write(this.page.locator('[name=feedback]'), 'Twice the price.');
    await this.save(WORDS.cancel);
    await this.became(id, { status: 'disabled' });
    await this.page.getByText(WORDS.costly).waitFor();
    await this.page.getByText('Twice the price.').waitFor();
    await this.choose(this.link(WORDS.delete), 'delete', [], WORDS.delete);
    await this.became(id, { status: 'deleted' });
  }
}

async function own(browser, name, { hand, options, scripted }) {
  const { context, complaints } = await open(browser, options);
  const page = await context.newPage();
  await check(name, async () => {
    await page.goto('/sign-in');
    await signIn(page);
    const owner = new Owner(page, hand(page), complaints, { scripted });
    await owner.trial(await trial(scripted));
    const bought = await buy();
    await owner.whole(bought);
    await giveCreditBack(bought.account);
  });
  await context.close();
}

export async function panes(browser) {
  await own(browser, 'every pane of a subscription by keyboard alone',
    { hand: keyboard, options: { viewport: DESK }, scripted: true });
  await own(browser, 'every pane of a subscription without script, on a phone', {
    hand: pointer, options: { viewport: PHONE, javaScriptEnabled: false }, scripted: false,
  });
}
