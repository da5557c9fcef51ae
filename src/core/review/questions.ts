/** Chooses the questions of a week: one per rep, never two of a kind, about the deals with most at stake. Deterministic. */
import type { Owner } from '../deals/deal.ts';
import type { Exclusion, ForecastLine } from '../forecast/forecast-types.ts';
import type { OwnerId } from '../values/ids.ts';
import type { DigestQuestion } from './digest-types.ts';
import { QUESTION_BANK } from './question-bank.ts';
import type { QuestionContext } from './question-rule.ts';

export const QUESTION_KEYS: readonly string[] = QUESTION_BANK.map((rule) => rule.key);

/** Deals without a usable amount are in no sum, but somebody can mend that. */
const ASKABLE: readonly (Exclusion | null)[] = [
  null,
  'amount_missing',
  'amount_negative',
  'amount_absurd',
  'currency_missing',
  'currency_unknown',
];

export interface QuestionInput extends Omit<QuestionContext, 'usualMinor'> {
  readonly lines: readonly ForecastLine[];
  readonly owners: readonly Owner[];
  readonly maxQuestions: number;
  /** Asked already: their deals and their kinds are not asked about again. */
  readonly already?: readonly DigestQuestion[];
}

/** One question per rep and never two of a kind, about the deals with most at stake. Deals without an active owner have nobody to ask. */
export function chooseQuestions(input: QuestionInput): readonly DigestQuestion[] {
  const open = askableLines(input.lines);
  const context = questionContext(input);
  const askable = new Map(input.owners.filter((owner) => owner.active).map((owner) => [owner.id, owner]));
  const asked = new Set<OwnerId>();
  const used = new Set<string>();
  const chosen: DigestQuestion[] = [];
  for (const line of byStake(open)) {
    if (chosen.length >= input.maxQuestions) break;
    const rep = line.ownerId === null ? undefined : askable.get(line.ownerId);
    if (rep === undefined || asked.has(rep.id)) continue;
    const question = questionAbout(line, rep, context, used);
    if (question === null) continue;
    asked.add(rep.id);
    used.add(question.kind);
    chosen.push(question.asked);
  }
  return chosen;
}

/** For the sheet of one person: one question per deal, those with most at stake first, and never two of a kind. */
export function questionsFor(rep: Owner, input: QuestionInput): readonly DigestQuestion[] {
  const already = input.already ?? [];
  const askedAbout = new Set(already.map(({ dealId }) => dealId));
  const open = askableLines(input.lines).filter(({ dealId }) => !askedAbout.has(dealId));
  const context = questionContext(input);
  const used = new Set(
    already.flatMap(({ key }) => QUESTION_BANK.find((rule) => rule.key === key)?.kind ?? []),
  );
  const chosen: DigestQuestion[] = [];
  for (const line of byStake(open.filter(({ ownerId }) => ownerId === rep.id))) {
    if (chosen.length >= input.maxQuestions) break;
    const question = questionAbout(line, rep, context, used);
    if (question === null) continue;
    used.add(question.kind);
    chosen.push(question.asked);
  }
  return chosen;
}

function questionAbout(
  line: ForecastLine,
  rep: Owner,
  context: QuestionContext,
  used: ReadonlySet<string>,
): { readonly kind: string; readonly asked: DigestQuestion } | null {
  for (const { key, kind, factsOf } of QUESTION_BANK) {
    const facts = used.has(kind) ? null : factsOf(line, context);
    if (facts === null) continue;
    const { days = null, date = null, milestone = null, count = null } = facts;
    const { dealId, dealName, verified } = line;
    const named = { repFirstName: firstNameOf(rep), dealId, dealName, verified };
    return { kind, asked: { key, ...named, days, date, milestone, count } };
  }
  return null;
}

/** What the rules may look at beside the deal itself. */
export function questionContext(
  input: Omit<QuestionContext, 'usualMinor'> & Pick<QuestionInput, 'lines'>,
): QuestionContext {
  const { asOf, milestones, moved } = input;
  return { asOf, milestones, moved, usualMinor: usualAmount(askableLines(input.lines)) };
}

function askableLines(lines: readonly ForecastLine[]): readonly ForecastLine[] {
  return lines.filter(({ standing, exclusion }) => standing === 'open' && ASKABLE.includes(exclusion));
}

/** Largest first: what the deal is worth proven and declared, or is expected to bring, whichever is more. */
export function byStake(lines: readonly ForecastLine[]): readonly ForecastLine[] {
  const stake = ({ netMinor, expectedMinor, unprovenMinor }: ForecastLine) =>
    netMinor + unprovenMinor > expectedMinor ? netMinor + unprovenMinor : expectedMinor;
  return [...lines].sort((left, right) => {
    const [leftStake, rightStake] = [stake(left), stake(right)];
    if (leftStake !== rightStake) return leftStake > rightStake ? -1 : 1;
    return left.dealId < right.dealId ? -1 : 1;
  });
}

/** The first word of the name as the CRM has it. */
export function firstNameOf(owner: Owner): string {
  return owner.name.trim().split(/\s+/)[0] ?? '';
}

function usualAmount(lines: readonly ForecastLine[]): bigint {
  const amounts = lines
    .filter((line) => line.exclusion === null)
    .map((line) => line.grossMinor)
    .sort((left, right) => (left < right ? -1 : 1));
  return amounts[Math.ceil(amounts.length / 2) - 1] ?? 0n;
}
