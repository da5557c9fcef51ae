/** The form above the forecast: team, pipeline, period. It is sent by GET, so that the address says what is shown, and needs no script. */
import { translate } from '../../../templates/i18n/translate.ts';
import { visibleText } from '../../../templates/text.ts';
import { capitalised, periodText } from '../../../templates/words.ts';
import { filterParameters, forecastHref, NO_FILTER } from '../href.ts';
import type { ForecastPageInput } from './forecast-input.ts';

interface Option {
  readonly value: string;
  readonly text: string;
  readonly selected: boolean;
}

export interface SelectView {
  readonly name: string;
  readonly label: string;
  readonly options: readonly Option[];
}

export interface FiltersView {
  readonly label: string;
  /** What the form keeps of the address. */
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
  readonly selects: readonly SelectView[];
  readonly send: string;
  /** Back to everything; null when nothing is left out. */
  readonly clear: { readonly text: string; readonly href: string } | null;
}

/** Null when there is nothing to choose. */
export function filtersView(input: ForecastPageInput): FiltersView | null {
  const { query, choices, summary, filtered } = input;
  const { locale } = query;
  const filter = query.filter ?? NO_FILTER;
  const named = (
    choice: readonly { readonly id: string; readonly name: string }[],
    chosen: string | null,
  ) => [
    { value: '', text: translate(locale, 'filter.all'), selected: chosen === null },
    ...choice
      .map(({ id, name }) => ({ value: id, text: visibleText(name, 40), selected: id === chosen }))
      .toSorted((left, right) => left.text.localeCompare(right.text, locale)),
  ];
  const pipelines = choices.pipelines.map(({ id, label }) => ({ id, name: label }));
  const selects = [
    select('team', named(choices.teams, filter.teamId)),
    select('pipeline', named(pipelines, filter.pipelineId)),
    select(
      'period',
      choices.periods.map((period, at) => ({
        value: at === 0 ? '' : period.key,
        text: capitalised(periodText(period, locale, 'long')),
        selected: period.key === summary.period.key,
      })),
    ),
  ].filter(({ options, name }) => options.length > (name === 'period' ? 1 : 2));
  if (selects.length === 0) return null;
  const nothing = { ...filter, teamId: null, pipelineId: null, periodKey: null };
  return {
    label: translate(locale, 'filter.label'),
    hidden: keptFields(input, ['team', 'pipeline', 'period']),
    selects,
    send: translate(locale, 'filter.send'),
    clear: filtered
      ? {
          text: translate(locale, 'filter.clear'),
          href: forecastHref({ ...query, page: 1, filter: nothing }),
        }
      : null,
  };

  function select(name: 'team' | 'pipeline' | 'period', options: readonly Option[]): SelectView {
    return { name, label: translate(locale, `filter.${name}`), options };
  }
}

/** Fields of the address that a form of the page repeats: all but its own. */
export function keptFields(
  { query }: Pick<ForecastPageInput, 'query'>,
  own: readonly string[],
): FiltersView['hidden'] {
  const { locale, managerId, week } = query;
  const fields: Record<string, string> = {
    lang: locale,
    ...(managerId === null ? {} : { manager: managerId }),
    ...(week === null ? {} : { week }),
    ...filterParameters(query.filter),
  };
  return Object.entries(fields)
    .filter(([name]) => !own.includes(name))
    .map(([name, value]) => ({ name, value }));
}
