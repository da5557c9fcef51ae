/** The facts of one manager's digest, read from what the snapshot froze: the mail, the preview and the page of that week are one thing. */

import type { Manager } from '../../src/core/deals/manager.ts';
import { linesOfManager } from '../../src/core/deals/target.ts';
import type { ForecastLine } from '../../src/core/forecast/forecast-types.ts';
import { composeDigest } from '../../src/core/review/digest.ts';
import type { DigestModel } from '../../src/core/review/digest-types.ts';
import type { TenantId } from '../../src/core/values/ids.ts';
import type { SnapshotHeader, StoredForecast } from '../../src/ports/snapshot-store.ts';
import type { TenantStore } from '../../src/ports/store.ts';
import { JobError, type LinkMaker } from '../context.ts';

export interface DigestSubject {
  readonly tenantId: TenantId;
  readonly header: SnapshotHeader;
  readonly manager: Manager;
  readonly digestId: string;
}

export async function digestModelOf(
  tenant: TenantStore,
  links: LinkMaker,
  subject: DigestSubject,
): Promise<DigestModel> {
  const { header, manager, tenantId, digestId } = subject;
  const connection = await tenant.connections.get(header.connectionId);
  const stored = await tenant.snapshots.forecastOf(header.id, manager.id);
  if (connection === null || stored === null) throw new JobError('FORECAST_MISSING', header.id);
  const { crm, externalAccountId } = connection;
  return composeDigest({
    manager,
    crm,
    model: header.model,
    lines: await linesFor(tenant, stored, header, manager),
    summary: stored.summary,
    movement: stored.movement,
    ...(stored.questions === undefined ? {} : { questions: stored.questions }),
    ...(stored.pace === undefined ? {} : { pace: stored.pace }),
    lastQuestions: stored.lastQuestions ?? null,
    owners: header.owners,
    paceNorms: stored.norms,
    accuracy: stored.accuracy,
    rejectedRecords: header.rejections,
    dataReadAt: header.dataReadAt,
    links: links.digest({
      tenantId,
      managerId: manager.id,
      digestId,
      asOf: header.asOf,
      locale: manager.locale,
    }),
    dealLink: (dealId) => links.deal(crm, externalAccountId, dealId),
  });
}

/** None where everything that the mail says is frozen: 50,000 deals are not read for ten names. */
async function linesFor(
  tenant: TenantStore,
  { questions, pace }: StoredForecast,
  header: SnapshotHeader,
  manager: Manager,
): Promise<readonly ForecastLine[]> {
  if (questions !== undefined && pace !== undefined) return [];
  return linesOfManager(await tenant.snapshots.lines(header.id), manager, header.owners);
}
