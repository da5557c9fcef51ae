/** Shapes of Pipedrive's replies, as far as they are read. Every property may be missing in the vendor's own types; unknown ones pass. */
import * as z from 'zod';

const id = z.int().positive();
const text = z.string();

/** v2 lists; `data` is null for an empty one in some v1 replies. */
export const listSchema = z.object({
  data: z
    .array(z.unknown())
    .nullable()
    .transform((rows) => rows ?? []),
  additional_data: z.object({ next_cursor: text.nullish() }).nullish(),
});

/** v1 lists. `next_start` is undocumented on the last page: only `more_items_in_collection` counts. */
export const startListSchema = z.object({
  data: z
    .array(z.unknown())
    .nullable()
    .transform((rows) => rows ?? []),
  additional_data: z
    .object({
      pagination: z
        .object({ start: z.int(), limit: z.int(), more_items_in_collection: z.boolean() })
        .nullish(),
    })
    .nullish(),
});

/** `value` arrives as text: see exact-json.ts. */
export const dealSchema = z.object({
  id,
  title: text.nullish(),
  owner_id: id.nullish(),
  person_id: id.nullish(),
  org_id: id.nullish(),
  pipeline_id: id.nullish(),
  stage_id: id.nullish(),
  status: z.enum(['open', 'won', 'lost', 'deleted']),
  value: text.nullish(),
  currency: text.nullish(),
  add_time: text.nullish(),
  update_time: text.nullish(),
  stage_change_time: text.nullish(),
  won_time: text.nullish(),
  lost_time: text.nullish(),
  archive_time: text.nullish(),
  expected_close_date: text.nullish(),
  last_incoming_mail_time: text.nullish(),
  products_count: z.int().nullish(),
  custom_fields: z.record(z.string(), z.unknown()).nullish(),
});
export type PipedriveDeal = z.infer<typeof dealSchema>;

export const productSchema = z.object({
  id,
  name: text.nullish(),
  code: text.nullish(),
  is_deleted: z.boolean().nullish(),
  add_time: text.nullish(),
  update_time: text.nullish(),
});

/** Amounts and quantity arrive as text: see exact-json.ts. */
export const dealProductSchema = z.object({
  id,
  deal_id: id,
  product_id: z.int().nullish(),
  name: text.nullish(),
  quantity: text.nullish(),
  item_price: text.nullish(),
  sum: text.nullish(),
  currency: text.nullish(),
  add_time: text.nullish(),
  update_time: text.nullish(),
});

export const organizationSchema = z.object({ id, name: text.nullish(), update_time: text.nullish() });

export const personSchema = z.object({
  id,
  name: text.nullish(),
  update_time: text.nullish(),
  custom_fields: z.record(z.string(), z.unknown()).nullish(),
});

export const activitySchema = z.object({
  id,
  type: text.nullish(),
  subject: text.nullish(),
  owner_id: id.nullish(),
  deal_id: id.nullish(),
  due_date: text.nullish(),
  due_time: text.nullish(),
  done: z.boolean().nullish(),
  marked_as_done_time: text.nullish(),
  add_time: text.nullish(),
  update_time: text.nullish(),
});

export const noteSchema = z.object({
  id,
  deal_id: id.nullish(),
  user_id: id.nullish(),
  add_time: text.nullish(),
  update_time: text.nullish(),
});

export const changeSchema = z.object({
  field_key: text,
  old_value: text.nullish(),
  new_value: text.nullish(),
  time: text.nullish(),
});
export type PipedriveChange = z.infer<typeof changeSchema>;

export const fieldSchema = z.object({
  field_name: text,
  field_code: text,
  field_type: text,
  is_custom_field: z.boolean().nullish(),
  description: text.nullish(),
  options: z.array(z.object({ id: z.union([z.int(), text]), label: text })).nullish(),
});
export type PipedriveField = z.infer<typeof fieldSchema>;
export const fieldReplySchema = z.object({ data: fieldSchema });

export const pipelineSchema = z.object({
  id,
  name: text.nullish(),
  order_nr: z.int().nullish(),
  is_deleted: z.boolean().nullish(),
});

export const stageSchema = z.object({
  id,
  name: text.nullish(),
  pipeline_id: id,
  order_nr: z.int().nullish(),
  is_deleted: z.boolean().nullish(),
  deal_probability: z.number().nullish(),
});

export const userSchema = z.object({
  id,
  name: text.nullish(),
  email: text.nullish(),
  active_flag: z.boolean().nullish(),
  is_deleted: z.boolean().nullish(),
});

export const meSchema = z.object({
  data: z.object({
    company_id: id,
    company_name: text.nullish(),
    company_domain: text.nullish(),
    default_currency: text,
    timezone_name: text.nullish(),
    language: z.object({ language_code: text.nullish() }).nullish(),
  }),
});
export type PipedriveMe = z.infer<typeof meSchema>['data'];

export const teamSchema = z.object({
  id,
  name: text.nullish(),
  users: z.array(z.int()).nullish(),
  active_flag: z.union([z.boolean(), z.number()]).nullish(),
  deleted_flag: z.union([z.boolean(), z.number()]).nullish(),
});

export const updatedDealSchema = z.object({ data: z.object({ id, update_time: text }) });

/** The password is in the reply too: it is not read. */
const webhookSchema = z.object({
  id,
  subscription_url: text,
  version: text.nullish(),
  event_action: text.nullish(),
  event_object: text.nullish(),
  is_active: z.union([z.boolean(), z.number()]).transform(Number).nullish(),
  http_auth_user: text.nullish(),
});
export type PipedriveWebhook = z.infer<typeof webhookSchema>;
export const webhooksSchema = z.object({
  data: z
    .array(webhookSchema)
    .nullable()
    .transform((rows) => rows ?? []),
});
