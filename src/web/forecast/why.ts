import { fullDateText } from '../../../templates/format.ts';
import { translate } from '../../../templates/i18n/translate.ts';
import { type MilestoneLabel, milestoneText, missingEvidenceText } from '../../../templates/words.ts';
import type { ForecastLine } from '../../core/forecast/forecast-types.ts';
import type { Locale } from '../../core/milestones/milestone.ts';

/** The same in two or three words: what the row shows before it is opened. */
export function shortWhyText(
  line: ForecastLine,
  {
    query,
    milestones,
  }: { readonly query: { readonly locale: Locale }; readonly milestones: readonly MilestoneLabel[] },
): string {
  const { locale } = query;
  if (line.exclusion !== null) return translate(locale, `exclusion.${line.exclusion}`);
  if (line.standing === 'lost' || line.standing === 'won') return translate(locale, `why.${line.standing}`);
  const [first] = line.missing;
  if (first === undefined) return translate(locale, 'why.complete');
  const milestone = milestoneText(first.milestone, milestones, locale);
  const plain = line.declared === line.verified ? 'why.next' : 'why.missing';
  return translate(locale, first.expired ? 'why.expired' : plain, { milestone });
}

/** One sentence for the last column: why the deal counts as it does. */
export function whyText(
  line: ForecastLine,
  {
    query,
    milestones,
  }: { readonly query: { readonly locale: Locale }; readonly milestones: readonly MilestoneLabel[] },
): string {
  const { locale } = query;
  if (line.exclusion !== null)
    return translate(locale, 'proof.excluded', {
      reason: translate(locale, `exclusion.${line.exclusion}`).toLocaleLowerCase(locale),
    });
  if (line.standing === 'lost') return translate(locale, 'proof.lost');
  if (line.standing === 'won')
    return line.closedOn === null
      ? translate(locale, 'proof.won_undated')
      : translate(locale, 'proof.won', { date: fullDateText(line.closedOn, locale) });
  const [first] = line.missing;
  if (first === undefined) return translate(locale, 'proof.complete');
  return missingEvidenceText(first, line.declared === line.verified, milestones, locale);
}
