import type { App } from './app.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { say } from './messages.ts';

/** Opening the store migrates it, under a lock. */
export async function migrate(app: App, options: { readonly json?: boolean }): Promise<ExitCode> {
  const services = await app.open();
  try {
    const { schemaVersion } = await services.store.system.ready();
    app.terminal.print(
      options.json
        ? JSON.stringify({ schemaVersion })
        : say(app.terminal.locale, 'migrate.done', { version: schemaVersion }),
    );
    return EXIT.ok;
  } finally {
    await services.close();
  }
}
