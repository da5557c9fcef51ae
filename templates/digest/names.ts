import type { DigestModel } from '../../src/core/review/digest-types.ts';
import { visibleText } from '../text.ts';

const SHORT_LIMIT = 28;

interface Named {
  readonly dealId: string;
  readonly dealName: string;
}

/** What a deal is called inside a sentence: "Groupe Vauban – déploiement SIRH" is "Groupe Vauban", unless another deal of the mail is too. */
export function sentenceNames(model: DigestModel): (deal: Named) => string {
  const named: readonly Named[] = [
    ...(model.movement?.rows ?? []),
    ...model.verdict.losses,
    ...model.verdict.gains,
    ...model.questions,
    ...model.stuck,
    ...model.fast,
  ];
  const dealsByName = new Map<string, Set<string>>();
  for (const deal of named) {
    const deals = dealsByName.get(shortName(deal)) ?? new Set();
    dealsByName.set(shortName(deal), deals.add(deal.dealId));
  }
  return (deal) => {
    const short = shortName(deal);
    return (dealsByName.get(short)?.size ?? 0) > 1 ? visibleText(deal.dealName) : short;
  };
}

/** "Groupe Vauban – déploiement SIRH" is "Groupe Vauban". */
export function shortName({ dealName }: Pick<Named, 'dealName'>): string {
  const name = visibleText(dealName, Number.POSITIVE_INFINITY);
  return visibleText(name.split(/ [-–—|] /)[0] ?? name, SHORT_LIMIT);
}
