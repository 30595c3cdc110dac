// A licence administrator who assigns twenty licences at once and takes two away again: on a phone,
// with the keyboard alone, and in a browser without script.
import {
  accessible, accessiblePlain, check, equal, fits, go, look, must, nameOf, none, PHONE, sql, swap,
  visit,
} from './support.mjs';
import { reach } from './way.mjs';
import { WORDS } from './words.mjs';

const CROWD = 45;
const BASE = 'standard';

export function addPeople() {
  const [[customer]] = sql("SELECT customer FROM person WHERE name = 'Hugo Perrin'");
  for (let number = 0; number < CROWD; number++) {
    const digits = String(number).padStart(2, '0');
    sql(`INSERT INTO person (id, customer, name, email, language, created_at) VALUES
      ('usr_crowd${digits.padStart(21, '0')}', '${customer}', 'Zoé Foule ${digits}',
       'zoe${digits}@fonderie-marsault.example', 'fr', 0)`);
  }
}

function assigned() {
  const [[count]] = sql(`SELECT assigned FROM subscription WHERE offer = '${BASE}'`);
  return count;
}

// The hands: what presses, ticks and writes.
const HANDS = {
  keyboard: (page) => ({
    press: async (locator) => { await reach(page, locator); await page.keyboard.press('Enter'); },
    tick: async (locator) => { await reach(page, locator); await page.keyboard.press('Space'); },
    write: async (locator, text) => { await reach(page, locator); await page.keyboard.type(text); },
  }),
  plain: () => ({
    press: (locator) => locator.click(),
    tick: (locator) => locator.click(),
    write: (locator, text) => locator.fill(text),
  }),
};

class Walk {
  constructor(page, complaints, scripted) {
    Object.assign(this, { page, complaints, scripted });
    this.hand = (scripted ? HANDS.keyboard : HANDS.plain)(page);
  }

  async at(name) {
    await fits(this.page);
    if (this.scripted) await look(this.page, name, this.complaints);
    else await accessiblePlain(this.page);
    none(this.complaints);
  }

  link(name) {
    return this.page.getByRole('link', { name, exact: true }).first();
  }

  button(name) {
    return this.page.getByRole('button', { name, exact: true }).first();
  }

  // With a script a pane opens, and the page is asked for a part of itself; without one it is left.
  async part(locator) {
    if (this.scripted) await swap(this.page, () => this.hand.press(locator));
    else await go(this.page, () => this.hand.press(locator));
  }

  async toLicenses() {
    await visit(this.page, '/', this.complaints);
    await go(this.page, () => this.hand.press(this.link(WORDS.billing)));
    await go(this.page, () => this.hand.press(this.link(nameOf(BASE))));
    await go(this.page, () => this.hand.press(this.link(WORDS.seeLicenses)));
  }

  async assignTwenty() {
    const before = assigned();
    await this.toLicenses();
    await this.part(this.link(WORDS.assign));
    await this.at('walk-assign');
    await this.search('foule');
    await this.part(this.button(WORDS.tickAll));
    equal(await this.page.locator('[name=user]:checked').count(), 20, 'ticked');
    await this.at('walk-assign-twenty');
    const said = this.page.locator('#effect');
    must(/18/.test(await said.innerText()), 'the effect names people');
    if (this.scripted) {
      const box = await said.boundingBox();
      must(box.y > 0 && box.y + box.height <= PHONE.height, 'the effect is out of sight');
      equal(await this.page.evaluate(() => document.activeElement.value), 'confirm', 'focus');
    }
    equal(assigned(), before, 'nothing is done yet');
    await go(this.page, () => this.hand.press(this.button(WORDS.confirm)));
    equal(assigned(), before + 20, 'assigned');
    await this.at('walk-assigned');
  }

  async search(text) {
    const field = this.page.locator('#people-q');
    if (!this.scripted) {
      await this.hand.write(field, text);
      return go(this.page, () => this.hand.press(this.button(WORDS.search)));
    }
    // A slow hand is answered at each pause: the answer to the whole word counts.
    await this.page.evaluate((wanted) => {
      window.found = new Promise((done) => {
        document.addEventListener('htmx:afterSettle', ({ detail }) => {
          if (detail.requestConfig?.parameters?.q === wanted) done();
        });
      });
    }, text);
    await this.hand.write(field, text);
    return this.page.evaluate(async () => { await window.found; });
  }

  // What is seen changes with each tick, and so does what is sent.
  async unassignTwo() {
    const before = assigned();
    await this.hand.tick(this.page.locator('[name=user]').nth(0));
    await this.hand.tick(this.page.locator('[name=user]').nth(1));
    await this.part(this.button(WORDS.unassign));
    await this.at('walk-unassign');
    equal(assigned(), before, 'nothing is done yet');
    await go(this.page, () => this.hand.press(this.button(WORDS.takeAway)));
    equal(assigned(), before - 2, 'taken away');
    await this.at('walk-unassigned');
  }

  // All licences of one person, saved in one go.
  async person() {
    await visit(this.page, '/users?q=foule+44', this.complaints);
    await go(this.page, () => this.hand.press(this.page.locator('a.row-link')));
    await this.hand.tick(this.page.getByLabel(nameOf(BASE), { exact: true }));
    await this.hand.tick(this.page.getByLabel(nameOf('mail-archive'), { exact: true }));
    await go(this.page, () => this.hand.press(this.button(WORDS.save)));
    await this.at('walk-person');
    equal(await this.page.locator('[name=license]:checked').count(), 2, 'both');
    await this.hand.tick(this.page.getByLabel(nameOf('mail-archive'), { exact: true }));
    await go(this.page, () => this.hand.press(this.button(WORDS.save)));
    await this.at('walk-person-loses');
    await go(this.page, () => this.hand.press(this.button(WORDS.confirm)));
    equal(await this.page.locator('[name=license]:checked').count(), 1, 'one is left');
  }
}

export async function licenses({ context, page, complaints, bare }) {
  await page.setViewportSize(PHONE);
  const walk = new Walk(page, complaints, true);
  await check('twenty licences by keyboard on a phone', () => walk.assignTwenty());
  await check('two are taken away by keyboard', () => walk.unassignTwo());
  await check('a person\'s licences by keyboard', () => walk.person());
  await check('a tick shows its effect at once', async () => {
    await visit(page, '/billing/licenses/' + sql(
      `SELECT id FROM subscription WHERE offer = 'complete'`)[0][0] + '/assign', complaints);
    await swap(page, () => page.locator('[name=user]').first().check());
    must(/\S/.test(await page.innerText('#effect')), 'no effect');
    await accessible(page);
    none(complaints);
  });
  sql("DELETE FROM license WHERE holder LIKE 'usr_crowd%'");
  sql('UPDATE subscription SET assigned = (SELECT COUNT(*) FROM license WHERE'
    + ' license.subscription = subscription.id)');
  const plain = new Walk(await bare(await context.storageState()), [], false);
  await check('twenty licences without script', () => plain.assignTwenty());
  await check('two are taken away without script', () => plain.unassignTwo());
  await check('a person\'s licences without script', () => plain.person());
}
