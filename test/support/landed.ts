import type {
  Activity,
  Company,
  Contact,
  Deal,
  DealTombstone,
  Rejection,
} from '../../src/core/deals/deal.ts';
import type { DealProduct, Product } from '../../src/core/deals/product.ts';
import type {
  CrmSession,
  OwnWriteSpan,
  PullCursor,
  PullPage,
  PullRequest,
  WriteOutcome,
} from '../../src/ports/connector.ts';
import type { DealHint } from '../../src/ports/webhooks.ts';

/** What a store makes of the pages of pulls, in memory: upsert by id, never older over newer, cursor with its page. */
export class Landed {
  readonly deals = new Map<string, Deal>();
  readonly gone = new Map<string, DealTombstone>();
  readonly companies = new Map<string, Company>();
  readonly contacts = new Map<string, Contact>();
  readonly activities = new Map<string, Activity>();
  readonly products = new Map<string, Product>();
  readonly lines = new Map<string, DealProduct>();
  readonly rejections: Rejection[] = [];
  cursor: PullCursor | null = null;

  /** Deals as the CRM has them now: those that left are out. */
  get present(): readonly Deal[] {
    return [...this.deals.values()].filter((deal) => {
      const tombstone = this.gone.get(deal.id);
      return tombstone === undefined || Temporal.Instant.compare(tombstone.at, deal.updatedAt) < 0;
    });
  }

  land(page: PullPage): void {
    for (const deal of page.deals) {
      const held = this.deals.get(deal.id);
      if (held === undefined || Temporal.Instant.compare(held.updatedAt, deal.updatedAt) <= 0)
        this.deals.set(deal.id, deal);
    }
    for (const tombstone of page.tombstones) this.gone.set(tombstone.id, tombstone);
    for (const company of page.companies) this.companies.set(company.id, company);
    for (const contact of page.contacts) this.contacts.set(contact.id, contact);
    for (const activity of page.activities) this.activities.set(activity.id, activity);
    for (const product of page.products ?? []) this.products.set(product.id, product);
    for (const { dealId, ids } of page.dealProductIds ?? []) this.dropLines(dealId, ids);
    for (const line of page.dealProducts ?? []) this.lines.set(line.id, line);
    this.rejections.push(...page.rejections);
    this.cursor = page.cursor;
  }

  private dropLines(dealId: string, ids: readonly string[]): void {
    for (const line of [...this.lines.values()])
      if (line.dealId === dealId && !ids.includes(line.id)) this.lines.delete(line.id);
  }

  /** Deals that webhooks named; returns those delivered. */
  async readAgain(session: CrmSession, hints: readonly DealHint[]): Promise<readonly Deal[]> {
    const delivered: Deal[] = [];
    const knownDeals = this.knownDeals();
    for await (const content of session.readDeals({
      hints,
      evidenceProperties: [],
      ownWrites: null,
      knownDeals,
    })) {
      this.land({ ...content, lane: 'webhooks', cursor: this.cursor ?? {} });
      delivered.push(...content.deals);
    }
    return delivered;
  }

  private knownDeals(): NonNullable<PullRequest['knownDeals']> {
    return async (ids) =>
      new Map(ids.flatMap((id) => (this.deals.has(id) ? [[id, this.deals.get(id)]] : []))) as never;
  }

  /** One pull, or its first `pages` pages; returns the deals it delivered. */
  async pull(
    session: CrmSession,
    options: { pages?: number; evidenceProperties?: readonly string[]; ownWrites?: OwnWriteSpan | null } = {},
  ): Promise<readonly Deal[]> {
    const delivered: Deal[] = [];
    const { evidenceProperties = [], ownWrites = null } = options;
    const knownDeals = this.knownDeals();
    let taken = 0;
    for await (const page of session.pull({
      cursor: this.cursor,
      evidenceProperties,
      ownWrites,
      knownDeals,
    })) {
      this.land(page);
      delivered.push(...page.deals);
      taken += 1;
      if (taken === options.pages) break;
    }
    return delivered;
  }
}

export function ownWritesOf(outcomes: readonly WriteOutcome[]): OwnWriteSpan {
  const modifiedAt = new Map(
    outcomes.flatMap((one) =>
      one.kind === 'written' && one.modifiedAt !== null ? [[one.dealId, one.modifiedAt] as const] : [],
    ),
  );
  const times = [...modifiedAt.values()].sort(Temporal.Instant.compare);
  const [from, to] = [times[0], times.at(-1)];
  if (from === undefined || to === undefined) throw new Error('nothing was written');
  return { from, to, modifiedAt };
}
