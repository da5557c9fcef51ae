import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { PastForecast } from '../../../jobs/past-forecast.ts';
import { checkFrozenForecast, type FrozenForecast } from '../../core/forecast/frozen-forecast.ts';
import { asId, type SnapshotId } from '../../core/values/ids.ts';
import type { TenantStore } from '../../ports/store.ts';
import type {
  FreezeDraft,
  FreezeFormInput,
  FreezePageInput,
  FreezeScope,
  FreezeValues,
} from '../../web/freeze/freeze-input.ts';
import { freezePageView } from '../../web/freeze/freeze-page.ts';
import { frozenCsv } from '../../web/freeze/frozen-csv.ts';
import { freezeHref } from '../../web/href.ts';
import { renderFreezePage, renderNoForecastPage } from '../../web/render.ts';
import type { HttpContext } from '../context.ts';
import { freezeValues, readFreezeForm, withAnotherRow } from '../freeze-form.ts';
import { type FreezeCaches, freezeScope, type LatestWeek, latestWeek } from '../freeze-scope.ts';
import { keepNewest } from '../keep-newest.ts';
import { localeOf } from '../locale.ts';
import { replyCsv } from '../reply-csv.ts';
import { requireSameOrigin } from '../same-origin.ts';
import { firstConnection, pageHeaderOf } from '../shown-week.ts';
import type { SnapshotLines } from '../snapshot-lines.ts';

/** The next period of this week's snapshot, and of last week's while people still look at it. */
const KEPT = 2;

const address = z.object({
  manager: z.string().catch(''),
  period: z.string().catch(''),
  saved: z.string().catch(''),
});

/** Which button was pressed, and on which snapshot the page that it was on stood. */
const pressed = z.object({
  step: z.enum(['add', 'check', 'change', 'freeze']).catch('check'),
  snapshot: z.string().catch(''),
});

/** A manager's own figure: written, checked, shown once more, then frozen for good. Only a manager of the company has one. */
export function freezeRoutes(context: HttpContext, lines: SnapshotLines): Router {
  const router = Router();
  const caches: FreezeCaches = { lines, later: keepNewest<PastForecast | null>(KEPT) };
  const inWeek = <T>(work: (tenant: TenantStore, week: LatestWeek) => Promise<T>): Promise<T | null> =>
    context.store.inTenant(context.tenantId, async (tenant) => {
      const connection = await firstConnection(context, tenant);
      const week = connection && (await latestWeek(tenant, connection));
      return week && (await work(tenant, week));
    });
  router.get('/freeze', async (request, response) => {
    const input = await inWeek(async (tenant, week) => {
      const scope = await scopeOf(tenant, caches, week, request);
      const saved = address.parse(request.query).saved !== '';
      return pageOf(context, week, request, scope && { ...scope, form: null, draft: null, saved });
    });
    reply(request, response, input, 200);
  });
  router.get('/frozen.csv', async (request, response) => {
    const scope = await inWeek((tenant, week) => scopeOf(tenant, caches, week, request));
    if (scope === null) response.status(404).type('text').send('404');
    else replyCsv(response, 'frozen', scope.asOf, frozenCsv(scope, localeOf(request)));
  });
  router.post('/freeze', requireSameOrigin(context.config), async (request, response) => {
    const outcome = await inWeek((tenant, week) => takeForm(context, tenant, caches, week, request));
    if (outcome === null) reply(request, response, null, 200);
    else if ('frozen' in outcome) response.redirect(303, hrefOf(request, outcome.frozen));
    else reply(request, response, outcome.page, outcome.status);
  });
  return router;
}

type Choice = Awaited<ReturnType<typeof freezeScope>>;

async function scopeOf(
  tenant: TenantStore,
  caches: FreezeCaches,
  week: LatestWeek,
  request: Request,
): Promise<Choice | null> {
  const { manager: asked, period } = address.parse(request.query);
  const alone = asked === '' && week.managers.length === 1;
  const manager = week.managers.find(({ id }) => alone || id === asked);
  return manager === undefined ? null : await freezeScope(tenant, caches, week, manager, period);
}

function pageOf(
  context: HttpContext,
  { connection, header, managers }: LatestWeek,
  request: Request,
  chosen: FreezeScope | null,
): FreezePageInput {
  return {
    locale: localeOf(request),
    header: pageHeaderOf(context, connection, header),
    managers,
    chosen,
  };
}

function reply(request: Request, response: Response, input: FreezePageInput | null, status: number): void {
  response
    .status(status)
    .type('html')
    .send(input === null ? renderNoForecastPage(localeOf(request)) : renderFreezePage(freezePageView(input)));
}

function hrefOf(request: Request, { managerId, periodKey }: FrozenForecast): string {
  return freezeHref({ locale: localeOf(request), managerId }, periodKey, { saved: '1' });
}

type Outcome =
  | { readonly frozen: FrozenForecast }
  | { readonly page: FreezePageInput; readonly status: number };

/** Nothing is kept before the last of the three steps, and everything that was typed comes back until then. */
async function takeForm(
  context: HttpContext,
  tenant: TenantStore,
  caches: FreezeCaches,
  week: LatestWeek,
  request: Request,
): Promise<Outcome> {
  const scope = await scopeOf(tenant, caches, week, request);
  const show = (changes: Pick<FreezeScope, 'form' | 'draft'>, status: number): Outcome => ({
    page: pageOf(context, week, request, scope && { ...scope, ...changes, saved: false }),
    status,
  });
  if (scope === null) return show({ form: null, draft: null }, 422);
  const { step, snapshot } = pressed.parse(request.body ?? {});
  const values = freezeValues(request.body);
  const { computed, currency, frozenNow } = scope;
  const read = readFreezeForm(values, {
    locale: localeOf(request),
    currency,
    computedMinor: computed.wonMinor + computed.expectedMinor,
    dealIds: new Set(computed.lines.map(({ dealId }) => dealId)),
  });
  const form = read.ok ? written(values) : read.error;
  if (step === 'add') {
    const rows = withAnotherRow(request.body, values);
    return show({ form: { ...form, values: { ...values, rows }, problems: [] }, draft: null }, 200);
  }
  if (step === 'change') return show({ form, draft: null }, 200);
  const refused = (code: 'FORECAST_FROZEN_ONCE' | 'FORECAST_FROZEN_STALE'): Outcome =>
    show({ form: { ...form, problems: [{ code, row: null }, ...form.problems] }, draft: null }, 422);
  if (frozenNow !== null)
    return read.ok && frozenNow.amountMinor === read.value.amountMinor
      ? { frozen: frozenNow }
      : refused('FORECAST_FROZEN_ONCE');
  if (snapshot !== scope.snapshotId) return refused('FORECAST_FROZEN_STALE');
  if (!read.ok) return show({ form, draft: null }, 422);
  if (step === 'check') return show({ form, draft: read.value }, 200);
  return { frozen: await freeze(context, tenant, week, scope, read.value) };
}

function written(values: FreezeValues): FreezeFormInput {
  return { values, problems: [], unexplainedMinor: 0n };
}

/** The figure and its trace, in the transaction that checked it. */
async function freeze(
  { clock }: HttpContext,
  tenant: TenantStore,
  { connection }: LatestWeek,
  { manager, period, snapshotId, asOf, currency }: Choice,
  draft: FreezeDraft,
): Promise<FrozenForecast> {
  const at = clock.now();
  const checked = checkFrozenForecast({
    ...draft,
    managerId: manager.id,
    periodKey: period.key,
    snapshotId: asId<SnapshotId>(snapshotId),
    asOf,
    currency,
    frozenAt: at,
  });
  if (!checked.ok) throw new Error(`${checked.error.code}: the form let through what the core refuses`);
  const frozen = await tenant.frozenForecasts.freeze(connection.id, checked.value);
  // Somebody else may have been first by a moment: what is kept is theirs, and so is the trace.
  if (frozen.amountMinor !== draft.amountMinor || !frozen.frozenAt.equals(at)) return frozen;
  await tenant.audit.append({
    at,
    by: manager.id,
    action: 'freeze',
    subject: period.key,
    before: null,
    after: frozen,
  });
  return frozen;
}
