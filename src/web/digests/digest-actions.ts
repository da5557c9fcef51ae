/** The two forms of the digest page: a test to oneself, and the week's mail once more. */
import { translate } from '../../../templates/i18n/translate.ts';
import { visibleText } from '../../../templates/text.ts';
import { digestFormHref } from './digest-href.ts';
import type { DigestPageInput, ShownView } from './digest-page-input.ts';
import { reasonText } from './digest-words.ts';

export interface TestView {
  readonly title: string;
  readonly hint: string;
  readonly action: string;
  readonly week: string;
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly text: string }[];
  readonly button: string;
  /** What became of the last one. */
  readonly last: string | null;
}

export interface AgainView {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly digest: string;
  /** The box to tick where a mail left or may have left; null where none did. */
  readonly confirm: string | null;
  readonly button: string;
}

export function testView({ locale, admin }: DigestPageInput, shown: ShownView): TestView | null {
  const { mail, manager, lastTest } = shown;
  if (mail === null) return null;
  return {
    title: translate(locale, 'digests.test'),
    hint: translate(locale, 'digests.test_hint'),
    action: digestFormHref('test', place(locale, shown)),
    week: mail.asOf.toString(),
    label: translate(locale, 'digests.test_to'),
    options: [
      { value: 'manager', text: `${visibleText(manager.name)} (${visibleText(manager.email, 80)})` },
      ...(admin === null
        ? []
        : [
            {
              value: 'admin',
              text: translate(locale, 'digests.test_admin', { address: visibleText(admin, 80) }),
            },
          ]),
    ],
    button: translate(locale, 'digests.test_button'),
    last: lastTest === null ? null : lastText(lastTest, locale),
  };
}

function lastText(
  { state, reason }: NonNullable<ShownView['lastTest']>,
  locale: DigestPageInput['locale'],
): string {
  const text = translate(locale, `digests.test_last.${state}`);
  return reason === null ? text : `${text} ${reasonText(reason, locale)}`;
}

/** Null while the week is on its way, and for a week that the ledger does not know. */
export function againView({ locale }: DigestPageInput, shown: ShownView): AgainView | null {
  const { row } = shown;
  if (row === null || shown.mail === null || row.state === 'claimed' || row.state === 'handing_over')
    return null;
  const left = row.state === 'sent' || row.state === 'uncertain' || row.state === 'failed';
  return {
    title: translate(locale, 'digests.again'),
    text: translate(locale, `digests.again_after.${row.state}`),
    action: digestFormHref('again', place(locale, shown)),
    digest: row.id,
    confirm: left ? translate(locale, 'digests.again_confirm') : null,
    button: translate(locale, 'digests.again_button'),
  };
}

function place(locale: DigestPageInput['locale'], { manager, isoWeek, view, mailIn }: ShownView) {
  return { locale, managerId: manager.id, isoWeek, view, mailIn };
}
