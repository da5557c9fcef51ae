/** Whose turn it is. `deal_owner`: whoever keeps the deal in the CRM. `nobody`: it passes by itself, or is meant to be so. */
export type Actor = 'deal_owner' | 'manager' | 'admin' | 'operator' | 'developer' | 'nobody';

/** Two sentences without their full stops: what was wrong, and what to do about it. */
interface ErrorWords {
  readonly what: string;
  readonly todo: string;
}

export interface ErrorEntry {
  readonly whoMustAct: Actor;
  readonly en: ErrorWords;
  readonly fr: ErrorWords;
}

export type ErrorTable<Code extends string = string> = Readonly<Record<Code, ErrorEntry>>;
