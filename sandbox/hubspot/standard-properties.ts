import { linesOf, lineTotal } from '../world/line-items.ts';
import type { RecordKind } from '../world/types.ts';
import type { World } from '../world/world.ts';
import { calculated, field, options } from './property-shapes.ts';
import type { StandardProperty } from './property-types.ts';
import { iso } from './reply.ts';
import { stageProperties } from './stage-properties.ts';
import { byTable, keepDay, lower, showDay, upper } from './values.ts';

/** The properties that every HubSpot account has, as far as a sales reader looks at them (hubspot.md section 4). */

const OWNER = field('hubspot_owner_id', 'Owner', 'enumeration', 'owner');
const OBJECT_ID = calculated('hs_object_id', 'Record ID', 'number', (record) => record.id);
const MERGED = calculated('hs_merged_object_ids', 'Merged record IDs', 'enumeration', (record) =>
  record.mergedIds.length === 0 ? null : record.mergedIds.join(';'),
);

function created(name: string): StandardProperty {
  return calculated(name, 'Create date', 'datetime', (record, world) => {
    return world.value(record, 'created_at') ?? iso(record.createdAtMs);
  });
}

function modified(name: string): StandardProperty {
  return calculated(name, 'Last modified date', 'datetime', (record) => iso(record.updatedAtMs));
}

const DISPOSITIONS = byTable({
  connected: 'f240bbac-87c9-4f6e-bf70-924b57d47db7',
  busy: '9d9162e7-6cf3-4944-bf63-4dff82258764',
  left_voicemail: 'b2cf5968-551e-4856-9783-52b3da59a7d0',
  no_answer: '73a0d17f-1163-4015-bdd5-ec830791da20',
});
const CASE = { show: upper, keep: lower };
const EMAIL_DIRECTION = byTable({ outgoing: 'EMAIL', incoming: 'INCOMING_EMAIL' });
const BUYING_ROLES = [
  'BLOCKER',
  'BUDGET_HOLDER',
  'CHAMPION',
  'DECISION_MAKER',
  'END_USER',
  'EXECUTIVE_SPONSOR',
  'INFLUENCER',
  'LEGAL_AND_COMPLIANCE',
  'OTHER',
];

const DEAL: readonly StandardProperty[] = [
  field('dealname', 'Deal Name', 'string', 'name'),
  field('amount', 'Amount', 'number', 'amount'),
  field('deal_currency_code', 'Currency', 'enumeration', 'currency'),
  field('pipeline', 'Pipeline', 'enumeration', 'pipeline'),
  field('dealstage', 'Deal Stage', 'enumeration', 'stage', {}, { fieldType: 'radio' }),
  field('closedate', 'Close Date', 'datetime', 'close_date', { show: showDay, keep: keepDay }),
  field(
    'dealtype',
    'Deal Type',
    'enumeration',
    'type',
    {},
    { options: options(['newbusiness', 'existingbusiness']) },
  ),
  field('hs_next_step', 'Next step', 'string', 'next_step'),
  field('description', 'Deal Description', 'string', 'description', {}, { fieldType: 'textarea' }),
  created('createdate'),
  MERGED,
  calculated('hubspot_team_id', 'HubSpot Team', 'enumeration', (record, world) => {
    const owner = world.owners.find((candidate) => candidate.id === world.value(record, 'owner'));
    return owner?.teamIds[0] ?? null;
  }),
  calculated('num_associated_contacts', 'Number of Associated Contacts', 'number', (record, world) =>
    String(world.linked(record, 'contact').length),
  ),
  calculated('hs_num_of_associated_line_items', 'Number of line items', 'number', (record, world) =>
    String(linesOf(world, record).length),
  ),
];

const COMPANY: readonly StandardProperty[] = [
  field('name', 'Company name', 'string', 'name'),
  field('domain', 'Company Domain Name', 'string', 'domain'),
  field('industry', 'Industry', 'string', 'industry'),
  field('city', 'City', 'string', 'city'),
  created('createdate'),
];

const CONTACT: readonly StandardProperty[] = [
  field('firstname', 'First Name', 'string', 'first_name'),
  field('lastname', 'Last Name', 'string', 'last_name'),
  field('email', 'Email', 'string', 'email'),
  field('jobtitle', 'Job Title', 'string', 'job_title'),
  field(
    'hs_buying_role',
    'Buying Role',
    'enumeration',
    'buying_role',
    {},
    {
      fieldType: 'checkbox',
      options: options(BUYING_ROLES),
    },
  ),
  created('createdate'),
];

const TIMESTAMP = field('hs_timestamp', 'Activity date', 'datetime', 'at');

const CALL: readonly StandardProperty[] = [
  TIMESTAMP,
  field('hs_call_title', 'Call Title', 'string', 'title'),
  field('hs_call_body', 'Call notes', 'string', 'body'),
  field('hs_call_direction', 'Call direction', 'enumeration', 'direction', CASE, {
    options: options(['INBOUND', 'OUTBOUND']),
  }),
  field('hs_call_disposition', 'Call outcome', 'enumeration', 'outcome', DISPOSITIONS),
  field('hs_call_duration', 'Call duration', 'number', 'duration_ms'),
  calculated('hs_call_status', 'Call status', 'enumeration', () => 'COMPLETED'),
];

const EMAIL: readonly StandardProperty[] = [
  TIMESTAMP,
  field('hs_email_subject', 'Email subject', 'string', 'subject'),
  field('hs_email_text', 'Text Body', 'string', 'body'),
  field('hs_email_direction', 'Email Direction', 'enumeration', 'direction', EMAIL_DIRECTION),
  field('hs_email_from_email', 'Email From Address', 'string', 'from'),
  field('hs_email_to_email', 'Email To Address', 'string', 'to'),
  calculated('hs_email_status', 'Email send status', 'enumeration', () => 'SENT'),
];

const MEETING: readonly StandardProperty[] = [
  TIMESTAMP,
  field('hs_meeting_title', 'Meeting name', 'string', 'title'),
  field('hs_meeting_body', 'Meeting description', 'string', 'body'),
  field('hs_meeting_start_time', 'Start time', 'datetime', 'start'),
  field('hs_meeting_end_time', 'End time', 'datetime', 'end'),
  field('hs_meeting_outcome', 'Meeting outcome', 'enumeration', 'outcome', CASE),
];

const NOTE: readonly StandardProperty[] = [TIMESTAMP, field('hs_note_body', 'Note body', 'string', 'body')];

const TASK: readonly StandardProperty[] = [
  TIMESTAMP,
  field('hs_task_subject', 'Task Title', 'string', 'subject'),
  field('hs_task_body', 'Notes', 'string', 'body'),
  field('hs_task_status', 'Task Status', 'enumeration', 'status', CASE),
];

const PRODUCT: readonly StandardProperty[] = [
  field('name', 'Name', 'string', 'name'),
  field('hs_sku', 'SKU', 'string', 'code'),
  field('price', 'Unit price', 'number', 'price'),
  created('createdate'),
];

const LINE_ITEM: readonly StandardProperty[] = [
  field('name', 'Name', 'string', 'name'),
  field('hs_product_id', 'Product ID', 'number', 'product'),
  field('quantity', 'Quantity', 'number', 'quantity'),
  field('price', 'Unit price', 'number', 'price'),
  field('hs_line_item_currency_code', 'Currency', 'enumeration', 'currency'),
  field('hs_discount_percentage', 'Unit discount %', 'number', 'discount_percent'),
  calculated('amount', 'Net price', 'number', (record, world) => lineTotal(world, record)),
  created('createdate'),
];

const OWN: Readonly<Record<RecordKind, readonly StandardProperty[]>> = {
  deal: DEAL,
  company: COMPANY,
  contact: CONTACT,
  call: CALL,
  email: EMAIL,
  meeting: MEETING,
  note: NOTE,
  task: TASK,
  product: PRODUCT,
  line_item: LINE_ITEM,
};

export function standardProperties(kind: RecordKind, world: World): readonly StandardProperty[] {
  const stamps = ['deal', 'company', 'product', 'line_item'].includes(kind)
    ? [modified('hs_lastmodifieddate')]
    : kind === 'contact'
      ? [modified('lastmodifieddate')]
      : [created('hs_createdate'), modified('hs_lastmodifieddate')];
  const stages = kind === 'deal' ? stageProperties(world) : [];
  return [...OWN[kind], OWNER, OBJECT_ID, ...stamps, ...stages];
}
