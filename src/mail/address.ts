import { domainToASCII } from 'node:url';
import type { MailAddress } from '../ports/mailer.ts';
import { MailerError } from './mailer-error.ts';
import { oneVisibleLine } from './safe-text.ts';

const NAME_LENGTH = 100;
const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const TOP_LABEL = /^([a-z]{2,63}|xn--[a-z0-9-]+)$/;

/** The address as it may travel: a plain local@domain and a name that is one visible line. Throws MAIL_ADDRESS_INVALID. */
export function travellingAddress({ name, address }: MailAddress): MailAddress {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  const domain = asciiDomain(address.slice(at + 1));
  if (at < 1 || local.length > 64 || !LOCAL_PART.test(local) || !isMailDomain(domain)) {
    throw new MailerError('MAIL_ADDRESS_INVALID', 'This is no mail address of the form local@domain.');
  }
  return { name: oneVisibleLine(name, NAME_LENGTH), address: `${local}@${domain}` };
}

/** `domainToASCII` forgives a lot (paths, percent signs, tabs): what it changed beyond case and Unicode names is refused by the label test. */
function asciiDomain(domain: string): string {
  return /^[\p{L}\p{M}\p{N}.-]+$/u.test(domain) ? domainToASCII(domain) : '';
}

function isMailDomain(domain: string): boolean {
  const labels = domain.split('.');
  const top = labels.at(-1) ?? '';
  return (
    domain.length <= 253 &&
    labels.length >= 2 &&
    TOP_LABEL.test(top) &&
    labels.every((label) => LABEL.test(label))
  );
}
