/**
 * What we read of HubSpot's replies, and nothing more. Instants arrive as `Date` because the vendor client's models make them so;
 * an unreadable one is an Invalid Date, which `z.date()` refuses. Records are parsed one by one: a bad one is a rejection, not a lost page.
 */
import * as z from 'zod';

const instant = z.date().transform((date) => Temporal.Instant.fromEpochMilliseconds(date.getTime()));

/** Ids are digits today and text by contract; v4 associations send them as numbers. */
const id = z.union([z.string().min(1), z.number().transform(String)]);

const paging = z.object({ next: z.object({ after: z.string().min(1) }).optional() }).nullish();

const associated = z.object({ results: z.array(z.object({ id })), paging });

export const recordSchema = z.object({
  id,
  properties: z.record(z.string(), z.string().nullable()),
  propertiesWithHistory: z
    .record(z.string(), z.array(z.object({ value: z.string().nullish(), timestamp: instant })))
    .optional(),
  associations: z.record(z.string(), associated).optional(),
  createdAt: instant.optional(),
  updatedAt: instant,
  archivedAt: instant.optional(),
});
export type HubspotRecord = z.infer<typeof recordSchema>;

/** `results` stay unparsed here. */
export const pageSchema = z.object({ results: z.array(z.unknown()), paging });
export const searchSchema = pageSchema.extend({ total: z.number().int().nonnegative() });

/** A row of a search or of a batch reply, as far as bookkeeping needs it. */
export const rowSchema = z.object({
  id,
  properties: z.record(z.string(), z.string().nullable()),
  updatedAt: instant,
});

export const batchSchema = z.object({
  results: z.array(z.unknown()),
  errors: z
    .array(
      z.object({
        message: z.string().optional(),
        category: z.string().optional(),
        context: z.record(z.string(), z.array(z.string())).optional(),
        errors: z.array(z.object({ message: z.string().optional(), code: z.string().optional() })).optional(),
      }),
    )
    .optional(),
});
export type BatchReply = z.infer<typeof batchSchema>;

/** `from` on the wire; the client's models call it `_from`. */
export const associationsSchema = z.object({
  results: z.array(z.object({ _from: z.object({ id }), to: z.array(z.object({ toObjectId: id })), paging })),
});

export const pipelinesSchema = z.object({
  results: z.array(
    z.object({
      id,
      label: z.string(),
      stages: z.array(
        z.object({
          id,
          label: z.string(),
          displayOrder: z.number(),
          archived: z.boolean().optional(),
          /** Texts, also the truth values: "true", "0.4". */
          metadata: z.record(z.string(), z.string()).optional(),
        }),
      ),
    }),
  ),
});

export const ownerPageSchema = z.object({
  results: z.array(
    z.object({
      id,
      email: z.string().nullish(),
      firstName: z.string().nullish(),
      lastName: z.string().nullish(),
      archived: z.boolean().optional(),
      teams: z.array(z.object({ id, name: z.string() })).nullish(),
    }),
  ),
  paging,
});
export type HubspotOwner = z.infer<typeof ownerPageSchema>['results'][number];

/** developers.hubspot.com/docs/api-reference/account-account-info: GET /account-info/{version}/details. */
export const accountSchema = z.object({
  portalId: z.union([z.number(), z.string()]).transform(String),
  timeZone: z.string(),
  companyCurrency: z.string(),
  additionalCurrencies: z.array(z.string()).nullish(),
  uiDomain: z.string().nullish(),
});
export type HubspotAccount = z.infer<typeof accountSchema>;

/** GET /settings/currencies/{version}/exchange-rates/current; this one comes without the vendor's models, so dates are texts. */
export const ratesSchema = z.object({
  results: z.array(
    z.object({
      fromCurrencyCode: z.string(),
      toCurrencyCode: z.string(),
      conversionRate: z.union([z.number().transform(String), z.string()]),
      effectiveAt: z.string(),
    }),
  ),
});

const option = z.object({
  label: z.string(),
  value: z.string(),
  displayOrder: z.number().optional(),
  hidden: z.boolean().optional(),
});
export const propertiesSchema = z.object({
  results: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      fieldType: z.string(),
      groupName: z.string().nullish(),
      archived: z.boolean().nullish(),
      calculated: z.boolean().nullish(),
      options: z.array(option).nullish(),
      modificationMetadata: z.object({ readOnlyValue: z.boolean().optional() }).nullish(),
    }),
  ),
});
export type HubspotProperty = z.infer<typeof propertiesSchema>['results'][number];
