/** One value that a PATCH gave to a custom field. */
export interface AcceptedWrite {
  readonly dealId: string;
  readonly field: string;
  readonly value: string;
  /** The deal already held exactly this value. */
  readonly already: boolean;
}
