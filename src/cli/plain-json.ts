/** What `--json` prints: dates as ISO text, whole minor units as text, because a JSON number does not hold every one of them. */
export function plainJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'bigint' ? member.toString() : member,
  );
}
