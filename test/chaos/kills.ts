/** `npm run chaos`: node test/chaos/kills.ts [kills] [seed] [hubspot|pipedrive]. Exit code 1 when a promise is broken. */
import { killAnywhere, summaryOf } from './kill-anywhere.ts';

const [kills = '200', seed = String(process.pid), crm = 'hubspot'] = process.argv.slice(2);
const print = (line: string) => process.stdout.write(`${line}\n`);

print(`seed ${seed}`);
const report = await killAnywhere(Number(kills), Number(seed), print, crm === 'pipedrive' ? crm : 'hubspot');
for (const line of summaryOf(report)) print(line);
process.exitCode = report.broken.length === 0 && report.kills >= Number(kills) ? 0 : 1;
