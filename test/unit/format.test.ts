import { array, assert, bigInt, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { periodOf } from '../../src/core/values/calendar.ts';
import {
  countText,
  dayText,
  exactCodeMoneyText,
  frenchSpaces,
  moneyText,
  oddsText,
  percentText,
  signedStepsText,
  stepsText,
  timeText,
  weightText,
} from '../../templates/format.ts';
import {
  apportion,
  magnitude,
  moneyScale,
  roundToSteps,
  sumOf,
  wholePercent,
} from '../../templates/rounding.ts';
import { visibleText, webAddress } from '../../templates/text.ts';
import { periodText } from '../../templates/words.ts';
import { currency, EUR } from '../support/digest-model.ts';

const N = '\u00A0';

function short(amountMinor: bigint, code: string, locale: 'fr' | 'en'): string {
  const scale = moneyScale(currency(code), amountMinor);
  return stepsText(roundToSteps(amountMinor, scale), scale, locale);
}

describe('amounts as people write them', () => {
  it('are short: 612 k€ in French, €612k in English', () => {
    expect(short(61_237_800n, 'EUR', 'fr')).toBe(`612${N}k€`);
    expect(short(61_237_800n, 'EUR', 'en')).toBe('€612k');
  });

  it('keep units below ten thousand and take millions with one decimal from ten million on', () => {
    expect(short(999_949n, 'EUR', 'fr')).toBe(`9${N}999${N}€`);
    expect(short(1_244_000_000n, 'EUR', 'fr')).toBe(`12,4${N}M€`);
    expect(short(1_200_000_000n, 'EUR', 'en')).toBe('€12.0m');
  });

  it('follow the currency: yen have no cents, francs have a name', () => {
    expect(short(6_120_000n, 'JPY', 'en')).toBe('¥6,120k');
    expect(short(61_200_000n, 'CHF', 'en')).toBe(`CHF${N}612k`);
    expect(short(61_200_000n, 'CHF', 'fr')).toBe(`612${N}kCHF`);
    expect(exactCodeMoneyText(1_981_267n, currency('USD'), 'fr')).toBe(`19${N}812,67${N}USD`);
    expect(exactCodeMoneyText(1_981_200n, currency('USD'), 'en')).toBe(`USD${N}19,812`);
  });

  it('stay exact where a float would not: nine quadrillion and one', () => {
    expect(moneyText(900_719_925_474_099_300n, EUR, 'en')).toBe('€9,007,199,254,740,993');
  });

  it('carry their sign in text, and nothing has no sign', () => {
    const scale = moneyScale(EUR, 50_000_000n);
    expect(signedStepsText(41n, scale, 'fr')).toBe(`+41${N}k€`);
    expect(signedStepsText(-24n, scale, 'en')).toBe('\u2212€24k');
    expect(signedStepsText(0n, scale, 'fr')).toBe(`0${N}k€`);
  });
});

describe('rounding for display', () => {
  const scale = moneyScale(EUR, 85_000_000n);

  it('shows 1.4 + 1.4 + 1.4 as 1 + 1 + 2 under a total of 4', () => {
    const parts = [140_000n, 140_000n, 140_000n];
    expect(apportion(parts, roundToSteps(sumOf(parts), scale), scale)).toEqual([2n, 1n, 1n]);
  });

  it('always adds up to the shown total and moves no part by more than one step', () => {
    assert(
      property(array(bigInt(-50_000_000n, 50_000_000n), { minLength: 1, maxLength: 30 }), (parts) => {
        const total = roundToSteps(sumOf(parts), scale);
        const steps = apportion(parts, total, scale);
        expect(sumOf(steps)).toBe(total);
        for (const [index, part] of parts.entries())
          expect(magnitude((steps[index] ?? 0n) * scale.stepMinor - part) < 2n * scale.stepMinor).toBe(true);
      }),
    );
  });

  it('refuses a total that its parts cannot make', () => {
    expect(() => apportion([100_000n], 9n, scale)).toThrow('cannot be shown');
  });

  it('knows the whole percent of exact amounts', () => {
    expect(wholePercent(61_230_000n, 85_000_000n)).toBe(72n);
    expect(wholePercent(1n, 0n)).toBe(0n);
  });
});

describe('numbers, dates and French spaces', () => {
  it('write percents and weights', () => {
    expect(percentText(0.724, 'fr')).toBe(`72${N}%`);
    expect(percentText(0.0132, 'en', 1)).toBe('1.3%');
    expect(weightText(6000, 'fr')).toBe(`60${N}%`);
    expect(weightText(6250, 'fr')).toBe(`62,5${N}%`);
    expect(weightText(6255, 'en')).toBe('62.55%');
    expect([oddsText(0.078, 'en'), oddsText(0.341234, 'fr')]).toEqual(['7.8%', `34,1234${N}%`]);
    expect(countText(13_087, 'fr')).toBe(`13${N}087`);
  });

  it('never leave a thin space, which many mail fonts lack', () => {
    for (const text of [
      countText(1_234_567, 'fr'),
      percentText(12.5, 'fr'),
      moneyText(123_456_789n, EUR, 'fr'),
    ])
      expect(text).not.toContain('\u202F');
  });

  it('bind French punctuation to its word', () => {
    expect(frenchSpaces('« Accord » : qui ? oui !')).toBe(`«${N}Accord${N}»${N}: qui${N}? oui${N}!`);
  });

  it('write the first of a month as people do, and the hour of the reader’s zone', () => {
    expect(dayText(Temporal.PlainDate.from('2026-06-01'), 'fr')).toBe('1er juin');
    expect(dayText(Temporal.PlainDate.from('2026-06-01'), 'en')).toBe('1 June');
    const instant = Temporal.Instant.from('2026-06-08T22:05:00Z');
    expect(timeText(instant, 'Europe/Paris', 'fr')).toBe('00:05');
    expect(timeText(instant, 'America/New_York', 'en')).toBe('18:05');
  });

  it('name a quarter, a month and a year', () => {
    const day = Temporal.PlainDate.from('2026-06-08');
    expect(periodText(periodOf(day, 'quarter'), 'fr', 'short')).toBe('T2');
    expect(periodText(periodOf(day, 'quarter'), 'en', 'long')).toBe('Q2 2026');
    expect(periodText(periodOf(day, 'month'), 'fr', 'long')).toBe('juin 2026');
    expect(periodText(periodOf(day, 'year'), 'en', 'short')).toBe('2026');
  });
});

describe('texts that come from a CRM', () => {
  it('lose what cannot be seen: controls, zero width and reversed writing', () => {
    expect(visibleText('Devis\u202Efdp.exe\u0000\u200B\r\nBcc: x')).toBe('Devis fdp.exe Bcc: x');
  });

  it('are cut with an ellipsis, never inside a character', () => {
    const flags = '🇫🇷'.repeat(40);
    expect(visibleText(flags, 10)).toBe(`${'🇫🇷'.repeat(9)}…`);
    expect(Array.from(visibleText('x'.repeat(100)))).toHaveLength(45);
    expect(visibleText('é'.repeat(45))).toBe('é'.repeat(45));
  });

  it('cannot flood a line with stacked marks or a megabyte of text', () => {
    expect(visibleText(`a${'\u0301'.repeat(5_000)}`).length).toBeLessThanOrEqual(45 * 4 + 1);
    expect(visibleText('m'.repeat(1_000_000)).length).toBe(45);
  });

  it('become links only when they are plain web addresses', () => {
    expect(webAddress('https://app.hubspot.com/x?a=1')).toBe('https://app.hubspot.com/x?a=1');
    for (const address of [
      'javascript:alert(1)',
      'data:text/html,x',
      '//evil',
      'https://u:p@host/',
      'nonsense',
    ])
      expect(webAddress(address)).toBeNull();
  });
});
