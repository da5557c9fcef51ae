import { type Request, Router } from 'express';
import { openLines } from '../../core/forecast/summary.ts';
import { byStake } from '../../core/review/questions.ts';
import { isoWeekOf, midnightOf } from '../../core/values/calendar.ts';
import type { TenantStore } from '../../ports/store.ts';
import {
  activityCsv,
  type OneToOneInput,
  oneToOneView,
  SHEET_LIMITS,
} from '../../web/one-to-one/one-to-one-page.ts';
import { renderNotFoundPage, renderOneToOnePage } from '../../web/render.ts';
import type { HttpContext } from '../context.ts';
import { localeOf } from '../locale.ts';
import { replyCsv } from '../reply-csv.ts';
import { sheetQuestions } from '../sheet-questions.ts';
import { linesOfWeek, pageHeaderOf, shownWeek } from '../shown-week.ts';
import type { SnapshotLines } from '../snapshot-lines.ts';

const NOTES_READ = 100;

export function oneToOneRoutes(context: HttpContext, lines: SnapshotLines): Router {
  const router = Router();
  const read = (request: Request) =>
    context.store.inTenant(context.tenantId, (tenant) => readSheet(context, tenant, lines, request));
  router.get('/one-to-one/:ownerId/activity.csv', async (request, response) => {
    const input = await read(request);
    if (input === null) response.status(404).type('text').send('404');
    else replyCsv(response, 'activity', input.asOf, activityCsv(input));
  });
  router.get('/one-to-one/:ownerId', async (request, response) => {
    const input = await read(request);
    if (input === null)
      response
        .status(404)
        .type('html')
        .send(renderNotFoundPage(localeOf(request)));
    else response.type('html').send(renderOneToOnePage(oneToOneView(input)));
  });
  return router;
}

/** Null before the first snapshot, and for a person whom that week's CRM did not know. */
async function readSheet(
  context: HttpContext,
  tenant: TenantStore,
  cache: SnapshotLines,
  request: Request,
): Promise<OneToOneInput | null> {
  const shown = await shownWeek(context, tenant, request);
  const owner = shown?.header.owners.find(({ id }) => id === request.params['ownerId']);
  if (shown === null || owner === undefined) return null;
  const { connection, header, manager, locale } = shown;
  const { asOf, company, model } = header;
  const all = await linesOfWeek(tenant, cache, { header, manager: null });
  const own = all.filter(({ ownerId }) => ownerId === owner.id);
  const from = asOf.subtract({ weeks: SHEET_LIMITS.weeks });
  const notes = await tenant.reviewNotes.ofDeals(
    connection.id,
    own.map(({ dealId }) => dealId),
    NOTES_READ,
  );
  return {
    locale,
    managerId: manager?.id ?? null,
    header: pageHeaderOf(context, connection, header),
    company,
    asOf,
    owner,
    questions: await sheetQuestions(tenant, shown, owner, all),
    toProve: byStake(openLines(own)).filter(({ missing }) => missing.length > 0),
    notes: notes.filter(({ isoWeek, mark }) => mark === 'note' && isoWeek >= isoWeekOf(from)),
    dealNames: new Map(own.map(({ dealId, dealName }) => [dealId, dealName])),
    mix: await tenant.records.activityMix(
      connection.id,
      owner.id,
      midnightOf(from, company.zone),
      midnightOf(asOf, company.zone),
    ),
    milestones: model.milestones,
    managers: header.managers,
  };
}
