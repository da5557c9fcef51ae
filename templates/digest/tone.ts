/** Good or bad for the forecast. Colour repeats what the sign says, never replaces it. */
export type Tone = 'good' | 'bad' | 'plain';

export function toneOf(steps: bigint): Tone {
  return steps > 0n ? 'good' : steps < 0n ? 'bad' : 'plain';
}
