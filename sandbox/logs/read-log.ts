import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readBpic2012 } from './bpic2012.ts';
import { readMavenCrm } from './maven-crm.ts';
import { readNeutralLog } from './neutral.ts';
import { tableIn } from './table.ts';
import { type EventLog, LogError } from './types.ts';

const MAPPINGS = fileURLToPath(new URL('./mappings/', import.meta.url));

/**
 * Reads the event log in a folder, in the form that its files show: neutral, bpic2012 or maven_crm. Throws `LogError` (LOG_UNREADABLE)
 * with what was found when it is none of them. `mappingFile` replaces the company file that comes with a known form.
 */
export function readLog(folder: string, mappingFile?: string): EventLog {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new LogError(`${folder} is not a folder`);
  if (tableIn(folder, 'deals.csv') !== null && tableIn(folder, 'stages.csv') !== null) {
    return readNeutralLog(folder);
  }
  const holds = (...names: readonly string[]) => names.every((name) => existsSync(join(folder, name)));
  if (holds('cases.csv.gz', 'stage_history.csv.gz')) {
    return readBpic2012(folder, mappingFile ?? join(MAPPINGS, 'bpic2012.yaml'));
  }
  if (holds('sales_pipeline.csv', 'products.csv', 'sales_teams.csv')) {
    return readMavenCrm(folder, mappingFile ?? join(MAPPINGS, 'maven_crm.yaml'));
  }
  throw new LogError(
    `${folder} holds no log that can be read. Expected deals.csv, stages.csv and mapping.yaml (docs/event-log.md); found ${contents(folder)}`,
  );
}

function contents(folder: string): string {
  const names = readdirSync(folder).sort();
  const shown = names.slice(0, 10).join(', ');
  if (names.length === 0) return 'nothing';
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown;
}
