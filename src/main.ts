/** Start of the program: configuration, terminal, command. With src/compose the composition root; nobody imports it. */
import { EXIT } from './cli/exit-codes.ts';
import { runProgram } from './cli/program.ts';
import { openTerminal } from './cli/terminal.ts';
import { startMailSinkFor, startSandbox } from './compose/doubles.ts';
import { loggedCompany } from './compose/event-log.ts';
import { openServices } from './compose/services.ts';
import { ConfigError, readConfig } from './config.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  try {
    const config = readConfig();
    const terminal = openTerminal({ out: process.stdout, err: process.stderr }, config.locale);
    const app = {
      config,
      terminal,
      open: (options = {}) => openServices(config, terminal, options),
      startSandbox,
      startMailSink: startMailSinkFor,
      readEventLog: loggedCompany,
    } satisfies Parameters<typeof runProgram>[0];
    return await runProgram(app, argv);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const problem of error.problems) process.stderr.write(`CONFIG_INVALID: ${problem}\n`);
    return EXIT.usage;
  }
}
