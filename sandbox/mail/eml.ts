import { createHash } from 'node:crypto';

export interface MailHeader {
  /** Lower case. */
  readonly name: string;
  /** Unfolded, otherwise as it travelled (RFC 2047 words are not decoded). */
  readonly value: string;
}

/** The header block of an RFC 5322 message, in order, duplicates included. */
export function headersOf(source: Uint8Array): MailHeader[] {
  const text = new TextDecoder().decode(source);
  const end = text.indexOf('\r\n\r\n');
  const block = end < 0 ? text : text.slice(0, end);
  const lines = block.replaceAll(/\r\n(?=[ \t])/g, '').split('\r\n');
  return lines.flatMap((line) => {
    const colon = line.indexOf(':');
    return colon < 1
      ? []
      : [{ name: line.slice(0, colon).toLowerCase(), value: line.slice(colon + 1).trim() }];
  });
}

/** Sorts by time and names nobody: the recipient is only a hash, the number tells two mails of one instant apart. */
export function emlFileName(receivedAt: Date, recipients: readonly string[], number: number): string {
  const time = receivedAt.toISOString().replaceAll(':', '-');
  const whose = createHash('sha256').update(recipients.join('\n')).digest('hex').slice(0, 10);
  return `${time}-${whose}-${number}.eml`;
}
