// Chart.tsx - what all charts have: a heading, a picture that is named and described, the same numbers as a table, and the key of its signs.
//
// No colour alone: each series has a pattern of its own as well, the key names them, and every number stands in the table.
import { useId, type ReactNode } from 'react';
import { useWords } from '../../words/words.tsx';

export type Series = { id: string; name: string };
export type Row = { id: string; name: string; values: Readonly<Record<string, number>> };

export const PATTERNS = 6;
export const fillOf = (at: number) => `chart-fill-${at % PATTERNS}`;
export const sumOf = (row: Row) => Object.values(row.values).reduce((a, b) => a + b, 0);

type ChartProps = {
  title: string;
  /** One sentence for who does not see the picture. */
  text: string;
  rows: readonly Row[];
  series: readonly Series[];
  /** What the first column of the table holds. */
  of: string;
  width: number;
  height: number;
  /** The picture does not tell the series apart; the table does. */
  plain?: boolean;
  children: ReactNode;
};

export function Chart({ title, text, rows, series, of, width, height, plain, children }: ChartProps) {
  const { t } = useWords();
  const id = useId();
  if (rows.length === 0) {
    return (
      <figure className="chart" aria-labelledby={`${id}h`}>
        <figcaption>
          <h2 id={`${id}h`}>{title}</h2>
        </figcaption>
        <p className="quiet">{t('plot.none')}</p>
      </figure>
    );
  }
  return (
    <figure className="chart" aria-labelledby={`${id}h`}>
      <figcaption>
        <h2 id={`${id}h`}>{title}</h2>
      </figcaption>
      {series.length > 1 && !plain ? <KeyOf series={series} /> : null}
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-labelledby={`${id}t ${id}d`} preserveAspectRatio="xMinYMin meet">
        <title id={`${id}t`}>{title}</title>
        <desc id={`${id}d`}>{text}</desc>
        {children}
      </svg>
      <details>
        <summary>{t('plot.numbers')}</summary>
        <table className="numbers">
          <thead>
            <tr>
              <th scope="col">{of}</th>
              {series.map((s) => (
                <th key={s.id} scope="col">
                  {s.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                <th scope="row">{row.name}</th>
                {series.map((s) => (
                  <td key={s.id}>{row.values[s.id] ?? 0}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

function KeyOf({ series }: { series: readonly Series[] }) {
  return (
    <ul className="chart-key">
      {series.map((s, at) => (
        <li key={s.id}>
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
            <Box x={0} y={0} width={16} height={16} at={at} />
          </svg>
          {s.name}
        </li>
      ))}
    </ul>
  );
}

type BoxProps = { x: number; y: number; width: number; height: number; at: number };

/** A filled box with the pattern of its series: plain, slanted lines, dots, upright lines, grid, empty. */
export function Box({ x, y, width, height, at }: BoxProps) {
  return (
    <g className={fillOf(at)}>
      <rect x={x} y={y} width={width} height={height} className="chart-box" />
      <path d={marksOf(at % PATTERNS, x, y, width, height)} className="chart-marks" />
    </g>
  );
}

const STEP = 6;

/** Drawn line by line and cut to the box: a pattern by reference would need an id that the whole page shares. */
function marksOf(pattern: number, x: number, y: number, width: number, height: number): string {
  const out: string[] = [];
  const upright = () => {
    for (let at = STEP / 2; at < width; at += STEP) out.push(`M${x + at} ${y}v${height}`);
  };
  const level = () => {
    for (let at = STEP / 2; at < height; at += STEP) out.push(`M${x} ${y + at}h${width}`);
  };
  if (pattern === 1) {
    for (let at = STEP; at < width + height; at += STEP) {
      const from = Math.max(0, at - height);
      const to = Math.min(at, width);
      out.push(`M${x + from} ${y + at - from}L${x + to} ${y + at - to}`);
    }
  }
  if (pattern === 2) upright();
  if (pattern === 3) level();
  if (pattern === 4) {
    upright();
    level();
  }
  return out.join('');
}
