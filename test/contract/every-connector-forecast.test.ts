import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { computeForecast } from '../../jobs/compute-forecast.ts';
import { worldFromLog } from '../../sandbox/logs/log-world.ts';
import { readLog } from '../../sandbox/logs/read-log.ts';
import type { EventLog } from '../../sandbox/logs/types.ts';
import { parseCompanyFile } from '../../src/cli/company-file.ts';
import { modelForDirectory } from '../../src/cli/prepare-company.ts';
import type { ForecastLine } from '../../src/core/forecast/forecast-types.ts';
import { NOTHING_RECORDED } from '../../src/core/odds/verified-history.ts';
import type { CrmKind } from '../../src/core/values/crm.ts';
import { asId, type ConnectionId } from '../../src/core/values/ids.ts';
import { benches } from '../support/connector-bench.ts';
import { Landed } from '../support/landed.ts';

/** The same real sales, once behind HubSpot and once behind Pipedrive. */
const FOLDERS = ['bpic2012', 'maven_crm'].map((name) => ({
  name,
  folder: fileURLToPath(new URL(`../../../shared/data/${name}`, import.meta.url)),
}));
const DAYS: Readonly<Record<string, string>> = { bpic2012: '2011-10-28', maven_crm: '2017-02-13' };

/** Lines by deal, in the words that do not depend on a CRM: no stage, pipeline or owner ids. */
async function forecastOn(kind: CrmKind, log: EventLog, asOf: Temporal.PlainDate) {
  const crm = await benches[kind](worldFromLog(log, { asOf }));
  const session = crm.session();
  const directory = await session.readDirectory();
  const landed = new Landed();
  await landed.pull(session);
  await crm.close();
  const file = parseCompanyFile(readFileSync(log.mappingFile, 'utf8'), 'en');
  if (!file.ok) throw new Error('the company file of the log does not parse');
  const { model } = modelForDirectory(file.value.model, directory);
  const id = asId<ConnectionId>(kind);
  const forecast = computeForecast(
    {
      connection: { id, crm: kind, externalAccountId: '', label: '', state: 'active', lastPulledAt: null },
      company: file.value.company,
      model,
      deals: landed.present,
      activities: [...landed.activities.values()],
      contacts: [...landed.contacts.values()],
      confirmations: new Map(),
      verified: NOTHING_RECORDED,
      rates: directory.rates,
      managers: [],
      targets: [],
      owners: directory.owners,
      teams: directory.teams,
      pipelines: directory.pipelines,
      rejections: landed.rejections.length,
    },
    asOf,
  );
  return { lines: new Map(forecast.lines.map((line) => [line.dealId, shown(line)])), landed };
}

function shown(line: ForecastLine) {
  const { dealId, standing, exclusion, declared, verified, daysInMilestone, odds } = line;
  const { grossMinor, netMinor, unprovenMinor, expectedMinor, wonInPeriodMinor } = line;
  const days = [line.verifiedSince, line.closedOn, line.closeDate, line.realisticClose].map(String);
  // Pipedrive keeps an empty value as 0, so an amount of 0 is a missing one there: listed instead of counted, and 0 in every sum.
  const nothing = grossMinor === 0n && (exclusion === null || exclusion === 'amount_missing');
  const amounts = { grossMinor, netMinor, unprovenMinor, expectedMinor, wonInPeriodMinor };
  return {
    dealId,
    standing,
    exclusion: nothing ? 'nothing' : exclusion,
    declared,
    verified,
    daysInMilestone,
    odds,
    ...amounts,
    days,
  };
}

describe.each(FOLDERS)('the real sales of $name', ({ name, folder }) => {
  it.runIf(existsSync(folder))(
    'give the same forecast on HubSpot and on Pipedrive, deal by deal and to the cent',
    async () => {
      const asOf = Temporal.PlainDate.from(DAYS[name] ?? '');
      const log = readLog(folder);
      const hubspot = await forecastOn('hubspot', log, asOf);
      const pipedrive = await forecastOn('pipedrive', log, asOf);
      expect(pipedrive.lines.size).toBe(hubspot.lines.size);
      expect(pipedrive.lines.size).toBeGreaterThan(100);
      expect([...pipedrive.lines.values()].reduce((sum, line) => sum + line.netMinor, 0n)).toBeGreaterThan(
        0n,
      );
      for (const [id, line] of hubspot.lines) expect(pipedrive.lines.get(id)).toEqual(line);
      expect(pipedrive.landed.rejections.length).toBe(hubspot.landed.rejections.length);
    },
    180_000,
  );
});
