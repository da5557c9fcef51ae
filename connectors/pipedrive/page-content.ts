/** Rows of one listed page -> what a PullPage carries. Rejected rows are listed with their reason; the others go on. */
import type { Deal } from '../../src/core/deals/deal.ts';
import type { DealId } from '../../src/core/values/ids.ts';
import type { PullPage } from '../../src/ports/connector.ts';
import type { Cursor } from './cursor.ts';
import { linesOfDeals } from './deal-lines.ts';
import { knownPast, type PastSource, partialPast } from './deal-past.ts';
import { type DealRow, readDealRow } from './deal-row.ts';
import { dealFromPipedrive, mailActivityOf, tombstoneOf } from './normalise.ts';
import { productFromPipedrive } from './normalise-products.ts';
import {
  activityFromPipedrive,
  companyFromPipedrive,
  contactFromPipedrive,
  noteFromPipedrive,
} from './normalise-records.ts';
import { readPasts } from './read-pasts.ts';
import type { Reading } from './reading.ts';
import { sorted } from './sorted.ts';

export type PageContent = Omit<PullPage, 'lane' | 'cursor'>;

export const NOTHING: PageContent = {
  deals: [],
  tombstones: [],
  companies: [],
  contacts: [],
  activities: [],
  rejections: [],
};

export interface DealContent {
  readonly content: PageContent;
  /** Some deal's past is still to be asked for. */
  readonly historyMissing: boolean;
}

/**
 * In the first round no changelog is read: everything lands first, and history has its own walk. Later the few deals that moved are asked
 * for at once, while the day allows it.
 */
export async function changedDeals(
  reading: Reading,
  rows: readonly unknown[],
  isFirstRound: boolean,
): Promise<DealContent> {
  const { read, rejections } = sorted(rows, readDealRow);
  const { deals, historyMissing } = await dealsOf(reading, read, !isFirstRound);
  const activities = read.map(mailActivityOf).filter((activity) => activity !== null);
  const lines = await linesOfDeals(reading, read, isFirstRound);
  const content = {
    ...NOTHING,
    deals,
    activities,
    ...lines,
    rejections: [...rejections, ...lines.rejections],
  };
  return { content, historyMissing };
}

/** Archived deals left the board. An open one is gone for us; a result stays a result, or the past would lose its wins. */
export async function shelvedDeals(
  reading: Reading,
  rows: readonly unknown[],
  isFirstRound: boolean,
): Promise<DealContent> {
  const { read, rejections } = sorted(rows, readDealRow);
  const open = read.filter((row) => row.source.status === 'open');
  const closed = read.filter((row) => row.source.status === 'won' || row.source.status === 'lost');
  const { deals, historyMissing } = await dealsOf(reading, closed, !isFirstRound);
  const tombstones = open.map((row) => tombstoneOf(row, 'archived'));
  const lines = await linesOfDeals(reading, closed, isFirstRound);
  const content = {
    ...NOTHING,
    deals,
    tombstones,
    ...lines,
    rejections: [...rejections, ...lines.rejections],
  };
  return { content, historyMissing };
}

/** Deleted in the last 30 days; losers of a merge are among them, and Pipedrive does not say into what. */
export function goneDeals(rows: readonly unknown[]): PageContent {
  const { read, rejections } = sorted(rows, readDealRow);
  return { ...NOTHING, tombstones: read.map((row) => tombstoneOf(row, 'deleted')), rejections };
}

export async function plainRecords(
  walk: Exclude<Cursor['walk'], 'deals' | 'archived' | 'deleted'>,
  rows: readonly unknown[],
  { facts, roleField }: Reading,
): Promise<PageContent> {
  switch (walk) {
    case 'organizations': {
      const { read, rejections } = sorted(rows, companyFromPipedrive);
      return { ...NOTHING, companies: read, rejections };
    }
    case 'persons': {
      const role = rows.length === 0 ? null : await roleField();
      const { read, rejections } = sorted(rows, (raw) => contactFromPipedrive(raw, role));
      return { ...NOTHING, contacts: read, rejections };
    }
    case 'activities': {
      const { read, rejections } = sorted(rows, (raw) => activityFromPipedrive(raw, facts));
      return { ...NOTHING, activities: read, rejections };
    }
    case 'notes': {
      const { read, rejections } = sorted(rows, noteFromPipedrive);
      return { ...NOTHING, activities: read, rejections };
    }
    case 'products': {
      const { read, rejections } = sorted(rows, productFromPipedrive);
      return { ...NOTHING, products: read, rejections };
    }
  }
}

async function dealsOf(
  reading: Reading,
  rows: readonly DealRow[],
  askForPast: boolean,
): Promise<{ readonly deals: readonly Deal[]; readonly historyMissing: boolean }> {
  const { facts, evidence } = reading;
  const held = await reading.knownDeals(rows.map((row) => row.id));
  const lacking = rows.filter((row) => knownPast(row, evidence, held.get(row.id)) === null);
  const pasts = askForPast ? await readPasts(reading, lacking) : new Map<DealId, PastSource>();
  const deals = rows.map((row) => {
    const before = held.get(row.id);
    const past = knownPast(row, evidence, before) ?? pasts.get(row.id) ?? partialPast(before);
    return dealFromPipedrive(row, facts, evidence, past);
  });
  return { deals, historyMissing: pasts.size < lacking.length };
}
