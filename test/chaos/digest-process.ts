/** One of several services on one database, made to be killed: scheduler, sweep and workers, until it is ended. */
import { openTerminal } from '../../src/cli/terminal.ts';
import { openServices } from '../../src/compose/services.ts';
import { readConfig } from '../../src/config.ts';

const [databaseUrl = '', smtpUrl = '', dataDir = '', aheadMs = '0'] = process.argv.slice(2);

const config = readConfig({ JALON_LOCALE: 'en', LOG_LEVEL: 'error', DATABASE_URL: databaseUrl });
const services = await openServices(
  config,
  openTerminal({ out: process.stdout, err: process.stderr }, 'en'),
  {
    crm: 'hubspot',
    dataDir,
    smtpUrl,
    clock: { now: () => Temporal.Now.instant().add({ milliseconds: Number(aheadMs) }) },
  },
);
process.stdout.write('open\n');
await services.startWorking({ schedule: true });
