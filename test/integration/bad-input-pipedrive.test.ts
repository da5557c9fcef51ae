import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planWriteBack } from '../../jobs/write-back-plan.ts';
import type { PipedriveSandbox } from '../../sandbox/pipedrive/server.ts';
import { stagesByLabel } from '../../src/compose/doubles.ts';
import type { ForecastLine } from '../../src/core/forecast/forecast-types.ts';
import { BAD_ACCOUNT_YAML, type BadDeal, badWorld, idOf } from '../support/bad-account.ts';
import { type CrmRun, openPipedriveRun } from '../support/crm-run.ts';

/** The account with every flaw of the Monday run's list (bad-input-records.test.ts), as Pipedrive shows it. */
let run: CrmRun<PipedriveSandbox>;
let lines: readonly ForecastLine[];
let totals: { readonly net: bigint; readonly gross: bigint };

beforeAll(async () => {
  const world = badWorld();
  run = await openPipedriveRun({ world, company: stagesByLabel(BAD_ACCOUNT_YAML, world) });
  await run.perform('pull');
  const now = run.services.context.clock.now();
  const { forecast, summary } = await run.read((tenant) => planWriteBack(tenant, run.connectionId, now));
  lines = forecast.lines;
  totals = { net: summary.netMinor, gross: summary.grossMinor };
}, 60_000);
afterAll(() => run?.close());

const lineOf = (deal: BadDeal) => lines.find(({ dealId }) => dealId === run.sandbox.idOf('deal', idOf(deal)));

describe('the flaws of an account, as Pipedrive shows them', () => {
  it.each<[BadDeal, string]>([
    ['amountNull', 'amount_missing'],
    ['amountNegative', 'amount_negative'],
    ['amountAbsurd', 'amount_absurd'],
    ['amountBillions', 'amount_absurd'],
    ['currencyUnknown', 'currency_unknown'],
    ['currencyWithoutRate', 'no_rate'],
    // HubSpot keeps a rate for francs, Pipedrive keeps none.
    ['swiss', 'no_rate'],
    ['stageNever', 'stage_unmapped'],
    ['stageDeleted', 'stage_unmapped'],
    ['stageUnmapped', 'stage_unmapped'],
  ])('%s: the deal is listed and in no total, because of %s', (deal, reason) => {
    expect(lineOf(deal)).toMatchObject({ exclusion: reason, netMinor: 0n });
  });

  it.each<[BadDeal, readonly string[]]>([
    ['decimals', ['amount_rounded']],
    ['closeMissing', ['close_date_missing']],
    ['closeWords', ['close_date_missing']],
    ['closeBefore', ['close_before_creation']],
    ['ownerStranger', ['owner_unknown']],
    // Pipedrive fills these in itself: the account's currency, the importer, a stage.
    ['currencyMissing', []],
    ['ownerMissing', []],
    ['stageMissing', []],
    ['pipelineMissing', []],
    ['createdWords', []],
    ['ownerLeft', []],
    ['markup', []],
    ['bidi', []],
    ['control', []],
  ])('%s: the deal counts, with the flags %j', (deal, flags) => {
    expect(lineOf(deal)).toMatchObject({ exclusion: null, flags });
  });

  it('an amount that is no number is a rejection, a merged deal counts once, a deleted one not at all', async () => {
    const rejections = await run.read((tenant) => tenant.records.rejections(run.connectionId));
    const externalId = run.sandbox.idOf('deal', idOf('amountWords'));
    expect(rejections).toEqual([{ object: 'deal', externalId, code: 'AMOUNT_UNREADABLE', field: 'value' }]);
    expect([lineOf('mergedAway'), lineOf('archived')]).toEqual([undefined, undefined]);
    expect(lineOf('survivor')).toMatchObject({ exclusion: null, netMinor: 25_000n });
  });

  it('the totals are the sums of the lines that may count, to the cent', () => {
    const counted = lines.filter(({ exclusion }) => exclusion === null);
    const sum = (of: (line: ForecastLine) => bigint) => counted.reduce((all, line) => all + of(line), 0n);
    expect(totals).toEqual({ net: sum((line) => line.netMinor), gross: sum((line) => line.grossMinor) });
    // Fourteen deals of 1,000 at 25 %, one at 10 %, 100 at 10 % and 12,500.12 at 10 %.
    expect(totals).toEqual({ net: 486_001n, gross: 2_760_012n });
  });
});
