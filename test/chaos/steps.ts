/** `npm run chaos:steps`: dies before, within and after every durable step. Exit code 1 when a promise is broken. */
import { dieAtEveryStep } from './every-step.ts';

const print = (line: string) => process.stdout.write(`${line}\n`);

const report = await dieAtEveryStep(process.argv[2] === 'short' ? 'short' : 'every', print);
print(`died at ${report.steps} steps, ${report.broken.length} broken promises, ${report.seconds} s`);
for (const text of report.broken.slice(0, 20)) print(`  BROKEN ${text}`);
process.exitCode = report.broken.length === 0 ? 0 : 1;
