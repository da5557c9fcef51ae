import { translate } from '../../templates/i18n/translate.ts';
import { visibleText } from '../../templates/text.ts';
import { capitalised } from '../../templates/words.ts';
import type { Owner } from '../core/deals/deal.ts';
import type { Locale } from '../core/milestones/milestone.ts';
import type { OwnerId } from '../core/values/ids.ts';

/** Whose deal it is: by name, with a word when the account is closed; a deal of nobody, or of somebody whom the CRM does not list, says so. */
export function ownerText(ownerId: OwnerId | null, owners: readonly Owner[], locale: Locale): string {
  if (ownerId === null) return translate(locale, 'page.no_owner');
  const owner = owners.find(({ id }) => id === ownerId);
  if (owner === undefined) return capitalised(translate(locale, 'flag.owner_unknown'));
  const name = visibleText(owner.name, 30);
  return owner.active ? name : translate(locale, 'owner.left', { name });
}
