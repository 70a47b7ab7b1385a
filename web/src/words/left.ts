// left.ts - how long until a moment, in words without seconds: minutes at the end, days when it is far.
import type { Key } from './text.ts';

const MIN_MS = 60_000;
const HOUR_MIN = 60;
const DAY_MIN = 24 * HOUR_MIN;

/** The key and its numbers; `late`: the moment has passed. */
export function leftOf(until: string, now: number): { key: Key; args: string[]; late: boolean } {
  const ms = Date.parse(until) - now;
  const late = ms < 0;
  const minutes = Math.floor(Math.abs(ms) / MIN_MS);
  const side = late ? 'past' : 'left';
  if (minutes >= 2 * DAY_MIN) return { key: `left.${side}.days`, args: [String(Math.floor(minutes / DAY_MIN))], late };
  if (minutes >= 2 * HOUR_MIN) return { key: `left.${side}.hours`, args: [String(Math.floor(minutes / HOUR_MIN)), String(minutes % HOUR_MIN)], late };
  return { key: `left.${side}.minutes`, args: [String(minutes)], late };
}
