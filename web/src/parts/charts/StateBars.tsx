// StateBars.tsx - standing bars over time, each cut into its states.
import { Box, Chart, sumOf, type Row, type Series } from './Chart.tsx';

const WIDTH = 640;
const HEIGHT = 240;
const FOOT = 26;
const HEAD = 20;

type StateBarsProps = { title: string; text: string; of: string; /** The oldest first; `name` is short. */ rows: readonly Row[]; series: readonly Series[] };

export function StateBars(props: StateBarsProps) {
  const { rows, series } = props;
  const most = Math.max(1, ...rows.map(sumOf));
  const step = WIDTH / Math.max(1, rows.length);
  const room = HEIGHT - FOOT - HEAD;
  return (
    <Chart {...props} width={WIDTH} height={HEIGHT}>
      <path d={`M0 ${HEIGHT - FOOT}h${WIDTH}`} className="chart-axis" />
      {rows.map((row, n) => {
        let y = HEIGHT - FOOT;
        return (
          <g key={row.id}>
            {series.map((s, at) => {
              const height = ((row.values[s.id] ?? 0) / most) * room;
              y -= height;
              return height > 0 ? <Box key={s.id} x={n * step + step * 0.15} y={y} width={step * 0.7} height={height} at={at} /> : null;
            })}
            {sumOf(row) > 0 ? (
              <text x={n * step + step / 2} y={y - 5} textAnchor="middle" className="chart-number">
                {sumOf(row)}
              </text>
            ) : null}
            <text x={n * step + step / 2} y={HEIGHT - 7} textAnchor="middle">
              {row.name}
            </text>
          </g>
        );
      })}
    </Chart>
  );
}
