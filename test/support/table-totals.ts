/** Reads the tables of a page as a person does: cells, and a last row that must be their sum. For any page of the app. */

export interface ReadTable {
  readonly id: string;
  /** Headings of the columns whose cells add up. */
  readonly added: readonly string[];
  /** "net: 1 + 2 is not 4", one per column that does not add up. */
  readonly wrong: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Null for a table without a row of totals. */
  readonly total: readonly string[] | null;
}

interface Cell {
  readonly attributes: string;
  readonly html: string;
}

/** Every table of the page. A column is added up when its heading is numeric and its last cell shows something, unless the heading says that this is no sum. */
export function tablesOf(page: string): readonly ReadTable[] {
  return [...page.matchAll(/<table([^>]*)>([\s\S]*?)<\/table>/g)].map(([, attributes = '', html = '']) => {
    const [heads = []] = rowsOf(part(html, 'thead'));
    const rows = rowsOf(part(html, 'tbody')).map((row) => row.map(textOf));
    const total = rowsOf(part(html, 'tfoot'))[0]?.map(textOf) ?? null;
    const isTotalled = (at: number): boolean => (total?.[at] ?? '') !== '';
    const columns = heads.flatMap((head, at) =>
      / class="[^"]*\bnum\b/.test(head.attributes) &&
      !head.attributes.includes('data-total="none"') &&
      isTotalled(at)
        ? [{ at, name: textOf(head) }]
        : [],
    );
    return {
      id: / id="([^"]*)"/.exec(attributes)?.[1] ?? '',
      added: columns.map(({ name }) => name),
      wrong: total === null ? [] : columns.flatMap(({ at, name }) => wrongSum(name, at, rows, total)),
      rows,
      total,
    };
  });
}

/** The table of that id; throws when the page has none. */
export function tableOf(page: string, id: string): ReadTable {
  const table = tablesOf(page).find((one) => one.id === id);
  if (table === undefined) throw new Error(`the page has no table ${id}`);
  return table;
}

/** The displayed figure of a cell in its last digit shown; a dash or an empty cell shows no amount. */
export function figureOf(text: string): bigint {
  const digits = BigInt(text.replace(/\D/g, '') || '0');
  return /[\u2212-]\D*\d/.test(text) ? -digits : digits;
}

function wrongSum(
  name: string,
  at: number,
  rows: readonly (readonly string[])[],
  total: readonly string[],
): readonly string[] {
  const parts = rows.map((row) => row[at] ?? '');
  const sum = parts.reduce((known, text) => known + figureOf(text), 0n);
  return sum === figureOf(total[at] ?? '') ? [] : [`${name}: ${parts.join(' + ')} is not ${total[at]}`];
}

function part(html: string, name: string): string {
  return [...html.matchAll(new RegExp(`<${name}[^>]*>([\\s\\S]*?)</${name}>`, 'g'))]
    .map(([, inner = '']) => inner)
    .join('');
}

/** A cell over several columns counts once for each, so that columns keep their place. */
function rowsOf(html: string): readonly (readonly Cell[])[] {
  return html
    .split('</tr>')
    .map((row) =>
      [...row.matchAll(/<t[hd]([^>]*)>([\s\S]*?)<\/t[hd]>/g)].flatMap(([, attributes = '', inner = '']) => {
        const span = Number(/ colspan="(\d+)"/.exec(attributes)?.[1] ?? 1);
        return Array.from({ length: span }, (_, at) => ({ attributes, html: at === 0 ? inner : '' }));
      }),
    )
    .filter((cells) => cells.length > 0);
}

function textOf({ html }: Cell): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
