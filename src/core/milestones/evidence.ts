import type { DayReader } from '../odds/day-reader.ts';
import { daysBetween, epochDayOf } from '../values/calendar.ts';
import type { MilestoneKey } from '../values/ids.ts';
import { type ManagerWord, type ProofSources, type ProofSpan, proofOf } from './evidence-proof.ts';
import type { EvidenceRule, MilestoneModel } from './milestone.ts';

/** A manager said that the customer validated a milestone: who at the customer, when, and where one can read it. */
export interface Confirmation {
  readonly milestone: MilestoneKey;
  readonly confirmedOn: Temporal.PlainDate;
  readonly customerPerson: string;
  readonly link: string;
  readonly verdict: 'confirmed' | 'refused';
}

/** One proof that stood on the day asked: which rule it satisfies and since when. */
export interface EvidenceFact {
  readonly milestone: MilestoneKey;
  readonly rule: EvidenceRule['kind'];
  readonly since: Temporal.PlainDate;
  readonly expiresOn: Temporal.PlainDate | null;
}

/** The first milestone without proof on the way to the declared one, and the rules of which any one would prove it. */
export interface MissingEvidence {
  readonly milestone: MilestoneKey;
  readonly rules: readonly EvidenceRule[];
  readonly expired: boolean;
  /** Day of the latest proof that expired; absent when there never was one. */
  readonly provenOn?: Temporal.PlainDate;
}

/** What is proven on the day asked, and what used to be: the second part tells a lapsed proof from one that never was. */
export interface EvidenceReading {
  readonly facts: readonly EvidenceFact[];
  readonly lapsed: readonly EvidenceFact[];
}

export interface EvidenceSources extends ProofSources {
  /** In the order in which they were recorded: of two on the same day the later one holds. */
  readonly confirmations: readonly Confirmation[];
  readonly model: MilestoneModel;
}

/** The highest contiguous proven milestone: place in the model (-1: none), and the day on which the last of the proofs it needs came. */
export interface Verified {
  readonly index: number;
  readonly key: MilestoneKey | null;
  readonly since: Temporal.PlainDate | null;
}

/**
 * Every proof of a deal as of a day, milestone by milestone. A manager's refusal cancels what came before it, on that day too.
 * A confirmation dated `asOf` counts: it names a day and not an hour, and the person who gave it was there.
 */
export function collectEvidence(sources: EvidenceSources): EvidenceReading {
  const facts: EvidenceFact[] = [];
  const lapsed: EvidenceFact[] = [];
  const asOfDay = epochDayOf(sources.asOf);
  sources.model.milestones.forEach((milestone, index) => {
    const said = wordOf(milestone.key, sources);
    for (const rule of milestone.evidence) {
      const span = proofOf(rule, milestone, index, sources, said);
      if (span === null) continue;
      const stands = span.expiresDay === null || span.expiresDay > asOfDay;
      (stands ? facts : lapsed).push(factOf(milestone.key, rule.kind, span, sources.days));
    }
  });
  return { facts, lapsed };
}

/** Walks up from the first milestone and stops at the first mandatory one without proof; optional ones without proof are passed over. */
export function verifiedMilestone(facts: readonly EvidenceFact[], model: MilestoneModel): Verified {
  const sinceByKey = earliestByMilestone(facts);
  let verified: Verified = { index: -1, key: null, since: null };
  let since: Temporal.PlainDate | null = null;
  for (const [index, { key, optional }] of model.milestones.entries()) {
    const provenOn = sinceByKey.get(key);
    if (provenOn === undefined && !optional) break;
    if (provenOn === undefined) continue;
    since = since !== null && isLater(since, provenOn) ? since : provenOn;
    verified = { index, key, since };
  }
  return verified;
}

/**
 * The milestones without proof on the way to the declared one, first one first; when there is none, the next one to prove.
 * Empty for a deal that has proven all.
 */
export function missingEvidence(
  reading: EvidenceReading,
  model: MilestoneModel,
  declared: number,
): readonly MissingEvidence[] {
  const proven = new Set(reading.facts.map((fact) => fact.milestone));
  const verified = verifiedMilestone(reading.facts, model).index;
  const open = model.milestones
    .map((milestone, index) => ({ milestone, index }))
    .filter(({ milestone, index }) => index > verified && !milestone.optional && !proven.has(milestone.key));
  const onTheWay = open.filter(({ index }) => index <= declared);
  return (onTheWay.length > 0 ? onTheWay : open.slice(0, 1)).map(({ milestone }) => {
    const provenOn = latestLapse(reading.lapsed, milestone.key);
    const gap = { milestone: milestone.key, rules: milestone.evidence, expired: provenOn !== null };
    return provenOn === null ? gap : { ...gap, provenOn };
  });
}

function latestLapse(lapsed: readonly EvidenceFact[], key: MilestoneKey): Temporal.PlainDate | null {
  const days = lapsed.filter((fact) => fact.milestone === key).map((fact) => fact.since);
  return days.sort(Temporal.PlainDate.compare).at(-1) ?? null;
}

/** First day on which each milestone's present proof stood. */
export function earliestByMilestone(
  facts: readonly EvidenceFact[],
): ReadonlyMap<MilestoneKey, Temporal.PlainDate> {
  const earliest = new Map<MilestoneKey, Temporal.PlainDate>();
  for (const { milestone, since } of facts) {
    const known = earliest.get(milestone);
    if (known === undefined || isLater(known, since)) earliest.set(milestone, since);
  }
  return earliest;
}

function factOf(
  milestone: MilestoneKey,
  rule: EvidenceRule['kind'],
  { sinceDay, expiresDay }: ProofSpan,
  { dateOf }: DayReader,
): EvidenceFact {
  return {
    milestone,
    rule,
    since: dateOf(sinceDay),
    expiresOn: expiresDay === null ? null : dateOf(expiresDay),
  };
}

const NOTHING_SAID: ManagerWord = { confirmedDays: [], refusedDay: Number.NEGATIVE_INFINITY };

function wordOf(key: MilestoneKey, { confirmations, asOf }: EvidenceSources): ManagerWord {
  if (confirmations.length === 0) return NOTHING_SAID;
  const said = confirmations
    .filter(({ milestone, confirmedOn }) => milestone === key && !isLater(confirmedOn, asOf))
    .sort((left, right) => Temporal.PlainDate.compare(left.confirmedOn, right.confirmedOn));
  const last = said.findLastIndex((confirmation) => confirmation.verdict === 'refused');
  const refusal = said[last];
  return {
    confirmedDays: said.slice(last + 1).map((confirmation) => epochDayOf(confirmation.confirmedOn)),
    refusedDay: refusal === undefined ? Number.NEGATIVE_INFINITY : epochDayOf(refusal.confirmedOn),
  };
}

function isLater(left: Temporal.PlainDate, right: Temporal.PlainDate): boolean {
  return daysBetween(right, left) > 0;
}
