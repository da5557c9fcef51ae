/** Results go to stdout, everything else to stderr: `jalon forecast --json | jq` must work while progress is shown. */

export interface Terminal {
  readonly interactive: boolean;
  readonly locale: 'fr' | 'en';
  /** A line of result. */
  print(line: string): void;
  /** A line for the person who watches. */
  note(line: string): void;
  /** Overwrites itself on a terminal; silent elsewhere. An empty text clears it. */
  progress(line: string): void;
}

export function openTerminal(
  streams: { out: NodeJS.WriteStream; err: NodeJS.WriteStream },
  locale: 'fr' | 'en',
): Terminal {
  const interactive = streams.out.isTTY === true && streams.err.isTTY === true;
  let showing = false;
  const clear = () => {
    if (showing) streams.err.write('\r\x1b[K');
    showing = false;
  };
  return {
    interactive,
    locale,
    print: (line) => {
      clear();
      streams.out.write(`${line}\n`);
    },
    note: (line) => {
      clear();
      streams.err.write(`${line}\n`);
    },
    progress: (line) => {
      if (!interactive) return;
      clear();
      if (line === '') return;
      streams.err.write(line.slice(0, (streams.err.columns ?? 80) - 1));
      showing = true;
    },
  };
}

/** Columns of text; the first is left-aligned, the others right-aligned. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

/** "label      value" lines of a report. */
export function labelled(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, value]) => `${label.padEnd(width)}  ${value}`);
}
