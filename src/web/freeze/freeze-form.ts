/** The form by which a manager writes a figure of their own, and the same once more before it is kept. */

import { entryOf } from '../../../templates/errors/catalogue.ts';
import { exactMoneyText, moneyText } from '../../../templates/format.ts';
import { translate } from '../../../templates/i18n/translate.ts';
import { visibleText } from '../../../templates/text.ts';
import { periodText } from '../../../templates/words.ts';
import type { FrozenDifference } from '../../core/forecast/frozen-forecast.ts';
import type { Locale } from '../../core/milestones/milestone.ts';
import { freezeHref } from '../href.ts';
import {
  FREEZE_DEALS,
  FREEZE_ROWS,
  type FreezeDraft,
  type FreezeFormInput,
  type FreezeProblem,
  type FreezeRow,
  type FreezeScope,
  type FreezeValues,
  REASON_LIMIT,
} from './freeze-input.ts';

interface FieldView {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly problem: string | null;
}

interface RowView {
  readonly legend: string;
  readonly deal: FieldView & {
    readonly options: readonly {
      readonly value: string;
      readonly text: string;
      readonly selected: boolean;
    }[];
  };
  readonly difference: FieldView;
  readonly reason: FieldView & { readonly limit: number };
}

export interface FreezeFormView {
  readonly title: string;
  readonly hint: string;
  readonly action: string;
  readonly snapshot: string;
  /** Everything that is wrong, each with the field it is about. */
  readonly problems: readonly { readonly code: string; readonly text: string; readonly href: string }[];
  readonly refused: string;
  readonly amount: FieldView & { readonly hint: string };
  readonly rows: readonly RowView[];
  readonly rowsTitle: string;
  readonly unexplained: { readonly text: string; readonly done: boolean } | null;
  readonly check: string;
  readonly add: string | null;
}

export interface FreezeDraftView {
  readonly title: string;
  readonly warning: string;
  readonly action: string;
  readonly snapshot: string;
  readonly values: FreezeValues;
  readonly table: FigureTableView;
  readonly freeze: string;
  readonly change: string;
}

/** Computed figure, each difference with its reason, and the figure they lead to. */
export interface FigureTableView {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly about: string; readonly reason: string; readonly amount: string }[];
  readonly total: { readonly label: string; readonly amount: string };
}

/** Two for what usually differs, before anybody asks for more. */
const FIRST_ROWS = 2;

const EMPTY: FreezeRow = { deal: '', difference: '', reason: '' };

export function freezeFormView(scope: FreezeScope, locale: Locale): FreezeFormView {
  const form: FreezeFormInput = scope.form ?? {
    values: { amount: '', rows: [] },
    problems: [],
    unexplainedMinor: null,
  };
  const { values, problems } = form;
  const missing = Math.max(0, FIRST_ROWS - values.rows.length);
  const rows = [...values.rows, ...Array.from({ length: missing }, () => EMPTY)];
  return {
    title: translate(locale, 'freeze.form', { name: visibleText(scope.manager.name) }),
    hint: translate(locale, 'freeze.form_hint'),
    action: actionOf(scope, locale),
    snapshot: scope.snapshotId,
    problems: problems.map((problem) => ({
      code: problem.code,
      text: problemText(problem, form, scope, locale),
      href: `#${idOf(problem)}`,
    })),
    refused: translate(locale, 'freeze.refused'),
    amount: {
      ...fieldView('amount', null, values.amount, form, scope, locale),
      hint: translate(locale, 'freeze.amount_hint'),
    },
    rowsTitle: translate(locale, 'freeze.differences'),
    rows: rows.map((row, index) => rowView(row, index, form, scope, locale)),
    unexplained: unexplainedView(form, scope, locale),
    check: translate(locale, 'freeze.check'),
    add: rows.length >= FREEZE_ROWS ? null : translate(locale, 'freeze.add'),
  };
}

type Field = 'amount' | 'deal' | 'difference' | 'reason' | 'form';

/** Where a problem is shown; one of the form as a whole is shown at its head. */
const FIELD_OF: Readonly<Record<FreezeProblem['code'], Field>> = {
  FORECAST_FROZEN_AMOUNT: 'difference',
  FORECAST_FROZEN_NEGATIVE: 'amount',
  FORECAST_FROZEN_DEAL: 'deal',
  FORECAST_FROZEN_REASON: 'reason',
  FORECAST_FROZEN_DIFFERENCES: 'amount',
  FORECAST_FROZEN_ONCE: 'form',
  FORECAST_FROZEN_STALE: 'form',
};

function fieldOf({ code, row }: FreezeProblem): Field {
  return code === 'FORECAST_FROZEN_AMOUNT' && row === null ? 'amount' : FIELD_OF[code];
}

function idOf(problem: FreezeProblem): string {
  return fieldId(fieldOf(problem), problem.row);
}

function fieldId(field: Field, row: number | null): string {
  return row === null ? `freeze-${field}` : `freeze-${field}-${row}`;
}

function fieldView(
  field: Field,
  row: number | null,
  value: string,
  form: FreezeFormInput,
  scope: FreezeScope,
  locale: Locale,
): FieldView {
  const problem = form.problems.find((one) => one.row === row && fieldOf(one) === field);
  return {
    id: fieldId(field, row),
    label: translate(locale, `freeze.field.${field === 'form' ? 'amount' : field}`),
    value,
    problem: problem === undefined ? null : problemText(problem, form, scope, locale),
  };
}

function rowView(
  row: FreezeRow,
  index: number,
  form: FreezeFormInput,
  scope: FreezeScope,
  locale: Locale,
): RowView {
  const { computed, currency } = scope;
  const field = (name: 'deal' | 'difference' | 'reason') =>
    fieldView(name, index, row[name], form, scope, locale);
  const option = (value: string, text: string) => ({ value, text, selected: value === row.deal });
  const listed = computed.lines.slice(0, FREEZE_DEALS);
  const typed = computed.lines.find(({ dealId }) => dealId === row.deal);
  const deals = typed === undefined || listed.includes(typed) ? listed : [...listed, typed];
  return {
    legend: translate(locale, 'freeze.row', { number: index + 1 }),
    deal: {
      ...field('deal'),
      options: [
        option('', translate(locale, 'freeze.no_deal')),
        ...deals.map(({ dealId, dealName, expectedMinor }) =>
          option(
            dealId,
            `${visibleText(dealName) || dealId} (${moneyText(expectedMinor, currency, locale)})`,
          ),
        ),
      ],
    },
    difference: field('difference'),
    reason: { ...field('reason'), limit: REASON_LIMIT },
  };
}

function problemText(
  { code }: FreezeProblem,
  { unexplainedMinor }: FreezeFormInput,
  { currency }: FreezeScope,
  locale: Locale,
): string {
  const words = entryOf(code)?.[locale];
  const left =
    code === 'FORECAST_FROZEN_DIFFERENCES' && unexplainedMinor !== null
      ? ` (${exactMoneyText(unexplainedMinor, currency, locale)})`
      : '';
  return `${words?.what ?? code}${left}. ${words?.todo ?? ''}.`;
}

function unexplainedView(
  { unexplainedMinor }: FreezeFormInput,
  { currency }: FreezeScope,
  locale: Locale,
): FreezeFormView['unexplained'] {
  if (unexplainedMinor === null) return null;
  return unexplainedMinor === 0n
    ? { text: translate(locale, 'freeze.explained'), done: true }
    : {
        text: translate(locale, 'freeze.unexplained', {
          amount: exactMoneyText(unexplainedMinor, currency, locale),
        }),
        done: false,
      };
}

export function freezeDraftView(scope: FreezeScope, draft: FreezeDraft, locale: Locale): FreezeDraftView {
  const { manager, period } = scope;
  return {
    title: translate(locale, 'freeze.confirm', {
      name: visibleText(manager.name),
      period: periodText(period, locale, 'long'),
      amount: exactMoneyText(draft.amountMinor, scope.currency, locale),
    }),
    warning: translate(locale, 'freeze.confirm_warning'),
    action: actionOf(scope, locale),
    snapshot: scope.snapshotId,
    values: scope.form?.values ?? { amount: '', rows: [] },
    table: figureTable(draft, scope, locale),
    freeze: translate(locale, 'freeze.freeze'),
    change: translate(locale, 'freeze.change'),
  };
}

/** Every row is exact, so that the column adds up to the last cent. */
export function figureTable(
  { computedMinor, differences, amountMinor }: FreezeDraft,
  scope: Pick<FreezeScope, 'currency' | 'computed'>,
  locale: Locale,
): FigureTableView {
  const amount = (minor: bigint) => exactMoneyText(minor, scope.currency, locale);
  return {
    columns: (['about', 'reason', 'amount'] as const).map((key) => translate(locale, `freeze.column.${key}`)),
    rows: [
      { about: translate(locale, 'freeze.computed'), reason: '', amount: amount(computedMinor) },
      ...differences.map((difference) => ({
        about: aboutText(difference, scope, locale),
        reason: visibleText(difference.reason, REASON_LIMIT),
        amount: signed(difference.differenceMinor, amount),
      })),
    ],
    total: { label: translate(locale, 'freeze.yours'), amount: amount(amountMinor) },
  };
}

export function aboutText(
  { dealId }: FrozenDifference,
  { computed }: Pick<FreezeScope, 'computed'>,
  locale: Locale,
): string {
  if (dealId === null) return translate(locale, 'freeze.no_deal');
  const line = computed.lines.find((one) => one.dealId === dealId);
  return visibleText(line?.dealName ?? dealId) || dealId;
}

function signed(minor: bigint, text: (minor: bigint) => string): string {
  return minor > 0n ? `+${text(minor)}` : text(minor);
}

function actionOf({ manager, period }: FreezeScope, locale: Locale): string {
  return freezeHref({ locale, managerId: manager.id }, period.key, {});
}
