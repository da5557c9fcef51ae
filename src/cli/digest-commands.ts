/** The commands about the Monday mail. */
import { type Command, Option } from 'commander';
import type { App } from './app.ts';
import { type DigestPreviewOptions, digestPreview, digestSend } from './digest.ts';
import { type DigestAgainOptions, digestAgain } from './digest-again.ts';
import { digestStatusCommand } from './digest-status.ts';
import type { ExitCode } from './exit-codes.ts';

type SendOptions = Omit<DigestAgainOptions, 'again'> & { readonly again?: string };

export function addDigest(program: Command, app: App, finish: (code: ExitCode) => void): void {
  const json = () => new Option('--json', 'machine-readable result on stdout');
  const crm = () =>
    new Option('--crm <name>', 'which CRM').choices(['hubspot', 'pipedrive']).default('hubspot');
  const digest = program.command('digest').description('the Monday mail');
  digest
    .command('preview', { isDefault: true })
    .description('compose without sending')
    .addOption(crm())
    .option('--manager <email>')
    .addOption(new Option('--lang <locale>').choices(['fr', 'en']))
    .option('--out <file>', 'save the HTML here')
    .addOption(json())
    .action(async (options: DigestPreviewOptions) => finish(await digestPreview(app, options)));
  digest
    .command('send')
    .description('send this week to those who have not had it')
    .addOption(crm())
    .option('--again <email>', 'only this manager, once more')
    .option('--yes', 'with --again: also where a mail left or may have left')
    .addOption(json())
    .action(async ({ again, ...options }: SendOptions) =>
      finish(
        again === undefined ? await digestSend(app, options) : await digestAgain(app, { ...options, again }),
      ),
    );
  digest
    .command('status')
    .description('states and reasons of this week; exit code 3 when one is missing after nine')
    .addOption(crm())
    .addOption(json())
    .action(async (options: DigestPreviewOptions) => finish(await digestStatusCommand(app, options)));
}
