import { type Response, Router } from 'express';
import { z } from 'zod';
import { digestModelOf } from '../../../jobs/digest/digest-model.ts';
import { renderDigest } from '../../../templates/digest/render.ts';
import type { Locale } from '../../core/milestones/milestone.ts';
import type { SnapshotId } from '../../core/values/ids.ts';
import type { TenantStore } from '../../ports/store.ts';
import type { HttpContext } from '../context.ts';

/** A mail carries its style inside; scripts and anything from elsewhere stay out. */
const MAIL_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/** The digest as it was sent, from what its snapshot froze. `/digest/latest` shows what a manager's would be, for the frame on the page. */
export function digestRoutes(context: HttpContext): Router {
  const { store, tenantId } = context;
  const router = Router();
  router.get('/digest/latest', async (request, response) => {
    const wanted = frame.parse(request.query);
    const html = await store.inTenant(tenantId, async (tenant) => {
      const connection = (await tenant.connections.list()).find(({ crm }) => crm === context.crm);
      const weeks = connection === undefined ? [] : await tenant.snapshots.list(connection.id);
      const week =
        weeks.find(({ asOf }) => asOf.toString() === wanted.week) ??
        weeks.toSorted((left, right) => Temporal.PlainDate.compare(right.asOf, left.asOf))[0];
      return week === undefined
        ? null
        : await htmlOf(context, tenant, {
            snapshotId: week.id,
            managerId: wanted.manager,
            digestId: 'preview',
            locale: wanted.lang,
          });
    });
    reply(response, html === null ? null : inScheme(html, wanted.scheme));
  });
  router.get('/digest/:id', async (request, response) => {
    const html = await store.inTenant(tenantId, async (tenant) => {
      const row = await tenant.digests.get(request.params.id);
      return row === null
        ? null
        : await htmlOf(context, tenant, { ...row, digestId: row.id, locale: undefined });
    });
    reply(response, html);
  });
  return router;
}

const frame = z.object({
  manager: z.string().optional().catch(undefined),
  week: z.iso.date().optional().catch(undefined),
  lang: z.enum(['fr', 'en']).optional().catch(undefined),
  scheme: z.enum(['light', 'dark']).optional().catch(undefined),
});

/** The mail as a reader by day or by night has it, whatever the screen of who looks at the preview prefers. */
function inScheme(html: string, scheme: 'light' | 'dark' | undefined): string {
  if (scheme === undefined) return html;
  const rules = scheme === 'dark' ? 'all' : 'not all';
  return html.replaceAll(/@media\s*\(prefers-color-scheme:\s*dark\)/g, `@media ${rules}`);
}

interface Shown {
  readonly snapshotId: SnapshotId;
  /** The first manager when absent. */
  readonly managerId: string | undefined;
  readonly digestId: string;
  /** The manager's own when absent. */
  readonly locale: Locale | undefined;
}

async function htmlOf(context: HttpContext, tenant: TenantStore, shown: Shown): Promise<string | null> {
  const { tenantId } = context;
  const header = await tenant.snapshots.header(shown.snapshotId);
  const manager = header?.managers.find(({ id }) => shown.managerId === undefined || id === shown.managerId);
  if (header === null || manager === undefined) return null;
  const model = await digestModelOf(tenant, context.links, {
    tenantId,
    header,
    manager,
    digestId: shown.digestId,
  });
  return renderDigest({ ...model, locale: shown.locale ?? model.locale }).html;
}

function reply(response: Response, html: string | null): void {
  if (html === null) response.status(404).type('text').send('404');
  else response.set('Content-Security-Policy', MAIL_POLICY).type('html').send(html);
}
