/**
 * What HubSpot remembers of a property: `propertiesWithHistory`, newest version first. A version that cannot be read is left out and
 * the deal says so ("history_incomplete"); no date is made up to fill a gap.
 */
import type { CloseDateChange, FilledProperty, StageEntry } from '../../src/core/deals/deal.ts';
import { asId } from '../../src/core/values/ids.ts';
import type { HubspotRecord } from './schema.ts';
import { instantFromText } from './text-dates.ts';

interface Version {
  readonly value: string;
  readonly timestamp: Temporal.Instant;
}

/**
 * Oldest first, ending with `stage`. When the versions do not end there, the record proves that the deal stood in `stage` when it was
 * last modified, so that instant closes the list; a deal without any version entered its stage when it was created.
 */
export function stageHistoryOf(
  record: HubspotRecord,
  stage: string,
  at: { readonly createdAt: Temporal.Instant; readonly updatedAt: Temporal.Instant },
): { readonly entries: StageEntry[]; readonly complete: boolean } {
  const versions = versionsOf(record, 'dealstage');
  const entries = versions
    .filter((version) => version.value !== '')
    .map((version) => ({
      stageId: asId<StageEntry['stageId']>(version.value),
      enteredAt: version.timestamp,
    }));
  const complete = entries.length === versions.length && entries.at(-1)?.stageId === stage;
  if (entries.at(-1)?.stageId !== stage) {
    const enteredAt = entries.length === 0 ? at.createdAt : at.updatedAt;
    entries.push({ stageId: asId(stage), enteredAt });
  }
  return { entries, complete };
}

/** Oldest first; a cleared close date is null. */
export function closeDateHistoryOf(
  record: HubspotRecord,
  zone: string,
): { readonly changes: CloseDateChange[]; readonly complete: boolean } {
  const versions = versionsOf(record, 'closedate');
  const changes: CloseDateChange[] = [];
  for (const version of versions) {
    const date = instantFromText(version.value, zone);
    if (date !== 'unreadable') changes.push({ closeDate: date?.day ?? null, changedAt: version.timestamp });
  }
  return { changes, complete: changes.length === versions.length };
}

/**
 * Present values of `names` with the moment each was set: the start of the newest unbroken run of that value. A value without history
 * was there at the latest when the record was last modified.
 */
export function filledPropertiesOf(
  record: HubspotRecord,
  names: readonly string[],
  updatedAt: Temporal.Instant,
): { readonly properties: FilledProperty[]; readonly complete: boolean } {
  let complete = true;
  const properties = names.flatMap((name) => {
    const value = record.properties[name] ?? '';
    if (value.trim() === '') return [];
    const filledAt = startOfRun(versionsOf(record, name), value);
    if (filledAt === null) complete = false;
    return [{ name, value, filledAt: filledAt ?? updatedAt }];
  });
  return { properties, complete };
}

function startOfRun(versions: readonly Version[], value: string): Temporal.Instant | null {
  let start: Temporal.Instant | null = null;
  for (const version of versions.toReversed()) {
    if (version.value !== value) break;
    start = version.timestamp;
  }
  return start;
}

/** Oldest first. Versions of one instant keep HubSpot's order. */
function versionsOf(record: HubspotRecord, name: string): Version[] {
  const versions = (record.propertiesWithHistory?.[name] ?? []).map(({ value, timestamp }) => ({
    value: value ?? '',
    timestamp,
  }));
  return versions.reverse().sort((a, b) => Temporal.Instant.compare(a.timestamp, b.timestamp));
}
