import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closedWeeks, dueOf, isLate } from '../../jobs/digest/digest-week.ts';
import type { Manager } from '../../src/core/deals/manager.ts';
import type { MailOutcome } from '../../src/ports/mailer.ts';
import { type MondayCompany, managerOf, mondayCompany } from '../support/monday-company.ts';
import { enginesFor, type OpenedStore } from '../support/store-engines.ts';

const START = '2026-10-19T03:00:00Z';
const ZONES = ['Europe/Paris', 'America/New_York', 'Pacific/Auckland', 'Pacific/Pago_Pago', 'Africa/Cairo'];
/** Always there, so that every week can be accounted for; the other one comes, goes and changes. */
const CONSTANT = 'claire';
const CHANGING = 'marc';

type Step =
  | { readonly kind: 'wait'; readonly minutes: number; readonly schedulers: number }
  | { readonly kind: 'jump'; readonly hours: number }
  | { readonly kind: 'zone'; readonly who: string; readonly zone: string }
  | { readonly kind: 'address'; readonly who: string; readonly name: string }
  | { readonly kind: 'choice'; readonly who: string; readonly choice: 'on' | 'off' | 'pause' }
  | { readonly kind: 'leave' }
  | { readonly kind: 'crm'; readonly away: boolean }
  | { readonly kind: 'mail'; readonly outcome: MailOutcome['kind'] };

const who = fc.constantFrom(CONSTANT, CHANGING);
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      minutes: fc.constantFrom(1, 7, 30, 60, 119, 240, 600, 1440, 2160, 4000),
      schedulers: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('jump' as const), hours: fc.constantFrom(2, -2, 8 * 24) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('zone' as const), who, zone: fc.constantFrom(...ZONES) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('address' as const), who, name: fc.constantFrom('a', 'b') }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('choice' as const),
      who,
      choice: fc.constantFrom('on' as const, 'off' as const, 'pause' as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'leave' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crm' as const), away: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('mail' as const),
      outcome: fc.constantFrom(
        'sent' as const,
        'sent' as const,
        'unsent' as const,
        'uncertain' as const,
        'refused' as const,
      ),
    }),
  },
);

class Life {
  readonly company: MondayCompany;
  readonly wrong: string[] = [];
  /** Message-IDs that left or may have left, with how often. */
  readonly handed = new Map<string, number>();
  #managers: readonly Manager[];
  #outcome: MailOutcome['kind'] = 'sent';

  constructor(company: MondayCompany, managers: readonly Manager[]) {
    this.company = company;
    this.#managers = managers;
    company.mailer = {
      ...company.mailer,
      send: async (mail) => {
        await this.#judge(mail.messageId, mail.to);
        const kind = this.#outcome;
        return kind === 'sent' ? { kind, response: '250' } : { kind, code: 'SMTP_TRY_LATER' };
      },
    };
  }

  /** Every mail is looked at as it leaves: is it this person's, wanted, in its hours, and the first of its week? */
  async #judge(messageId: string, to: { readonly name: string; readonly address: string }): Promise<void> {
    const { now } = this.company;
    const row = (await this.company.rows()).find(({ id }) => messageId === `<digest.${id}@jalon.example>`);
    const manager = this.#managers.find(({ name }) => name === to.name);
    if (row === undefined) this.wrong.push(`${messageId}: no row`);
    else if (manager === undefined) this.wrong.push(`${row.isoWeek}: ${to.name} has left`);
    else {
      if (manager.email !== to.address) this.wrong.push(`${row.isoWeek}: old address ${to.address}`);
      const due = dueOf(row.isoWeek, manager, now);
      if (due.kind !== 'send') this.wrong.push(`${row.isoWeek} ${to.name} at ${now}: ${JSON.stringify(due)}`);
      if (row.late !== isLate(row.isoWeek, manager.zone, now))
        this.wrong.push(`${row.isoWeek} late is ${row.late}`);
    }
    if (this.#outcome === 'sent' || this.#outcome === 'uncertain')
      this.handed.set(messageId, (this.handed.get(messageId) ?? 0) + 1);
  }

  async take(step: Step): Promise<void> {
    if (step.kind === 'wait') this.company.now = this.company.now.add({ minutes: step.minutes });
    if (step.kind === 'jump') this.company.now = this.company.now.add({ hours: step.hours });
    if (step.kind === 'zone') await this.#change(step.who, { zone: step.zone });
    if (step.kind === 'address')
      await this.#change(step.who, { email: `${step.name}.${step.who}@company.example` });
    if (step.kind === 'choice') await this.#change(step.who, this.#chosen(step.choice));
    if (step.kind === 'leave') await this.#set(this.#managers.filter(({ name }) => name !== CHANGING));
    if (step.kind === 'crm') this.company.crmIsAway = step.away;
    if (step.kind === 'mail') this.#outcome = step.outcome;
    await this.company.minute(step.kind === 'wait' ? step.schedulers : 1);
  }

  #chosen(choice: 'on' | 'off' | 'pause'): Partial<Manager> {
    const until = this.company.now.toZonedDateTimeISO('UTC').toPlainDate().add({ weeks: 1 });
    return choice === 'pause'
      ? { digest: 'on', digestPausedUntil: until }
      : { digest: choice, digestPausedUntil: null };
  }

  async #change(name: string, changes: Partial<Manager>): Promise<void> {
    await this.#set(
      this.#managers.map((manager) => (manager.name === name ? { ...manager, ...changes } : manager)),
    );
  }

  async #set(managers: readonly Manager[]): Promise<void> {
    this.#managers = managers;
    await this.company.setManagers(managers);
  }

  /** Closed weeks of the constant manager that have neither a mail nor a reason, and weeks with two rows or two mails. */
  async account(): Promise<string[]> {
    const rows = await this.company.rows();
    const keys = rows.map(({ managerId, isoWeek }) => `${managerId} ${isoWeek}`);
    const doubled = [...this.handed].filter(([, times]) => times > 1).map(([id]) => `${id} left twice`);
    const constant = this.#managers.find(({ name }) => name === CONSTANT);
    const closed = constant === undefined ? [] : closedWeeks(constant.zone, this.company.now);
    const mine = rows.filter(({ managerId }) => managerId === CONSTANT);
    const missing = closed.filter((week) => {
      const row = mine.find(({ isoWeek }) => isoWeek === week);
      const firstWeek = mine.map(({ isoWeek }) => isoWeek).sort()[0];
      const ended = row !== undefined && ['sent', 'uncertain', 'failed', 'skipped'].includes(row.state);
      return !ended && firstWeek !== undefined && week > firstWeek;
    });
    return [
      ...this.wrong,
      ...doubled,
      ...keys.filter((key, index) => keys.indexOf(key) !== index).map((key) => `${key} twice in the ledger`),
      ...missing.map((week) => `${week} has neither a mail nor a reason`),
    ];
  }
}

const RUNS = Number(process.env['MONDAY_MODEL_RUNS'] ?? 6);

describe.each(enginesFor('the Monday model'))('whatever happens, on the $name database', (engine) => {
  let opened: OpenedStore;
  beforeAll(async () => {
    opened = await engine.open();
  });
  afterAll(() => opened.close());

  it('a manager has at most one mail a week, only when it is due and wanted; every week ends with a mail or a reason', async () => {
    let weeks = 0;
    let mails = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 30, maxLength: 60 }), async (taken) => {
        const managers = [managerOf(CONSTANT), managerOf(CHANGING)];
        const life = new Life(await mondayCompany(opened.store, managers, START), managers);
        await life.take({ kind: 'wait', minutes: 181, schedulers: 1 });
        for (const step of taken) {
          await life.take(step);
          expect(await life.account()).toEqual([]);
        }
        weeks += (await life.company.rows()).length;
        mails += life.handed.size;
      }),
      { numRuns: RUNS },
    );
    process.stdout.write(`[${engine.name}] ${RUNS} lives, ${weeks} weeks in the ledger, ${mails} mails\n`);
    expect(mails).toBeGreaterThan(RUNS);
  }, 600_000);
});
