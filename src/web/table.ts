export interface ColumnView {
  readonly key: string;
  readonly label: string;
  readonly numeric: boolean;
  /** False: the column has a cell in the row of totals that is no sum (a range, a share) or none at all. */
  readonly additive?: boolean;
}

/** `head` belongs to the first column, `cells` to the others, in order. */
export interface TableRowView {
  readonly head: string;
  readonly href?: string;
  readonly current?: boolean;
  readonly cells: readonly string[];
}

/** A table whose last row is the sum of the rows above it, with its CSV. */
export interface TotalledTableView {
  readonly id: string;
  readonly title: string;
  readonly hint: string | null;
  readonly columns: readonly ColumnView[];
  readonly rows: readonly TableRowView[];
  readonly total: TableRowView | null;
  readonly csv: { readonly text: string; readonly href: string };
}
