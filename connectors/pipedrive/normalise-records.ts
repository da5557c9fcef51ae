/** Organizations, persons, activities and notes -> our words. Pure. */

import type * as z from 'zod';
import type { Activity, ActivityKind, Company, Contact, Rejection } from '../../src/core/deals/deal.ts';
import { asId } from '../../src/core/values/ids.ts';
import { err, ok, type Result } from '../../src/core/values/result.ts';
import { unexpectedShape } from './deal-row.ts';
import type { AccountFacts } from './directory.ts';
import { customText } from './fields.ts';
import {
  activitySchema,
  noteSchema,
  organizationSchema,
  type PipedriveField,
  personSchema,
} from './schema.ts';
import { dayOf, instantOf, knownInstant } from './times.ts';

export function companyFromPipedrive(raw: unknown): Result<Company, Rejection> {
  return dated('company', raw, organizationSchema, ({ id, name }, updatedAt) => ({
    id: asId(String(id)),
    name: name ?? '',
    updatedAt,
  }));
}

/** A role is one word of the company's own field, folded to the form that mappings use: "Decision maker" -> "DECISION_MAKER". */
export function contactFromPipedrive(
  raw: unknown,
  roleField: PipedriveField | null,
): Result<Contact, Rejection> {
  return dated('contact', raw, personSchema, ({ id, name, custom_fields }, updatedAt) => {
    const role = roleField === null ? null : customText(custom_fields?.[roleField.field_code], roleField);
    const buyingRole = role === null ? null : role.trim().toUpperCase().replaceAll(/\s+/g, '_');
    return { id: asId(String(id)), name: name ?? '', buyingRole, updatedAt };
  });
}

/** Types are keys that a company may add to; one we do not know is a task, which proves nothing. */
const KINDS: Readonly<Record<string, ActivityKind>> = {
  call: 'call',
  meeting: 'meeting',
  lunch: 'meeting',
  email: 'email',
  task: 'task',
  deadline: 'task',
};

/** Kinds in which the customer took part once they are done. A mail that was sent proves nothing. */
const WITH_CUSTOMER: readonly ActivityKind[] = ['call', 'meeting'];

export function activityFromPipedrive(raw: unknown, { zone }: AccountFacts): Result<Activity, Rejection> {
  return dated('activity', raw, activitySchema, (row, updatedAt) => {
    const kind = KINDS[row.type ?? ''] ?? 'task';
    const at = dueAt(row, zone) ?? knownInstant(row.add_time) ?? updatedAt;
    return {
      id: asId(String(row.id)),
      kind,
      at,
      ownerId: row.owner_id == null ? null : asId(String(row.owner_id)),
      withCustomer: row.done === true && WITH_CUSTOMER.includes(kind),
      title: row.subject ?? '',
      dealIds: row.deal_id == null ? [] : [asId(String(row.deal_id))],
      updatedAt,
    };
  });
}

/** `due_time` is UTC. Without one the activity fills the day: it counts from that day's beginning in the company's zone. */
function dueAt(row: z.infer<typeof activitySchema>, zone: string): Temporal.Instant | null {
  const day = dayOf(row.due_date);
  if (day === null || day === 'unreadable') return null;
  const time = row.due_time?.trim() ?? '';
  if (time === '') return day.toZonedDateTime(zone).toInstant();
  return knownInstant(`${day.toString()} ${time.length === 5 ? `${time}:00` : time}`);
}

export function noteFromPipedrive(raw: unknown): Result<Activity, Rejection> {
  return dated('activity', raw, noteSchema, (row, updatedAt) => ({
    id: asId(`note:${row.id}`),
    kind: 'note',
    at: knownInstant(row.add_time) ?? updatedAt,
    ownerId: row.user_id == null ? null : asId(String(row.user_id)),
    withCustomer: false,
    title: '',
    dealIds: row.deal_id == null ? [] : [asId(String(row.deal_id))],
    updatedAt,
  }));
}

function dated<Row extends { readonly id: number; readonly update_time?: string | null | undefined }, Made>(
  object: Rejection['object'],
  raw: unknown,
  schema: z.ZodType<Row>,
  make: (row: Row, updatedAt: Temporal.Instant) => Made,
): Result<Made, Rejection> {
  const parsed = schema.safeParse(raw);
  if (!parsed.success) return err(unexpectedShape(object, raw, parsed.error.issues[0]?.path ?? []));
  const updatedAt = instantOf(parsed.data.update_time);
  if (updatedAt === null || updatedAt === 'unreadable')
    return err({ object, externalId: String(parsed.data.id), code: 'DATE_UNREADABLE', field: 'update_time' });
  return ok(make(parsed.data, updatedAt));
}
