import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { parseCompanyFile } from '../../src/cli/company-file.ts';
import { BAD_ACCOUNT_YAML } from '../support/bad-account.ts';

type Content = Record<string, unknown> & { milestones: Record<string, unknown>[] };

/** Problems of the sound file after `change`, as "CODE at: message". */
function problemsAfter(change: (content: Content) => void, locale: 'en' | 'fr' = 'en'): string[] {
  const content = parse(BAD_ACCOUNT_YAML) as Content;
  change(content);
  const read = parseCompanyFile(stringify(content), locale);
  return read.ok ? [] : read.error.map(({ code, at, message }) => `${code} ${at}: ${message}`);
}

describe('a company file', () => {
  it('that is right has no problem', () => {
    expect(problemsAfter(() => undefined)).toEqual([]);
  });

  it('that is no YAML names line and column', () => {
    const read = parseCompanyFile('name: "open\nzone: [', 'fr');
    expect(read.ok).toBe(false);
    if (!read.ok)
      expect(read.error).toMatchObject([
        {
          code: 'COMPANY_FILE_SYNTAX',
          at: expect.stringMatching(/^\d+:\d+$/),
          message: expect.stringMatching(/^Le fichier entreprise n’est pas du YAML valide .+Corrigez/),
        },
      ]);
  });

  it('tells every wrong value at once, with its place, what was found and what is expected', () => {
    const problems = problemsAfter((content) => {
      content['zone'] = 'Paris';
      content['currency'] = 'EURO';
      content['managers'] = [{ name: 'Ana', email: 'ana' }];
      content['targets'] = [{ period: 'Q1', amount: '12 000' }];
      content['colour'] = 'blue';
    });
    expect(problems.map((line) => line.replace(/^COMPANY_FILE_VALUE (\S+): .*/s, '$1')).sort()).toEqual(
      ['.', 'currency', 'managers.0.email', 'targets.0.amount', 'targets.0.period', 'zone'].sort(),
    );
    expect(problems).toContain(
      'COMPANY_FILE_VALUE zone: found "Paris", IANA: Europe/Paris, America/Montreal',
    );
    expect(problems).toContain('COMPANY_FILE_VALUE currency: found "EURO", ISO 4217: EUR, CHF, USD');
  });

  it('that names Pipedrive’s plan and seats gives the tokens of the day, and our share of them', () => {
    const budgetWith = (pipedrive: unknown) => {
      const read = parseCompanyFile(stringify({ ...(parse(BAD_ACCOUNT_YAML) as Content), pipedrive }), 'en');
      return read.ok ? read.value.pipedriveBudget : read.error;
    };
    expect(budgetWith(undefined)).toBeNull();
    const tokens = ['lite', 'growth', 'premium', 'ultimate'].map((plan) => budgetWith({ plan, seats: 4 }));
    expect(tokens).toEqual(
      [120_000, 240_000, 600_000, 840_000].map((dailyTokens) => ({ dailyTokens, dailyShareBps: 5_000 })),
    );
    expect(budgetWith({ plan: 'lite', seats: 1, top_up_tokens: 500, share_percent: 80 })).toEqual({
      dailyTokens: 30_500,
      dailyShareBps: 8_000,
    });
  });

  it.each([
    [
      'en',
      /pipedrive\.plan: found "gold", Invalid option: expected one of "lite"\|"growth"/,
      /pipedrive\.seats: found 0, Too small/,
    ],
    ['fr', /pipedrive\.plan: trouvé "gold", Option invalide/, /pipedrive\.seats: trouvé 0, Trop petit/],
  ] as const)('that names a plan that Pipedrive has not, or no seat, says so (%s)', (locale, plan, seats) => {
    const [first, second] = problemsAfter(
      (content) => Object.assign(content, { pipedrive: { plan: 'gold', seats: 0 } }),
      locale,
    );
    expect(first).toMatch(plan);
    expect(second).toMatch(seats);
  });

  it('tells them in French', () => {
    expect(problemsAfter((content) => Object.assign(content, { locale: 'de' }), 'fr')).toEqual([
      expect.stringMatching(/^COMPANY_FILE_VALUE locale: trouvé "de", Option invalide/),
    ]);
  });

  it('whose verbal commitment weighs half or less is refused with the law, the milestone and the weight', () => {
    const problems = problemsAfter((content) => Object.assign(content.milestones[2] ?? {}, { weight: 45 }));
    expect(problems).toEqual([
      'COMPANY_FILE_MODEL milestones.verbal: MODEL_VERBAL_NOT_ABOVE_HALF: The verbal commitment does not weigh more than 50 % (found 45 %). Raise its weight above 50: a customer who said yes is past half of the way.',
    ]);
  });

  it('whose milestone before the verbal commitment weighs more than half is refused in French too', () => {
    const problems = problemsAfter(
      (content) => Object.assign(content.milestones[1] ?? {}, { weight: 55.5 }),
      'fr',
    );
    expect(problems).toEqual([
      'COMPANY_FILE_MODEL milestones.need: MODEL_BEFORE_VERBAL_ABOVE_HALF: Le jalon qui précède l’accord verbal pèse plus de 50 % (trouvé 55.5 %). Ramenez-le à 50 ou moins : rien ne passe la moitié avant que le client ait dit oui.',
    ]);
  });

  it('that maps a stage to a milestone it does not have names the stage', () => {
    const problems = problemsAfter((content) => Object.assign(content['stages'] ?? {}, { tender: 'offer' }));
    expect(problems).toEqual([
      expect.stringContaining('COMPANY_FILE_MODEL stages.tender: MODEL_MAPPING_UNKNOWN_KEY'),
    ]);
    expect(problems[0]).toContain('(found offer)');
  });

  it('with a target beyond all proportion is refused, not rounded', () => {
    const problems = problemsAfter((content) =>
      Object.assign(content, { targets: [{ period: '2026-Q1', amount: '99999999999999999999' }] }),
    );
    expect(problems).toEqual([
      expect.stringMatching(/^COMPANY_FILE_VALUE targets\.0\.amount: found "9{20}"/),
    ]);
  });
});
