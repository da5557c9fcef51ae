/** Stable codes; each has a row in docs/errors.md. */
export type StoreErrorCode =
  | 'STORE_LOCKED'
  | 'STORE_DIR_UNWRITABLE'
  | 'STORE_DISK_FULL'
  | 'STORE_UNREACHABLE'
  | 'STORE_BUSY'
  | 'STORE_TOO_OLD'
  | 'STORE_MIGRATION_FAILED';

/**
 * The store cannot do its work for a reason outside the code. `message` says what was found and what to do; it holds no secret. `place` names
 * directory, server, process or version in no language, for the sentences of templates/errors.
 */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;
  readonly place: string;

  constructor(code: StoreErrorCode, message: string, cause?: unknown, place = '') {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.place = place;
  }
}
