/** What the address of the forecast page asks for, as far as the week knows it: an old link must open something true. */
import type { Request } from 'express';
import { z } from 'zod';
import { type FrozenWeek, isWhole, periodsOf, type Selection } from '../../jobs/select-forecast.ts';
import type { Pipeline, Team } from '../core/deals/deal.ts';
import type { Period } from '../core/values/calendar.ts';
import { DEAL_SORTS, type DealSort, type ForecastFilter, NO_FILTER } from '../web/href.ts';
import type { ShownWeek } from './shown-week.ts';

const text = z.string().max(100).optional().catch(undefined);
const query = z.object({ team: text, pipeline: text, period: text, q: text, sort: text });

interface Choices {
  readonly teams: readonly Team[];
  readonly pipelines: readonly Pipeline[];
  readonly periods: readonly Period[];
}

export interface WantedForecast {
  readonly selection: Selection;
  readonly filter: ForecastFilter;
  readonly filtered: boolean;
  readonly choices: Choices;
}

export function wantedForecast(shown: ShownWeek, request: Request): WantedForecast {
  const wanted = query.parse(request.query);
  const { header, manager, stored } = shown;
  const choices = choicesOf(shown);
  const selection: Selection = {
    manager,
    teamId: choices.teams.find(({ id }) => id === wanted.team)?.id ?? null,
    pipelineId: choices.pipelines.find(({ id }) => id === wanted.pipeline)?.id ?? null,
    period: choices.periods.find(({ key }) => key === wanted.period) ?? stored.summary.period,
  };
  const filtered = !isWhole({ stored }, selection);
  return {
    selection,
    filtered,
    choices,
    filter: {
      teamId: selection.teamId,
      pipelineId: selection.pipelineId,
      periodKey: selection.period.key === stored.summary.period.key ? null : selection.period.key,
      search: wanted.q?.trim() ?? '',
      sort: sortOf(wanted.sort),
    },
  };

  function choicesOf({ header: week }: Pick<FrozenWeek, 'header'>): Choices {
    const excluded = new Set(week.model.excludedPipelines);
    return {
      teams: week.teams ?? [],
      pipelines: week.outlook === undefined ? [] : week.pipelines.filter(({ id }) => !excluded.has(id)),
      periods: periodsOf({ header, stored }).flatMap(({ period, months }) => [period, ...months]),
    };
  }
}

const SORTS: ReadonlySet<string> = new Set(DEAL_SORTS.flatMap((key) => [key, `-${key}`]));

function sortOf(wanted: string | undefined): DealSort {
  return wanted !== undefined && SORTS.has(wanted) ? (wanted as DealSort) : NO_FILTER.sort;
}
