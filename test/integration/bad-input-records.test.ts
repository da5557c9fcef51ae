import PostalMime from 'postal-mime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BAD_ACCOUNT_YAML, type BadDeal, badWorld, HOSTILE_NAMES, idOf } from '../support/bad-account.ts';
import { type CommandBench, type CommandRun, openCommandBench } from '../support/command-bench.ts';

/** One Monday run over an account with every flaw; each test looks at one side of it. */
let bench: CommandBench;
let pulled: CommandRun;
let forecast: Forecast;
let page: string;

interface Forecast {
  readonly summary: {
    readonly netMinor: bigint;
    readonly grossMinor: bigint;
    readonly openDeals: number;
    readonly exclusions: readonly { readonly reason: string; readonly deals: number }[];
  };
  readonly lines: readonly {
    readonly dealId: string;
    readonly exclusion: string | null;
    readonly netMinor: bigint;
    readonly grossMinor: bigint;
    readonly flags: readonly string[];
  }[];
  readonly rejectionsByCode: Readonly<Record<string, number>>;
}

beforeAll(async () => {
  bench = await openCommandBench(badWorld(), BAD_ACCOUNT_YAML);
  pulled = await bench.run('pull', '--json');
  await bench.run('snapshot');
  forecast = JSON.parse((await bench.run('forecast', '--json')).out, wholeUnits) as Forecast;
  page = await (await fetch(`${await bench.services.listen(0)}/?lang=en`)).text();
}, 180_000);

afterAll(async () => {
  await bench.close();
});

/** Minor units are printed as text. */
function wholeUnits(key: string, value: unknown): unknown {
  return key.endsWith('Minor') && typeof value === 'string' ? BigInt(value) : value;
}

function lineOf(deal: BadDeal) {
  return forecast.lines.find((line) => line.dealId === idOf(deal));
}

describe('records with flaws', () => {
  it.each<[BadDeal, string]>([
    ['amountNull', 'amount_missing'],
    ['amountNegative', 'amount_negative'],
    ['amountAbsurd', 'amount_absurd'],
    ['amountBillions', 'amount_absurd'],
    ['currencyMissing', 'currency_missing'],
    ['currencyUnknown', 'currency_unknown'],
    ['currencyWithoutRate', 'no_rate'],
    ['stageNever', 'stage_unmapped'],
    ['stageDeleted', 'stage_unmapped'],
    ['stageUnmapped', 'stage_unmapped'],
  ])('%s: the deal is listed and in no total, because of %s', (deal, reason) => {
    expect(lineOf(deal)).toMatchObject({ exclusion: reason, netMinor: 0n });
    expect(page).toContain(idOf(deal));
  });

  it.each<[BadDeal, string]>([
    ['decimals', 'amount_rounded'],
    ['closeMissing', 'close_date_missing'],
    ['closeBefore', 'close_before_creation'],
    ['ownerMissing', 'owner_missing'],
    ['ownerStranger', 'owner_unknown'],
  ])('%s: the deal counts, and a person can see the flag %s', (deal, flag) => {
    expect(lineOf(deal)).toMatchObject({ exclusion: null, flags: [flag] });
  });

  it('a stage that the account no longer has is told beside being unmapped', () => {
    expect(lineOf('stageDeleted')?.flags).toContain('stage_unknown');
    expect(lineOf('stageUnmapped')?.flags).toEqual([]);
  });

  it('an amount written as 1E+2 is one hundred, and nineteen decimals are rounded to the cent', () => {
    expect(lineOf('exponent')?.grossMinor).toBe(10_000n);
    expect(lineOf('decimals')?.grossMinor).toBe(1_250_012n);
  });

  it('a deal of somebody who left the company still counts', () => {
    expect(lineOf('ownerLeft')).toMatchObject({ exclusion: null, netMinor: 25_000n, flags: [] });
  });

  it('the total is the sum of the deals that may count, to the cent', () => {
    const ordinary = ['sound', 'ownerMissing', 'ownerStranger', 'ownerLeft', 'closeMissing', 'closeBefore'];
    const named = ['markup', 'bidi', 'control', 'survivor'];
    const thousands = BigInt(ordinary.length + named.length);
    expect(forecast.summary.netMinor).toBe(thousands * 25_000n + 26_000n + 1_000n + 125_001n);
    expect(forecast.summary.grossMinor).toBe(thousands * 100_000n + 104_000n + 10_000n + 1_250_012n);
    expect(forecast.lines.reduce((sum, line) => sum + line.netMinor, 0n)).toBe(forecast.summary.netMinor);
  });

  it('every deal of the account is a line, a rejection, or known to be gone: none is lost', () => {
    const { deals, rejections } = JSON.parse(pulled.out) as {
      deals: { present: number };
      rejections: number;
    };
    const world = bench.sandbox.world.list('deal').length;
    expect(deals.present + rejections + 1).toBe(world);
    expect(forecast.lines).toHaveLength(deals.present);
  });

  it('a merged deal counts once and an archived one not at all', () => {
    expect(lineOf('survivor')?.netMinor).toBe(25_000n);
    expect(lineOf('mergedAway')).toBeUndefined();
    expect(lineOf('archived')).toBeUndefined();
  });
});

describe('what a person is told about them', () => {
  const codes = { AMOUNT_UNREADABLE: 1, DATE_UNREADABLE: 2, PIPELINE_MISSING: 1, STAGE_MISSING: 1 };

  it('the pull ends as partly done and counts the records it could not read, by code', () => {
    expect(pulled.exit).toBe(3);
    expect(JSON.parse(pulled.out)).toMatchObject({ rejections: 5, rejectionsByCode: codes });
    expect(forecast.rejectionsByCode).toEqual(codes);
  });

  it('each code comes with its sentence in the language of the user', async () => {
    expect(pulled.err).toContain(
      'AMOUNT_UNREADABLE: The amount of the deal is no number (× 1). Write a plain',
    );
    bench.locale = 'fr';
    const { err } = await bench.run('forecast');
    bench.locale = 'en';
    expect(err).toContain('DATE_UNREADABLE: Une date de l’enregistrement est illisible (× 2). Corrigez');
    expect(err).toContain('exclusion.stage_unmapped: L’étape de l’affaire n’a pas de sens dans le modèle');
  });

  it('the page counts what is in no total, by reason', () => {
    const table = /<table id="exclusions"[\s\S]*?<\/table>/.exec(page)?.[0] ?? page;
    for (const [reason, deals] of [
      ['Stage without milestone', 3],
      ['Amount out of all proportion', 2],
      ['Amount missing', 1],
      ['No exchange rate', 1],
    ] as const)
      expect(table.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')).toContain(`${reason} ${deals}`);
    expect(page).toMatch(/5 HubSpot records could not be read/);
  });

  it('a deal without usable amount has no net amount to show on the terminal either', async () => {
    const { out } = await bench.run('forecast');
    expect(out).not.toContain('amountNull');
    expect(out).toContain('sound');
  });
});

describe('names that mean harm', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not be there
  const UNSEEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\u202A-\u202E\u2066-\u2069]/;

  it('are text on the page, never markup, and hold nothing invisible', () => {
    expect(page).not.toContain(HOSTILE_NAMES.markup);
    expect(page).not.toMatch(/<script>|<img src=x/);
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(page).not.toMatch(UNSEEN);
  });

  it('cannot draw on the terminal', async () => {
    const { out } = await bench.run('forecast');
    expect(out).not.toMatch(UNSEEN);
    expect(out).toContain('<img src=x onerror=alert(1)>');
  });

  it('start no header and no tag in a mail', async () => {
    const { exit } = await bench.run('digest', 'send');
    expect(exit).toBe(0);
    const mails = await Promise.all(bench.mails.mails.map((mail) => PostalMime.parse(mail.source)));
    expect(mails).toHaveLength(2);
    for (const { html = '', text = '', headers, subject = '' } of mails) {
      expect(headers.map(({ key }) => key)).not.toContain('bcc');
      expect(html).not.toMatch(/<script>|<img src=x/);
      expect(`${subject}${text}${html}`).not.toMatch(UNSEEN);
    }
  });
});
