import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tick } from '../../jobs/schedule.ts';
import { sweep } from '../../jobs/sweep.ts';
import type { Services } from '../../src/cli/app.ts';
import { parseCompanyFile } from '../../src/cli/company-file.ts';
import { prepareCompany } from '../../src/cli/prepare-company.ts';
import { openTerminal } from '../../src/cli/terminal.ts';
import { openServices } from '../../src/compose/services.ts';
import { readConfig } from '../../src/config.ts';
import { isoWeekOf } from '../../src/core/values/calendar.ts';
import { asId, type ConnectionId } from '../../src/core/values/ids.ts';
import { type ChaosAccount, openChaosAccount } from './account.ts';

const CONNECTION = asId<ConnectionId>('hubspot');
const MANAGERS = 3;

describe('a Monday run with trouble at the mail server', () => {
  let account: ChaosAccount;
  let services: Services;
  let aheadMs = 0;

  beforeAll(async () => {
    account = await openChaosAccount(0);
    services = await open();
    await prepare();
  });
  afterAll(async () => {
    await services.close();
    await account.close();
  });

  async function open(): Promise<Services> {
    const order = account.order();
    const config = readConfig({ JALON_LOCALE: 'en', LOG_LEVEL: 'silent' });
    const clock = { now: () => account.sandbox.clock.now().add({ milliseconds: aheadMs }) };
    return await openServices(config, openTerminal({ out: process.stdout, err: process.stderr }, 'en'), {
      ...order,
      dataDir: join(account.folder, 'data'),
      clock,
    });
  }

  async function prepare(): Promise<void> {
    const parsed = parseCompanyFile(readFileSync(account.order().companyFile, 'utf8'), 'en');
    if (!parsed.ok) throw new Error('the company file of the sandbox is not valid');
    await prepareCompany(services, parsed.value);
  }

  const mondayRun = () =>
    services.perform({
      kind: 'pull',
      key: account.order().key,
      payload: { connectionId: CONNECTION, asOf: account.asOf().toString(), run: 'monday', send: 'now' },
    });
  const digests = async () => {
    const rows = await services.store.inTenant(services.tenantId, (tenant) =>
      tenant.digests.list(CONNECTION),
    );
    const week = isoWeekOf(account.asOf());
    return rows.filter((row) => row.isoWeek === week);
  };
  const states = async () => (await digests()).map((row) => row.state).sort();
  /** Everything that sends by itself: the sweep, the minute tick, the same run once more. */
  const letTheMachineTry = async () => {
    const rung: string[] = [];
    const queue = {
      ring: async (bells: readonly { effectId: string }[]) =>
        void rung.push(...bells.map((bell) => bell.effectId)),
    };
    await sweep(services.context, queue);
    await tick(services.context, queue);
    await mondayRun();
    return rung;
  };
  const mailsOfRun = async (run: () => Promise<unknown>) => {
    const before = account.sink.mails.length;
    await run();
    return account.sink.mails.length - before;
  };

  it('a refusal (550) ends that mail as failed, with the reply as its reason, and is not tried again', async () => {
    account.sink.faults.set({ at: 'rcpt', act: 550, times: 1 });
    expect(await mailsOfRun(mondayRun)).toBe(MANAGERS - 1);
    expect(await states()).toEqual(['failed', 'sent', 'sent']);
    const failed = (await digests()).find((row) => row.state === 'failed');
    expect(failed?.reason).toMatch(/550|SMTP/);
    aheadMs += 600_000;
    expect(await mailsOfRun(letTheMachineTry)).toBe(0);
    expect(await states()).toEqual(['failed', 'sent', 'sent']);
  });

  it('a connection that breaks before the server asked for the mail is tried again, and the mail arrives once', async () => {
    account.nextWeek(() => undefined);
    account.sink.faults.set({ at: 'data', act: 'drop', times: 1 });
    let report = await mondayRun();
    expect(await states()).toEqual(['planned', 'sent', 'sent']);
    expect(report.unfinished).toEqual([expect.objectContaining({ kind: 'digest_send', state: 'pending' })]);
    aheadMs += 20_000;
    expect(
      await mailsOfRun(async () => {
        report = await mondayRun();
      }),
    ).toBe(1);
    expect(await states()).toEqual(['sent', 'sent', 'sent']);
    expect(await mailsOfRun(letTheMachineTry)).toBe(0);
  });

  it('a connection that breaks after the mail was handed over leaves it uncertain, also after a restart, a sweep and a tick', async () => {
    account.nextWeek(() => undefined);
    account.sink.faults.set({ at: 'accepted', act: 'drop', times: 1 });
    expect(await mailsOfRun(mondayRun), 'it did arrive, and nobody here can know').toBe(MANAGERS);
    expect(await states()).toEqual(['sent', 'sent', 'uncertain']);
    expect((await digests()).find((row) => row.state === 'uncertain')?.reason).not.toBeNull();
    aheadMs += 600_000;
    expect(await mailsOfRun(letTheMachineTry)).toBe(0);
    await services.close();
    services = await open();
    expect(await mailsOfRun(letTheMachineTry)).toBe(0);
    expect(await states()).toEqual(['sent', 'sent', 'uncertain']);
  });
});
