// DueCalendar.tsx - the weeks to come, side by side: how many things are due on each day; the darker, the more, and the number says it.
import { Chart, sumOf, type Row, type Series } from './Chart.tsx';

const CELL = 44;
const LABEL = 30;
const HEAD = 24;
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

type DueCalendarProps = { title: string; text: string; of: string; /** `id` is the day: 2026-04-01. */ rows: readonly Row[]; series: readonly Series[]; from: string; days: number; weekdays: readonly string[] };

export function DueCalendar({ from, days, weekdays, ...props }: DueCalendarProps) {
  const first = Date.parse(`${from}T00:00:00Z`);
  const end = first + days * DAY_MS;
  const sunday = first - new Date(first).getUTCDay() * DAY_MS;
  const weeks = Math.ceil((end - sunday) / WEEK_MS);
  const counts = new Map(props.rows.map((row) => [row.id, sumOf(row)]));
  const most = Math.max(1, ...counts.values());
  const cells = Array.from({ length: days }, (_, n) => first + n * DAY_MS);
  return (
    <Chart {...props} plain width={LABEL + weeks * CELL} height={HEAD + 7 * CELL}>
      {weekdays.map((name, n) => (
        <text key={name} x={LABEL - 8} y={HEAD + n * CELL + 27} textAnchor="end">
          {name}
        </text>
      ))}
      {Array.from({ length: weeks }, (_, week) => {
        const day = new Date(Math.max(first, sunday + week * WEEK_MS));
        return week % 2 ? null : (
          <text key={week} x={LABEL + week * CELL + CELL / 2} y={16} textAnchor="middle">
            {`${day.getUTCMonth() + 1}/${day.getUTCDate()}`}
          </text>
        );
      })}
      {cells.map((at) => {
        const day = new Date(at);
        const n = counts.get(day.toISOString().slice(0, 10)) ?? 0;
        const x = LABEL + Math.floor((at - sunday) / WEEK_MS) * CELL;
        const y = HEAD + day.getUTCDay() * CELL;
        const depth = n === 0 ? 0 : Math.max(1, Math.ceil((n / most) * 3));
        return (
          <g key={at} className={`chart-day depth-${depth}`}>
            <rect x={x + 1} y={y + 1} width={CELL - 2} height={CELL - 2} rx={4} />
            {n > 0 ? (
              <text x={x + CELL / 2} y={y + 27} textAnchor="middle" className="chart-number">
                {n}
              </text>
            ) : null}
          </g>
        );
      })}
    </Chart>
  );
}
