import { err, ok, type Result } from './result.ts';

/** ISO 4217 alphabetic code that this product can calculate in. */
export type CurrencyCode = string & { readonly __id: 'currency' };

export interface CurrencyError {
  readonly code: 'CURRENCY_UNKNOWN';
  readonly found: string;
}

/** Codes whose minor unit is not the hundredth. Source: ISO 4217 table A.1, column "Mnr unt". */
const EXPONENTS: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
  CLF: 4,
  UYW: 4,
};

/** Active ISO 4217 codes of money in circulation (funds and metals are not amounts of a deal). */
const CODES = new Set(
  `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF
   CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ
   GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR
   LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN
   PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB
   TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UYW UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW
   ZWG`.split(/\s+/),
);

/** Text of a CRM -> code. Case and surrounding blanks are forgiven, nothing else. */
export function parseCurrency(text: string): Result<CurrencyCode, CurrencyError> {
  const code = text.trim().toUpperCase();
  return CODES.has(code) ? ok(code as CurrencyCode) : err({ code: 'CURRENCY_UNKNOWN', found: text });
}

/** Number of decimals of the currency's minor unit: 2 for EUR, 0 for JPY, 3 for KWD. */
export function exponentOf(currency: CurrencyCode): number {
  return EXPONENTS[currency] ?? 2;
}
