/** HubSpot companies, contacts and activities -> ours, or a Rejection. Pure. */
import type { Activity, ActivityKind, Company, Contact, Rejection } from '../../src/core/deals/deal.ts';
import { asId } from '../../src/core/values/ids.ts';
import { err, ok, type Result } from '../../src/core/values/result.ts';
import { associatedIds, textOf, unexpectedShape, updatedAtOf } from './normalise.ts';
import { type HubspotRecord, recordSchema } from './schema.ts';
import { instantFromText } from './text-dates.ts';

export const COMPANY_PROPERTIES = ['name', 'domain', 'hs_lastmodifieddate'] as const;
/** Contacts alone keep the older name of the modified date. */
export const CONTACT_PROPERTIES = [
  'firstname',
  'lastname',
  'email',
  'hs_buying_role',
  'lastmodifieddate',
] as const;

export function companyFromHubspot(raw: unknown): Result<Company, Rejection> {
  const parsed = recordSchema.safeParse(raw);
  if (!parsed.success) return err(unexpectedShape('company', raw, parsed.error.issues[0]?.path ?? []));
  const { id, properties } = parsed.data;
  const name = textOf(properties['name']) ?? textOf(properties['domain']) ?? '';
  return ok({ id: asId(id), name, updatedAt: updatedAtOf(parsed.data) });
}

export function contactFromHubspot(raw: unknown): Result<Contact, Rejection> {
  const parsed = recordSchema.safeParse(raw);
  if (!parsed.success) return err(unexpectedShape('contact', raw, parsed.error.issues[0]?.path ?? []));
  const { id, properties } = parsed.data;
  const name = [textOf(properties['firstname']), textOf(properties['lastname'])].filter(
    (part) => part !== null,
  );
  return ok({
    id: asId(id),
    name: name.length > 0 ? name.join(' ') : (textOf(properties['email']) ?? ''),
    buyingRole: textOf(properties['hs_buying_role']),
    updatedAt: updatedAtOf(parsed.data, 'lastmodifieddate'),
  });
}

export type ActivityType = 'calls' | 'emails' | 'meetings' | 'notes' | 'tasks';

type Properties = HubspotRecord['properties'];

/** How each HubSpot type tells its time, its title, and whether the customer took part. */
interface ActivityReading {
  readonly kind: ActivityKind;
  readonly properties: readonly string[];
  readonly title: string | null;
  /** Tried in order. */
  readonly times: readonly string[];
  /** The customer's part must be stated by the record; a plan, an attempt or our own mail is none. */
  withCustomer(properties: Properties): boolean;
}

const ACTIVITIES: Readonly<Record<ActivityType, ActivityReading>> = {
  calls: {
    kind: 'call',
    properties: [
      'hs_timestamp',
      'hs_call_title',
      'hs_call_status',
      'hs_call_direction',
      'hs_call_disposition',
    ],
    title: 'hs_call_title',
    times: ['hs_timestamp'],
    withCustomer: (properties) =>
      properties['hs_call_status'] === 'COMPLETED' &&
      ['INBOUND', 'OUTBOUND'].includes(properties['hs_call_direction'] ?? '') &&
      !NOT_REACHED.has(properties['hs_call_disposition'] ?? ''),
  },
  emails: {
    kind: 'email',
    properties: ['hs_timestamp', 'hs_email_subject', 'hs_email_direction'],
    title: 'hs_email_subject',
    times: ['hs_timestamp'],
    withCustomer: (properties) => properties['hs_email_direction'] === 'INCOMING_EMAIL',
  },
  meetings: {
    kind: 'meeting',
    properties: ['hs_timestamp', 'hs_meeting_title', 'hs_meeting_start_time', 'hs_meeting_outcome'],
    title: 'hs_meeting_title',
    times: ['hs_meeting_start_time', 'hs_timestamp'],
    /** No outcome is no claim: a meeting in the calendar may not have taken place. */
    withCustomer: (properties) => properties['hs_meeting_outcome'] === 'COMPLETED',
  },
  notes: {
    kind: 'note',
    properties: ['hs_timestamp'],
    title: null,
    times: ['hs_timestamp'],
    withCustomer: () => false,
  },
  tasks: {
    kind: 'task',
    properties: ['hs_timestamp', 'hs_task_subject'],
    title: 'hs_task_subject',
    times: ['hs_timestamp'],
    withCustomer: () => false,
  },
};

/** HubSpot's own call outcomes in which nobody was reached: busy, live message, voicemail, no answer, wrong number. */
const NOT_REACHED = new Set([
  '9d9162e7-6cf3-4944-bf63-4dff82258764',
  'a4c4c377-d246-4b32-a13b-75a56a4cd0ff',
  'b2cf5968-551e-4856-9783-52b3da59a7d0',
  '73a0d17f-1163-4015-bdd5-ec830791da20',
  '17b47fee-58de-441e-a44c-c6300d46f273',
]);

export function activityProperties(type: ActivityType): string[] {
  return [...ACTIVITIES[type].properties, 'hubspot_owner_id', 'hs_lastmodifieddate'];
}

export function activityFromHubspot(type: ActivityType, raw: unknown): Result<Activity, Rejection> {
  const parsed = recordSchema.safeParse(raw);
  if (!parsed.success) return err(unexpectedShape('activity', raw, parsed.error.issues[0]?.path ?? []));
  const record = parsed.data;
  const reading = ACTIVITIES[type];
  const field = reading.times.find((name) => textOf(record.properties[name]) !== null) ?? 'hs_timestamp';
  const time = instantFromText(record.properties[field], 'UTC');
  if (time === null || time === 'unreadable') {
    return err({ object: 'activity', externalId: record.id, code: 'DATE_UNREADABLE', field });
  }
  const ownerId = textOf(record.properties['hubspot_owner_id']);
  return ok({
    id: asId(record.id),
    kind: reading.kind,
    at: time.at,
    ownerId: ownerId === null ? null : asId(ownerId),
    withCustomer: reading.withCustomer(record.properties),
    title: reading.title === null ? '' : (record.properties[reading.title] ?? ''),
    dealIds: associatedIds(record, 'deals').map((id) => asId(id)),
    updatedAt: updatedAtOf(record),
  });
}
