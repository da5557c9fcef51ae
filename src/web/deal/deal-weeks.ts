/** What the Mondays saw of one deal: the milestone that was verified and the amount, as changes from one to the next, and what it is today. */
import { exactCodeMoneyText, fullDateText, moneyText } from '../../../templates/format.ts';
import { translate } from '../../../templates/i18n/translate.ts';
import { milestoneText } from '../../../templates/words.ts';
import type { ForecastLine } from '../../core/forecast/forecast-types.ts';
import { milestoneIndexOf } from '../../core/milestones/milestone.ts';
import { midnightOf } from '../../core/values/calendar.ts';
import type { MilestoneKey } from '../../core/values/ids.ts';
import type { Money } from '../../core/values/money.ts';
import type { TimelineEvent } from './deal-event.ts';
import type { DealPageInput } from './deal-input.ts';

type Week = DealPageInput['weeks'][number];

/** Oldest first. Two Mondays on which a deal is the same make no event. */
export function weekEvents(input: DealPageInput): readonly TimelineEvent[] {
  const { weeks, line, asOf } = input;
  const last = weeks.at(-1);
  const isNewer = line !== null && (last === undefined || !last.asOf.equals(asOf));
  const seen: readonly Week[] = isNewer ? [...weeks, { asOf, line }] : weeks;
  return seen.flatMap((week, index) => {
    const before = seen[index - 1] ?? null;
    return [...milestoneEvents(week, before, input), ...amountEvents(week, before, input)];
  });
}

function milestoneEvents(
  { asOf, line }: Week,
  before: Week | null,
  input: DealPageInput,
): readonly TimelineEvent[] {
  const { locale, model, company } = input;
  if (line.standing !== 'open' || before?.line.verified === line.verified) return [];
  const facts = {
    net: moneyText(line.netMinor, company.currency, locale),
    milestone: nameOf(line.verified, input),
    before: nameOf(before?.line.verified ?? null, input),
  };
  const step =
    milestoneIndexOf(model.milestones, line.verified) -
    milestoneIndexOf(model.milestones, before?.line.verified ?? null);
  const text =
    before === null
      ? translate(locale, 'timeline.first_seen', facts)
      : translate(locale, step > 0 ? 'timeline.advanced' : 'timeline.fell_back', facts);
  return [onDay(asOf, input, { kind: 'milestone', text, tone: step > 0 ? 'good' : 'bad' })];
}

function nameOf(key: MilestoneKey | null, { locale, model }: DealPageInput): string {
  return key === null
    ? translate(locale, 'timeline.nothing')
    : translate(locale, 'timeline.quoted', { name: milestoneText(key, model.milestones, locale) });
}

function amountEvents(
  { asOf, line }: Week,
  before: Week | null,
  input: DealPageInput,
): readonly TimelineEvent[] {
  if (before === null || sameMoney(before.line.gross, line.gross)) return [];
  const text = translate(input.locale, 'timeline.amount', {
    before: grossText(before.line, input),
    after: grossText(line, input),
    date: fullDateText(before.asOf, input.locale),
  });
  const grew = line.grossMinor > before.line.grossMinor;
  return [onDay(asOf, input, { kind: 'amount', text, tone: grew ? 'good' : 'bad' })];
}

function sameMoney(left: Money | null, right: Money | null): boolean {
  return left?.amountMinor === right?.amountMinor && left?.currency === right?.currency;
}

/** In the deal's own currency: a rate that moved is no change of the deal. */
function grossText({ gross }: ForecastLine, { locale, company }: DealPageInput): string {
  if (gross === null) return translate(locale, 'timeline.no_amount');
  return gross.currency === company.currency
    ? moneyText(gross.amountMinor, gross.currency, locale)
    : exactCodeMoneyText(gross.amountMinor, gross.currency, locale);
}

function onDay(
  day: Temporal.PlainDate,
  { company }: DealPageInput,
  event: Pick<TimelineEvent, 'kind' | 'text' | 'tone'>,
): TimelineEvent {
  return { ...event, at: midnightOf(day, company.zone), on: day };
}
