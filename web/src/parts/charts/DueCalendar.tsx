// DueCalendar.tsx - the weeks to come as a calendar: how many things are due on each day; the darker, the more, and the number says it.
import { Chart, sumOf, type Row, type Series } from './Chart.tsx';

const CELL = 46;
const LABEL = 64;
const HEAD = 24;
const DAY_MS = 86_400_000;

type DueCalendarProps = { title: string; text: string; of: string; /** `id` is the day: 2026-04-01. */ rows: readonly Row[]; series: readonly Series[]; from: string; days: number; weekdays: readonly string[] };

export function DueCalendar({ from, days, weekdays, ...props }: DueCalendarProps) {
  const first = Date.parse(`${from}T00:00:00Z`);
  const sunday = first - new Date(first).getUTCDay() * DAY_MS;
  const weeks = Math.ceil((first + days * DAY_MS - sunday) / (7 * DAY_MS));
  const counts = new Map(props.rows.map((row) => [row.id, sumOf(row)]));
  const most = Math.max(1, ...counts.values());
  const cells = Array.from({ length: weeks * 7 }, (_, n) => sunday + n * DAY_MS).filter((at) => at >= first && at < first + days * DAY_MS);
  return (
    <Chart {...props} width={LABEL + 7 * CELL} height={HEAD + weeks * CELL}>
      {weekdays.map((name, n) => (
        <text key={name} x={LABEL + n * CELL + CELL / 2} y={16} textAnchor="middle">
          {name}
        </text>
      ))}
      {Array.from({ length: weeks }, (_, week) => {
        const day = new Date(Math.max(first, sunday + week * 7 * DAY_MS));
        return (
          <text key={week} x={LABEL - 8} y={HEAD + week * CELL + 28} textAnchor="end">
            {`${day.getUTCMonth() + 1}/${day.getUTCDate()}`}
          </text>
        );
      })}
      {cells.map((at) => {
        const day = new Date(at);
        const n = counts.get(day.toISOString().slice(0, 10)) ?? 0;
        const x = LABEL + day.getUTCDay() * CELL;
        const y = HEAD + Math.floor((at - sunday) / (7 * DAY_MS)) * CELL;
        const depth = n === 0 ? 0 : Math.max(1, Math.ceil((n / most) * 3));
        return (
          <g key={at} className={`chart-day depth-${depth}`}>
            <rect x={x + 1} y={y + 1} width={CELL - 2} height={CELL - 2} rx={4} />
            {n > 0 ? (
              <text x={x + CELL / 2} y={y + 29} textAnchor="middle" className="chart-number">
                {n}
              </text>
            ) : null}
          </g>
        );
      })}
    </Chart>
  );
}
