// OverviewScreen.tsx - 数で見る: what falls due, what became of applications, which services there are, how far the rules are covered.
import { getOverview, type Bar, type Overview } from '../../api/home.ts';
import { useLoad } from '../../api/useLoad.ts';
import { BarChart } from '../../parts/charts/BarChart.tsx';
import { sumOf, type Row, type Series } from '../../parts/charts/Chart.tsx';
import { DueCalendar } from '../../parts/charts/DueCalendar.tsx';
import { StateBars } from '../../parts/charts/StateBars.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { clockOf, dayOf, dayWordsOf, monthsBefore, WEEKDAYS } from '../../words/time.ts';
import { useWords, type Words } from '../../words/words.tsx';

export function OverviewScreen() {
  const { t } = useWords();
  const { value, error, reload } = useLoad('overview', getOverview, 0);
  return (
    <Page title={t('plot.title')} wide>
      {error && !value ? <FailureNotice error={error} retry={() => void reload()} /> : null}
      {!value && !error ? <p className="loading">{t('page.loading')}</p> : null}
      {value ? <Charts overview={value} /> : null}
    </Page>
  );
}

/** Bars of one place become one row; the series are the states that occur, in the order given. */
function rowsOf(bars: readonly Bar[], nameOf: (bar: Bar) => string): Row[] {
  const rows = new Map<string, Row>();
  for (const bar of bars) {
    const row = rows.get(bar.of) ?? { id: bar.of, name: nameOf(bar), values: {} };
    rows.set(bar.of, { ...row, values: { ...row.values, [bar.state]: bar.count } });
  }
  return [...rows.values()];
}

function seriesOf(bars: readonly Bar[], order: readonly string[], nameOf: (state: string) => string): Series[] {
  const there = new Set(bars.map((bar) => bar.state));
  const known = order.filter((state) => there.has(state));
  return [...known, ...[...there].filter((state) => !order.includes(state))].map((state) => ({ id: state, name: nameOf(state) }));
}

const CASES = ['approved', 'submitted', 'returned', 'rejected', 'withdrawn'];
const SERVICES = ['approved', 'transitional', 'suspended'];
const COUNTRIES_SHOWN = 12;

function Charts({ overview }: { overview: Overview }) {
  const words = useWords();
  const { t } = words;
  return (
    <>
      <p className="quiet">{t(overview.whole ? 'plot.whole' : 'plot.own', clockOf(overview.checked_at))}</p>
      <div className="charts">
        <DueChart overview={overview} />
        <CasesChart overview={overview} />
        <ServicesChart title={t('plot.classes')} of={t('plot.of.class')} bars={overview.classes} empty={t('plot.class.none')} />
        <ServicesChart title={t('plot.countries')} of={t('plot.of.country')} bars={overview.countries} empty={t('plot.country.none')} />
        <CoverageChart overview={overview} />
      </div>
    </>
  );
}

const total = (rows: readonly Row[]) => String(rows.reduce((sum, row) => sum + sumOf(row), 0));

function DueChart({ overview }: { overview: Overview }) {
  const { t, tOf, lang } = useWords();
  const rows = rowsOf(overview.due, (bar) => dayWordsOf(bar.of, lang));
  const series = seriesOf(overview.due, [], (kind) => tOf('duty.kind', kind));
  return (
    <DueCalendar
      title={t('plot.due')}
      text={t('plot.due.text', String(overview.days), total(rows))}
      of={t('plot.of.day')}
      rows={rows}
      series={series}
      from={dayOf(overview.checked_at)}
      days={overview.days}
      weekdays={WEEKDAYS[lang]}
    />
  );
}

function CasesChart({ overview }: { overview: Overview }) {
  const { t, tOf } = useWords();
  const months = monthsBefore(overview.checked_at, overview.months);
  const found = new Map(rowsOf(overview.cases, (bar) => bar.of).map((row) => [row.id, row.values]));
  const rows = months.map((month) => ({ id: month, name: t('plot.month', String(Number(month.slice(5)))), values: found.get(month) ?? {} }));
  const series = seriesOf(overview.cases, CASES, (state) => tOf('state.application', state));
  return <StateBars title={t('plot.cases')} text={t('plot.cases.text', total(rows))} of={t('plot.of.month')} rows={rows} series={series} />;
}

type ServicesChartProps = { title: string; of: string; bars: readonly Bar[]; empty: string };

function ServicesChart({ title, of, bars, empty }: ServicesChartProps) {
  const { t, tOf, say } = useWords();
  const rows = rowsOf(bars, (bar) => barName(bar, say, empty));
  const series = seriesOf(bars, SERVICES, (state) => tOf('state.service', state));
  return <BarChart title={title} text={t('plot.services.text', total(rows))} of={of} rows={rows.slice(0, COUNTRIES_SHOWN)} series={series} />;
}

const barName = (bar: Bar, say: Words['say'], empty: string) => (bar.name ? say(bar.name) : bar.of || empty);

function CoverageChart({ overview }: { overview: Overview }) {
  const { t, tOf } = useWords();
  const rows = overview.coverage.map((line) => ({ id: line.state, name: tOf('plot.cover', line.state), values: { clauses: line.count } }));
  return <BarChart title={t('plot.coverage')} text={t('plot.coverage.text', total(rows))} of={t('plot.of.cover')} rows={rows} series={[{ id: 'clauses', name: t('plot.clauses') }]} />;
}
