/** Compares the store with the account and the mailbox: what a kill must not have lost, doubled or left behind. */
import { readFileSync } from 'node:fs';
import { isoWeekOf } from '../../src/core/values/calendar.ts';
import type { ChaosAccount } from './account.ts';
import type { StoreState } from './order.ts';
import type { Truth } from './truth.ts';

export interface Findings {
  /** Empty when every promise holds. */
  readonly broken: readonly string[];
  readonly deals: number;
  readonly values: number;
  readonly sent: number;
  readonly uncertain: number;
}

export interface RoundFacts {
  /** Deals changed while the run was going on: the next run finds them. */
  readonly changedMeanwhile: ReadonlySet<string>;
  /** Digests that a start found between hand-over and answer: the only ones that may be uncertain. */
  readonly interruptedMails: ReadonlySet<string>;
  /** Times each "deal property value" had been accepted before the round. */
  readonly acceptedBefore: Readonly<Record<string, number>>;
}

export async function checkRound(
  account: ChaosAccount,
  stateFile: string,
  facts: RoundFacts,
): Promise<Findings> {
  const state = JSON.parse(readFileSync(stateFile, 'utf8')) as StoreState;
  const written = account.sandbox.written();
  const truth = await account.truth(state);
  const broken = [
    ...dealsThatDiffer(truth, state, facts.changedMeanwhile),
    ...valuesThatDiffer(truth, state),
    ...written.doubled.map((write) => `written twice: ${JSON.stringify(write)}`),
    ...acceptedTwice(written.accepted, facts.acceptedBefore),
    ...mailsThatDiffer(account, state, facts.interruptedMails),
    ...state.effects
      .filter((effect) => effect.state !== 'done')
      .map((effect) => `effect ${effect.kind} is ${effect.state}: ${effect.lastError ?? ''}`),
    ...(state.unsettled > 0 ? [`${state.unsettled} writes without a known end`] : []),
  ];
  const count = (wanted: string) => state.digests.filter((digest) => digest.state === wanted).length;
  return {
    broken,
    deals: state.deals.length,
    values: Object.values(state.acknowledged).reduce((sum, values) => sum + Object.keys(values).length, 0),
    sent: count('sent'),
    uncertain: count('uncertain'),
  };
}

function dealsThatDiffer(truth: Truth, state: StoreState, changed: ReadonlySet<string>): string[] {
  const stored = new Map(state.deals.map((deal) => [deal.id, deal]));
  const living = new Map(truth.deals.map((deal) => [deal.id, deal]));
  const rejected = new Set(state.rejected);
  const extra = [...stored.keys()].filter((id) => !living.has(id) && !changed.has(id));
  const broken = extra.map((id) => `deal ${id} left the CRM and is still in the store`);
  for (const [id, wanted] of living) {
    if (changed.has(id) || rejected.has(id)) continue;
    const found = stored.get(id);
    if (found === undefined) broken.push(`deal ${id} is not in the store`);
    else if (JSON.stringify(found) !== JSON.stringify(wanted))
      broken.push(`deal ${id} is ${JSON.stringify(found)} and should be ${JSON.stringify(wanted)}`);
  }
  return broken;
}

/** What the CRM shows of our properties is what it acknowledged; a cleared value is absent there and "" here. */
function valuesThatDiffer(truth: Truth, state: StoreState): string[] {
  const living = new Set(truth.deals.map(({ id }) => id));
  const ids = new Set([...Object.keys(state.acknowledged), ...Object.keys(truth.values)]);
  return [...ids].flatMap((id) => {
    if (!living.has(id)) return [];
    const held = state.acknowledged[id] ?? {};
    const there = truth.values[id] ?? {};
    const keys = new Set([...Object.keys(held), ...Object.keys(there)].filter(isWrittenByUs));
    return [...keys]
      .filter((key) => (held[key] ?? '') !== (there[key] ?? ''))
      .map((key) => `deal ${id} ${key}: CRM "${there[key] ?? ''}", acknowledged "${held[key] ?? ''}"`);
  });
}

function isWrittenByUs(key: string): boolean {
  return !key.startsWith('jalon_evidence_') && key !== 'jalon_verbal_commitment_on';
}

function acceptedTwice(
  accepted: Readonly<Record<string, number>>,
  before: Readonly<Record<string, number>>,
): string[] {
  return Object.entries(accepted)
    .filter(([key, times]) => times - (before[key] ?? 0) > 1)
    .map(([key]) => `accepted twice in one round: ${key.split(' ').slice(0, 2).join(' ')}`);
}

function mailsThatDiffer(
  { sink, asOf }: ChaosAccount,
  state: StoreState,
  interrupted: ReadonlySet<string>,
): string[] {
  const arrived = new Map<string, number>();
  for (const mail of sink.mails) {
    const id = mail.headers.find((header) => header.name === 'message-id')?.value ?? '';
    const digest = /^<digest\.([^@]+)@/.exec(id)?.[1] ?? id;
    arrived.set(digest, (arrived.get(digest) ?? 0) + 1);
  }
  const broken = [...arrived].filter(([, times]) => times > 1).map(([id]) => `mail ${id} arrived twice`);
  const known = new Set(state.digests.map((digest) => digest.id));
  for (const id of arrived.keys()) if (!known.has(id)) broken.push(`mail ${id} is in no ledger`);
  for (const { id, state: found, reason } of state.digests) {
    const copies = arrived.get(id) ?? 0;
    if (found === 'sent' && copies !== 1) broken.push(`digest ${id} is sent and ${copies} arrived`);
    if (found === 'uncertain' && !interrupted.has(id))
      broken.push(`digest ${id} is uncertain and nobody had been interrupted`);
    if (found === 'skipped' && (copies > 0 || reason === null)) broken.push(`digest ${id} was skipped`);
    if (!['sent', 'uncertain', 'skipped'].includes(found)) broken.push(`digest ${id} is left ${found}`);
    if (interrupted.has(id) && found !== 'uncertain')
      broken.push(`digest ${id} was interrupted and is ${found}`);
  }
  const week = state.digests.filter((digest) => digest.isoWeek === isoWeekOf(asOf()));
  if (week.length !== 3) broken.push(`${week.length} of 3 managers have a row for the week`);
  return [...broken, ...perAddressAndWeek(state)];
}

function perAddressAndWeek(state: StoreState): string[] {
  const rows = state.digests.map((digest) => `${digest.email} ${digest.isoWeek}`);
  return rows.filter((row, at) => rows.indexOf(row) !== at).map(() => 'a manager has two rows for one week');
}
