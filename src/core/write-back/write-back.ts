import type { ForecastLine } from '../forecast/forecast-types.ts';
import { type Locale, type MilestoneModel, SIGNED_KEY } from '../milestones/milestone.ts';
import { missingEvidenceText } from '../milestones/missing-evidence-text.ts';
import type { CurrencyCode } from '../values/currency.ts';
import type { DealId } from '../values/ids.ts';
import { type Money, moneyToText, multiplyMinor, parseMoney } from '../values/money.ts';

/** Logical names of our own properties; a connector maps them to the CRM's key. */
export type PropertyKey =
  | 'jalon_milestone'
  | 'jalon_weight'
  | 'jalon_net_amount'
  | 'jalon_milestone_since'
  | 'jalon_missing_evidence'
  | 'jalon_pace'
  | 'jalon_realistic_close'
  | `jalon_evidence_${string}`
  | 'jalon_verbal_commitment_on';

/** Text exactly as written: plain decimal, ISO date, stable option key, or "" for "no value". */
export type PropertyValue = string;

export interface PropertySpec {
  readonly key: PropertyKey;
  readonly type: 'enumeration' | 'number' | 'money' | 'date' | 'text' | 'textarea';
  readonly label: { readonly fr: string; readonly en: string };
  readonly description: { readonly fr: string; readonly en: string };
  readonly options?: readonly {
    readonly value: string;
    readonly label: { readonly fr: string; readonly en: string };
  }[];
}

/** Changed values of one deal. `currency` is the deal's, for a CRM whose money fields carry it. */
export interface DealWrite {
  readonly dealId: DealId;
  readonly currency: CurrencyCode | null;
  readonly values: ReadonlyMap<PropertyKey, PropertyValue>;
}

/** What the CRM said no to, last time. `code` is a `WriteRefusal`. */
export interface RefusedWrite {
  readonly values: ReadonlyMap<PropertyKey, PropertyValue>;
  readonly code: string;
  readonly at: Temporal.Instant;
}

/** What the CRM is known to hold of our properties: from receipts, per deal. A key that is absent was never written. */
export type Acknowledged = ReadonlyMap<DealId, ReadonlyMap<PropertyKey, PropertyValue>>;

export interface WriteBackInput {
  readonly lines: readonly ForecastLine[];
  readonly acknowledged: Acknowledged;
  readonly model: MilestoneModel;
  /** Language of the account: everybody who opens the deal reads the same text. */
  readonly locale: Locale;
}

type Values = ReadonlyMap<PropertyKey, PropertyValue>;

const NOTHING_WRITTEN: Values = new Map();

/**
 * Only values that differ from what the CRM holds, the largest change of net amount first (then by deal id), so that an interrupted
 * run has done most of the good.
 * - Open deals: all computed values; nothing verified writes weight 0, net 0 and what is missing.
 * - Excluded deals: nothing new. What we wrote is kept true (no usable amount: the net amount is blanked) or blanked (unmapped stage, pipeline left out).
 * - Closed deals: only if we wrote to them while they were open, once more: won becomes "signed", 100 %, net = gross; lost becomes 0, keeping the
 *   milestone it had reached.
 */
export function plannedWrites(input: WriteBackInput): readonly DealWrite[] {
  const planned = input.lines.flatMap((line) => {
    const held = input.acknowledged.get(line.dealId) ?? NOTHING_WRITTEN;
    const values = changedValues(wantedValues(line, held, input), held);
    if (values.size === 0) return [];
    const write: DealWrite = { dealId: line.dealId, currency: line.gross?.currency ?? null, values };
    return [{ write, changeMinor: netChange(line, held, values) }];
  });
  return planned
    .sort((left, right) => {
      if (left.changeMinor !== right.changeMinor) return left.changeMinor > right.changeMinor ? -1 : 1;
      return left.write.dealId < right.write.dealId ? -1 : 1;
    })
    .map(({ write }) => write);
}

/** What the CRM holds once `writes` are acknowledged. */
export function applyWrites(acknowledged: Acknowledged, writes: readonly DealWrite[]): Acknowledged {
  const after = new Map(acknowledged);
  for (const { dealId, values } of writes) {
    after.set(dealId, new Map([...(after.get(dealId) ?? NOTHING_WRITTEN), ...values]));
  }
  return after;
}

function wantedValues(line: ForecastLine, held: Values, input: WriteBackInput): Values {
  if (line.exclusion === 'stage_unmapped' || line.exclusion === 'pipeline_excluded') return blanked(held);
  if (line.standing === 'won' || line.standing === 'lost') return closedValues(line, held);
  const values = openValues(line, input);
  return line.exclusion === null ? values : onlyHeld(values, held);
}

function openValues(line: ForecastLine, { model, locale }: WriteBackInput): Values {
  return new Map<PropertyKey, PropertyValue>([
    ['jalon_milestone', line.verified ?? ''],
    ['jalon_weight', percentText(line.weightBps)],
    ['jalon_net_amount', line.netOwn === null ? '' : moneyToText(line.netOwn)],
    ['jalon_milestone_since', line.verifiedSince?.toString() ?? ''],
    ['jalon_missing_evidence', missingEvidenceText(line.missing, model.milestones, locale)],
    ['jalon_pace', line.pace],
    ['jalon_realistic_close', line.realisticClose?.toString() ?? ''],
  ]);
}

function closedValues(line: ForecastLine, held: Values): Values {
  if (!isWritten(held)) return NOTHING_WRITTEN;
  const settled: [PropertyKey, PropertyValue][] = [
    ['jalon_missing_evidence', ''],
    ['jalon_pace', ''],
    ['jalon_realistic_close', ''],
  ];
  if (line.standing === 'lost') {
    const nothing = line.gross === null ? '' : moneyToText({ ...line.gross, amountMinor: 0n });
    return new Map([...settled, ['jalon_weight', '0'], ['jalon_net_amount', nothing]]);
  }
  return new Map([
    ...settled,
    ['jalon_milestone', SIGNED_KEY],
    ['jalon_weight', percentText(line.weightBps)],
    ['jalon_net_amount', line.netOwn === null ? '' : moneyToText(line.netOwn)],
    ['jalon_milestone_since', line.closedOn?.toString() ?? ''],
  ]);
}

function isWritten(held: Values): boolean {
  return [...held.values()].some((value) => value !== '');
}

function blanked(held: Values): Values {
  return new Map([...held.keys()].map((key) => [key, '']));
}

function onlyHeld(values: Values, held: Values): Values {
  return new Map([...values].filter(([key]) => (held.get(key) ?? '') !== ''));
}

/** A property that was never written holds no value, which is what "" says. */
function changedValues(wanted: Values, held: Values): Values {
  return new Map([...wanted].filter(([key, value]) => (held.get(key) ?? '') !== value));
}

/** 2550 -> "25.5": basis points as plain percent, without float. */
function percentText(weightBps: number): string {
  const decimals = String(weightBps % 100)
    .padStart(2, '0')
    .replace(/0+$/, '');
  return `${Math.floor(weightBps / 100)}${decimals && `.${decimals}`}`;
}

/** How far the net amount moves, in company currency at the deal's own rate; only for the order of writing. */
function netChange(line: ForecastLine, held: Values, values: Values): bigint {
  const { gross } = line;
  const wanted = values.get('jalon_net_amount');
  if (wanted === undefined || gross === null || gross.amountMinor === 0n) return 0n;
  const ownChange = ownMinor(wanted, gross) - ownMinor(held.get('jalon_net_amount') ?? '', gross);
  return multiplyMinor(ownChange < 0n ? -ownChange : ownChange, line.grossMinor, gross.amountMinor);
}

function ownMinor(text: PropertyValue, gross: Money): bigint {
  const parsed = parseMoney(text, gross.currency);
  return parsed.ok ? parsed.value.money.amountMinor : 0n;
}
