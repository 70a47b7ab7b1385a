// BarChart.tsx - lying bars, one a row, each cut into its series; the number stands behind it.
import { Box, Chart, sumOf, type Row, type Series } from './Chart.tsx';

const WIDTH = 640;
const LABEL = 190;
const NUMBER = 60;
const LINE = 34;

type BarChartProps = { title: string; text: string; of: string; rows: readonly Row[]; series: readonly Series[] };

export function BarChart(props: BarChartProps) {
  const { rows, series } = props;
  const most = Math.max(1, ...rows.map(sumOf));
  const room = WIDTH - LABEL - NUMBER;
  return (
    <Chart {...props} width={WIDTH} height={Math.max(1, rows.length) * LINE + 4}>
      {rows.map((row, line) => {
        let x = LABEL;
        return (
          <g key={row.id}>
            <text x={LABEL - 10} y={line * LINE + 22} textAnchor="end">
              {row.name}
            </text>
            {series.map((s, at) => {
              const width = ((row.values[s.id] ?? 0) / most) * room;
              const from = x;
              x += width;
              return width > 0 ? <Box key={s.id} x={from} y={line * LINE + 4} width={width} height={LINE - 10} at={at} /> : null;
            })}
            <text x={x + 8} y={line * LINE + 22} className="chart-number">
              {sumOf(row)}
            </text>
          </g>
        );
      })}
    </Chart>
  );
}
