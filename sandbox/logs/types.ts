/** A deal of a log as it was born. What came later is in the stages and the amounts. */
export interface LogDeal {
  readonly dealId: string;
  readonly name: string;
  /** Decimal text, or null when the log does not say. */
  readonly amount: string | null;
  readonly currency: string | null;
  readonly owner: string | null;
  /** Null: the first pipeline of the mapping. */
  readonly pipeline: string | null;
  readonly createdAtMs: number;
  /** ISO day. */
  readonly expectedClose: string | null;
  readonly company: string | null;
}

export interface LogStage {
  readonly dealId: string;
  readonly atMs: number;
  readonly stage: string;
  /** Who had the deal from then on; null when the log does not say. */
  readonly owner: string | null;
}

/** The amount became known or changed at this moment. */
export interface LogAmount {
  readonly dealId: string;
  readonly atMs: number;
  readonly amount: string;
}

export interface LogOwner {
  readonly owner: string;
  readonly name: string;
  readonly email: string;
  readonly team: string | null;
}

/** A row that has no place in time, or belongs to no deal: it is counted and told, never guessed. */
export interface UnplacedRow {
  readonly file: string;
  readonly dealId: string;
  readonly reason: 'NO_DATE' | 'DATE_UNREADABLE' | 'DEAL_UNKNOWN' | 'ID_MISSING' | 'ID_DUPLICATE';
}

/** The part of a company file that an account is built from. Weights in per cent. */
export interface LogMapping {
  readonly name: string;
  readonly zone: string;
  readonly currency: string;
  readonly locale: 'fr' | 'en';
  readonly pipelines: readonly {
    readonly id: string;
    readonly label: string;
    readonly stages: readonly string[];
  }[];
  readonly milestones: readonly { readonly key: string; readonly weight: number }[];
  readonly stages: Readonly<Record<string, string>>;
}

export interface EventLog {
  readonly form: 'neutral' | 'bpic2012' | 'maven_crm';
  readonly mapping: LogMapping;
  /** Absolute path of the company file that belongs to the log. */
  readonly mappingFile: string;
  readonly deals: readonly LogDeal[];
  /** In the order of the file: events of one instant happened in that order. */
  readonly stages: readonly LogStage[];
  readonly amounts: readonly LogAmount[];
  readonly owners: readonly LogOwner[];
  readonly unplaced: readonly UnplacedRow[];
}

/** The folder holds no log that can be read; the message says what was found there. */
export class LogError extends Error {
  override readonly name = 'LogError';
  readonly code = 'LOG_UNREADABLE';
}
