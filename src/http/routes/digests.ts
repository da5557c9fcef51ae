import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { type AgainAnswer, sendAgain } from '../../../jobs/digest/digest-again.ts';
import { digestStatus } from '../../../jobs/digest/digest-status.ts';
import { adminAddress, askForTest } from '../../../jobs/digest/digest-test.ts';
import { asId, type ManagerId } from '../../core/values/ids.ts';
import type { TenantStore } from '../../ports/store.ts';
import { digestsHref } from '../../web/digests/digest-href.ts';
import { digestPageView } from '../../web/digests/digest-page.ts';
import { type DigestPageInput, NOTICES, type Notice, PREVIEWS } from '../../web/digests/digest-page-input.ts';
import { renderDigestPage } from '../../web/digests/digest-render.ts';
import { renderNoForecastPage } from '../../web/render.ts';
import type { HttpContext } from '../context.ts';
import { localeOf } from '../locale.ts';
import { requireSameOrigin } from '../same-origin.ts';
import { shownDigest } from '../shown-digest.ts';
import { firstConnection, pageHeaderOf } from '../shown-week.ts';

/** The page's own script measures the height of the framed mail; nothing else may run. */
const SCRIPT_POLICY = "script-src 'self'";

const BY = 'web page';

/** What an old or hand-written address does not say rightly falls back to what is newest. */
const query = z.object({
  manager: z.string().optional().catch(undefined),
  iso: z
    .string()
    .regex(/^\d{4}-W\d{2}$/)
    .optional()
    .catch(undefined),
  view: z.enum(PREVIEWS).catch('phone'),
  mail: z.enum(['fr', 'en']).optional().catch(undefined),
  done: z.enum(NOTICES).optional().catch(undefined),
});

const testForm = z.strictObject({ week: z.iso.date(), to: z.enum(['manager', 'admin']) });
const againForm = z.strictObject({ digest: z.string().min(1).max(200), yes: z.literal('yes').optional() });

export function digestsRoutes(context: HttpContext): Router {
  const { store, tenantId } = context;
  const router = Router();
  const sameOrigin = requireSameOrigin(context.config);
  router.get('/digests', async (request, response) => {
    const input = await store.inTenant(tenantId, (tenant) => readPage(context, tenant, request));
    const policy = response.get('content-security-policy');
    if (policy !== undefined) response.set('Content-Security-Policy', `${policy};${SCRIPT_POLICY}`);
    response
      .type('html')
      .send(
        input === null ? renderNoForecastPage(localeOf(request)) : renderDigestPage(digestPageView(input)),
      );
  });
  router.post('/digests/test', sameOrigin, async (request, response) => {
    answer(request, response, await store.inTenant(tenantId, (tenant) => takeTest(context, tenant, request)));
  });
  router.post('/digests/again', sameOrigin, async (request, response) => {
    answer(
      request,
      response,
      await store.inTenant(tenantId, (tenant) => takeAgain(context, tenant, request)),
    );
  });
  const answer = (request: Request, response: Response, taken: Taken | null): void => {
    if (taken === null) {
      response.status(400).type('text').send('400');
      return;
    }
    context.ring(taken.effects);
    response.redirect(303, backTo(request, taken.notice));
  };
  return router;
}

/** What a form led to, and the work that was committed with it. */
interface Taken {
  readonly notice: Notice;
  readonly effects: readonly string[];
}

/** Null before an account is connected. */
async function readPage(
  context: HttpContext,
  tenant: TenantStore,
  request: Request,
): Promise<DigestPageInput | null> {
  const connection = await firstConnection(context, tenant);
  const company = await tenant.settings.company();
  if (connection === null || company === null) return null;
  const asked = query.parse(request.query);
  const admin = await adminAddress({ alertEmail: context.config.alertEmail }, tenant);
  return {
    locale: localeOf(request),
    header: pageHeaderOf(context, connection, {
      company,
      dataReadAt: connection.lastPulledAt ?? context.clock.now(),
    }),
    statuses: await digestStatus(tenant, connection, context.clock.now()),
    shown: await shownDigest(context, tenant, connection, {
      managerId: asked.manager ?? null,
      isoWeek: asked.iso ?? null,
      view: asked.view,
      mailIn: asked.mail ?? null,
    }),
    notice: asked.done ?? null,
    admin: admin?.address ?? null,
  };
}

/** Null for a form that is none of ours. */
async function takeTest(context: HttpContext, tenant: TenantStore, request: Request): Promise<Taken | null> {
  const form = testForm.safeParse(request.body);
  const connection = await firstConnection(context, tenant);
  if (!form.success || connection === null) return null;
  const { week, to } = form.data;
  const snapshot = (await tenant.snapshots.list(connection.id)).find(({ asOf }) => asOf.toString() === week);
  const managerId = asId<ManagerId>(query.parse(request.query).manager ?? '');
  const header = snapshot === undefined ? null : await tenant.snapshots.header(snapshot.id);
  if (header === null || !header.managers.some(({ id }) => id === managerId)) return null;
  const at = context.clock.now();
  const answer = await askForTest(tenant, { snapshotId: header.id, managerId, to, by: BY, at });
  return answer.kind === 'asked'
    ? { notice: 'test_asked', effects: [answer.effectId] }
    : { notice: 'test_too_many', effects: [] };
}

/** The same rules and the same trace as `jalon digest send --again`; the work goes through the outbox. */
async function takeAgain(context: HttpContext, tenant: TenantStore, request: Request): Promise<Taken | null> {
  const form = againForm.safeParse(request.body);
  const row = form.success ? await tenant.digests.get(form.data.digest) : null;
  if (!form.success || row === null) return null;
  const at = context.clock.now();
  const answer: AgainAnswer = await sendAgain(tenant, { row, by: BY, at, yes: form.data.yes === 'yes' });
  if (answer.kind === 'refused') return { notice: `again_${answer.why}`, effects: [] };
  const effectId = await tenant.effects.add({ ...answer.effect, dueAt: at });
  return { notice: 'again_asked', effects: [effectId] };
}

/** A page that is loaded again must not send the form again. */
function backTo(request: Request, notice: Notice): string {
  const { manager, iso, view, mail } = query.parse(request.query);
  const address = digestsHref({
    locale: localeOf(request),
    managerId: manager ?? null,
    isoWeek: iso ?? null,
    view,
    mailIn: mail ?? null,
  });
  return `${address}&done=${notice}`;
}
