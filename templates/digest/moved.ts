import type { DigestModel } from '../../src/core/review/digest-types.ts';
import { signedStepsText } from '../format.ts';
import { translate } from '../i18n/translate.ts';
import { visibleText } from '../text.ts';
import { dealWord } from '../words.ts';
import type { DigestFigures, MovedFigures } from './figures.ts';
import { type Tone, toneOf } from './tone.ts';

interface MovedRowView {
  readonly name: string;
  readonly kind: string;
  readonly change: string;
  readonly tone: Tone;
}

/** `note` stands for the rows in the first week, when there is nothing to compare with. */
export interface MovedView {
  readonly title: string;
  readonly rows: readonly MovedRowView[];
  readonly note: string | null;
}

/** Null when there was a week before and nothing moved since. */
export function movedView(model: DigestModel, figures: DigestFigures): MovedView | null {
  const title = translate(model.locale, 'digest.moved.title');
  const { moved } = figures;
  if (moved === null) return { title, rows: [], note: translate(model.locale, 'digest.moved.first_week') };
  const rows = [...namedRows(model, figures, moved), ...othersRow(model, figures, moved)];
  return rows.length === 0 ? null : { title, rows, note: null };
}

function namedRows(
  model: DigestModel,
  { scale }: DigestFigures,
  moved: MovedFigures,
): readonly MovedRowView[] {
  return moved.rows.map(({ row, steps }) => ({
    name: visibleText(row.dealName),
    kind: translate(model.locale, `movement.${row.kind}`),
    change: signedStepsText(steps, scale, model.locale),
    tone: toneOf(steps),
  }));
}

function othersRow(
  { locale, crm }: DigestModel,
  { scale }: DigestFigures,
  moved: MovedFigures,
): readonly MovedRowView[] {
  const { otherDeals: count, others } = moved;
  if (count === 0) return [];
  const name = translate(locale, 'digest.moved.others', { count, dealWord: dealWord(crm, locale, count) });
  return [{ name, kind: '', change: signedStepsText(others, scale, locale), tone: toneOf(others) }];
}
