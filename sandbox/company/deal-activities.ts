import type { RecordKind, WorldEvent } from '../world/types.ts';
import type { Person } from './customers.ts';
import type { PlannedDeal, Telling } from './deal-life.ts';

/** Days of the future for which activities are told at most: enough for the next Mondays. */
const LAST_DAY = 60;

/** Something people did for a deal; ids are given when all are known and in order of time. */
export interface PlannedActivity {
  readonly kind: RecordKind;
  readonly atMs: number;
  readonly fields: Readonly<Record<string, string>>;
  readonly dealId: string;
  readonly contactId: string | null;
}

/** Mails, calls, meetings, notes and tasks along the life of a deal: a burst around each step, a trickle between, nothing in silence. */
export function activitiesOf(telling: Telling, deal: PlannedDeal): readonly PlannedActivity[] {
  const { chance, days } = telling;
  const until = Math.min(deal.plan.silentFrom ?? deal.plan.end?.day ?? LAST_DAY, LAST_DAY);
  const act = actor(telling, deal);
  const told: PlannedActivity[] = [act(deal.plan.createdDay, 'mailOut')];
  for (const step of deal.plan.steps) {
    if (step.day >= until) break;
    if (step.proofAfter !== null) told.push(act(step.day, step.milestone === 0 ? 'mailIn' : 'meeting'));
    else if (step.milestone === 0) told.push(act(step.day, 'callMissed'));
    if (chance.happens(0.4)) told.push(act(step.day, 'note'));
  }
  for (let day = deal.plan.createdDay + chance.whole(3, 9); day < until; day += chance.whole(6, 16)) {
    told.push(act(days.workday(day), chance.pick(TRICKLE)));
  }
  return told;
}

type Deed = 'mailOut' | 'mailIn' | 'call' | 'callMissed' | 'meeting' | 'meetingNoShow' | 'note' | 'task';

const TRICKLE: readonly Deed[] = [
  'mailOut',
  'mailOut',
  'mailIn',
  'mailIn',
  'call',
  'call',
  'callMissed',
  'meeting',
  'meetingNoShow',
  'note',
  'task',
];

function actor(
  telling: Telling,
  { id, plan, customer }: PlannedDeal,
): (day: number, deed: Deed) => PlannedActivity {
  const { chance, days, reps } = telling;
  const rep = reps[plan.rep];
  return (day, deed) => {
    const person = customer.contacts.length === 0 ? null : chance.pick(customer.contacts);
    const atMs = days.atMs(day, chance.whole(510, 1_100));
    const said = fieldsOf(telling, deed, atMs, rep?.email ?? '', person);
    return {
      kind: said.kind,
      atMs,
      fields: { at: iso(atMs), owner: rep?.id ?? '', ...said.fields },
      dealId: id,
      contactId: person?.id ?? null,
    };
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function fieldsOf(
  telling: Telling,
  deed: Deed,
  atMs: number,
  ours: string,
  person: Person | null,
): { readonly kind: RecordKind; readonly fields: Readonly<Record<string, string>> } {
  const { subjects } = telling.words;
  const theirs = person?.email ?? '';
  const during = { start: iso(atMs), end: iso(atMs + 45 * 60_000) };
  switch (deed) {
    case 'mailOut':
      return {
        kind: 'email',
        fields: { subject: subjects.mailOut, direction: 'outgoing', from: ours, to: theirs },
      };
    case 'mailIn':
      return {
        kind: 'email',
        fields: { subject: subjects.mailIn, direction: 'incoming', from: theirs, to: ours },
      };
    case 'call':
      return {
        kind: 'call',
        fields: { title: subjects.call, direction: 'outbound', outcome: 'connected', duration_ms: '540000' },
      };
    case 'callMissed':
      return {
        kind: 'call',
        fields: { title: subjects.call, direction: 'outbound', outcome: 'no_answer', duration_ms: '0' },
      };
    case 'meeting':
      return { kind: 'meeting', fields: { title: subjects.meeting, outcome: 'completed', ...during } };
    case 'meetingNoShow':
      return { kind: 'meeting', fields: { title: subjects.meeting, outcome: 'no_show', ...during } };
    case 'note':
      return { kind: 'note', fields: { body: subjects.note } };
    case 'task':
      return { kind: 'task', fields: { subject: subjects.task, status: 'completed' } };
  }
}

/** Numbers the activities in order of time and links them; logging one counts as a change of its deal, as it does in a CRM. */
export function activityEvents(planned: readonly PlannedActivity[]): readonly WorldEvent[] {
  const ordered = [...planned].sort((a, b) => a.atMs - b.atMs);
  return ordered.flatMap((activity, at) => {
    const { kind, atMs, fields, dealId, contactId } = activity;
    const id = String(41_900_000_001 + at * 2);
    const from = { kind, id };
    const link = (to: { kind: RecordKind; id: string }): WorldEvent => ({ what: 'link', atMs, from, to });
    return [
      { what: 'create', atMs, kind, id, fields },
      link({ kind: 'deal', id: dealId }),
      ...(contactId === null ? [] : [link({ kind: 'contact', id: contactId })]),
      { what: 'edit', atMs, kind: 'deal', id: dealId, fields: {} },
    ] satisfies readonly WorldEvent[];
  });
}
