export interface ColumnView {
  readonly key: string;
  readonly label: string;
  readonly numeric: boolean;
}

/** `head` belongs to the first column, `cells` to the others, in order. */
export interface TableRowView {
  readonly head: string;
  readonly cells: readonly string[];
}
