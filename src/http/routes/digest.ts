import { type Response, Router } from 'express';
import { digestModelOf } from '../../../jobs/digest-model.ts';
import { renderDigest } from '../../../templates/digest/render.ts';
import { asId, type ManagerId, type SnapshotId } from '../../core/ids.ts';
import type { TenantStore } from '../../ports/store.ts';
import type { HttpContext } from '../context.ts';

/** A mail carries its style inside; scripts and anything from elsewhere stay out. */
const MAIL_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/**
 * The digest as it was sent, from what its snapshot froze. `/digest/of/:snapshot/:manager` shows what would be sent, for the frame on the
 * page and for previews.
 */
export function digestRoutes(context: HttpContext): Router {
  const { store, tenantId } = context;
  const router = Router();
  router.get('/digest/of/:snapshot/:manager', async (request, response) => {
    const { snapshot, manager } = request.params;
    const html = await store.inTenant(tenantId, (tenant) =>
      htmlOf(context, tenant, asId<SnapshotId>(snapshot), asId<ManagerId>(manager), 'preview'),
    );
    reply(response, html);
  });
  router.get('/digest/:id', async (request, response) => {
    const html = await store.inTenant(tenantId, async (tenant) => {
      const row = await tenant.digests.get(request.params.id);
      return row === null ? null : await htmlOf(context, tenant, row.snapshotId, row.managerId, row.id);
    });
    reply(response, html);
  });
  return router;
}

async function htmlOf(
  context: HttpContext,
  tenant: TenantStore,
  snapshotId: SnapshotId,
  managerId: ManagerId,
  digestId: string,
): Promise<string | null> {
  const header = await tenant.snapshots.header(snapshotId);
  const manager = header?.managers.find((candidate) => candidate.id === managerId);
  if (header === null || manager === undefined) return null;
  const { tenantId } = context;
  return renderDigest(await digestModelOf(tenant, context.links, { tenantId, header, manager, digestId }))
    .html;
}

function reply(response: Response, html: string | null): void {
  if (html === null) response.status(404).type('text').send('404');
  else response.set('Content-Security-Policy', MAIL_POLICY).type('html').send(html);
}
