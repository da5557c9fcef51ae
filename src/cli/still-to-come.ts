import { type StillToCome, stillToComeText } from '../../templates/write-back-words.ts';
import type { CrmKind } from '../core/values/crm.ts';
import type { App } from './app.ts';

/** One line when there is something to tell, none otherwise. */
export function noteStillToCome({ terminal }: App, what: StillToCome, count: number, crm: CrmKind): void {
  const text = stillToComeText(what, count, crm, terminal.locale);
  if (text !== null) terminal.note(text);
}
