/** `npm run chaos:digest`: node test/chaos/digest-kills.ts [kills] [seed]. Exit code 1 when a promise is broken. */
import { killDigests, summaryOf } from './kill-digests.ts';

const [kills = '200', seed = String(process.pid)] = process.argv.slice(2);
const print = (line: string) => process.stdout.write(`${line}\n`);

print(`seed ${seed}`);
const report = await killDigests(Number(kills), Number(seed), print);
for (const line of summaryOf(report)) print(line);
process.exitCode = report.broken.length === 0 && report.kills >= Number(kills) ? 0 : 1;
