// CoverageScreen.tsx - 規程の対応状況: each clause of the guideline, what serves it, how, whether that is proven, and when it was last seen to work.
import { getCoverage, type Coverage, type CoveredClause, type LastEvidence, type Mechanism } from '../../api/oversight.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Link, usePlace } from '../../app/router.tsx';
import { seesAll, useSession } from '../../app/session.tsx';
import { BarChart } from '../../parts/charts/BarChart.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { State } from '../../parts/State.tsx';
import { When } from '../../parts/When.tsx';
import { clockOf } from '../../words/time.ts';
import { useWords } from '../../words/words.tsx';

const HOWS = ['enforced', 'detected', 'recorded', 'text', 'planned', 'nothing'] as const;
const STRENGTHS = ['M', 'N', 'R', 'C', 'I', 'none'] as const;
const FILTERS = ['all', 'unseen', 'planned', 'unproven'] as const;
type Filter = (typeof FILTERS)[number];

const fits: Record<Filter, (clause: CoveredClause) => boolean> = {
  all: () => true,
  unseen: (clause) => clause.traced && !clause.evidence,
  planned: (clause) => clause.how === 'planned' || clause.how === 'nothing',
  unproven: (clause) => !clause.proven && ['enforced', 'detected', 'recorded'].includes(clause.how),
};

export function CoverageScreen() {
  const { t } = useWords();
  const { value, error, reload } = useLoad('coverage', getCoverage, 0);
  const asked = usePlace().searchParams.get('show');
  const filter = FILTERS.find((f) => f === asked) ?? 'all';
  return (
    <Page title={t('coverage.title')}>
      {error && !value ? <FailureNotice error={error} retry={() => void reload()} /> : null}
      {!value && !error ? <p className="loading">{t('page.loading')}</p> : null}
      {value ? <Whole coverage={value} filter={filter} /> : null}
    </Page>
  );
}

function Whole({ coverage, filter }: { coverage: Coverage; filter: Filter }) {
  const { t, tOf } = useWords();
  const all = coverage.sections.flatMap((section) => section.clauses);
  const rows = STRENGTHS.map((strength) => ({ id: strength, name: tOf('coverage.strength', strength.toLowerCase()), values: countOf(all.filter((c) => c.strength === strength)) }));
  const shown = all.filter(fits[filter]);
  return (
    <>
      <p className="lead">{t('coverage.lead')}</p>
      <Totals coverage={coverage} />
      <BarChart
        title={t('coverage.chart')}
        text={t('coverage.chart.text', String(all.length))}
        of={t('coverage.chart.of')}
        rows={rows.filter((row) => Object.values(row.values).some((n) => n > 0))}
        series={HOWS.map((how) => ({ id: how, name: tOf('coverage.how', how) }))}
      />
      <h2 id="clauses">{t('coverage.clauses')}</h2>
      <nav aria-label={t('coverage.filters')}>
        <ul className="tabs">
          {FILTERS.map((f) => (
            <li key={f}>
              <Link href={f === 'all' ? '/coverage' : `/coverage?show=${f}`} current={f === filter}>
                {t(`coverage.filter.${f}`, String(all.filter(fits[f]).length))}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      {shown.length === 0 ? <p className="empty">{t('coverage.empty', clockOf(coverage.checked_at))}</p> : null}
      {coverage.sections.map((section) => (
        <Branch key={`${section.id} ${filter}`} section={section} clauses={section.clauses.filter(fits[filter])} open={filter !== 'all'} />
      ))}
      <p className="quiet">{t('coverage.note', coverage.pack.id, String(coverage.pack.version), String(coverage.looked_at), clockOf(coverage.checked_at))}</p>
    </>
  );
}

function countOf(clauses: readonly CoveredClause[]): Record<string, number> {
  return Object.fromEntries(HOWS.map((how) => [how, clauses.filter((c) => c.how === how).length]));
}

function Totals({ coverage: { totals } }: { coverage: Coverage }) {
  const { t, tOf } = useWords();
  return (
    <dl className="totals">
      {HOWS.filter((how) => how !== 'nothing' || totals.nothing > 0).map((how) => (
        <div key={how}>
          <dt>{tOf('coverage.how', how)}</dt>
          <dd>{totals[how]}</dd>
        </div>
      ))}
      <div>
        <dt>{t('coverage.total.proven')}</dt>
        <dd>{totals.proven}</dd>
      </div>
      <div>
        <dt>{t('coverage.total.seen')}</dt>
        <dd>{t('coverage.of', String(totals.seen), String(totals.traced))}</dd>
      </div>
      <div>
        <dt>{t('coverage.total.clauses')}</dt>
        <dd>{totals.clauses}</dd>
      </div>
    </dl>
  );
}

/** 132 clauses are too many for one look: a section says how it stands, and opens. What was asked for is open. */
function Branch({ section, clauses, open }: { section: Coverage['sections'][number]; clauses: readonly CoveredClause[]; open: boolean }) {
  const { t, tOf, say } = useWords();
  const counts = countOf(clauses);
  if (clauses.length === 0) return null;
  return (
    <details className="fold branch" open={open}>
      <summary>
        <h3>{section.title ? say(section.title) : section.id}</h3>{' '}
        <span className="quiet">
          {[t('coverage.count', String(clauses.length)), ...HOWS.filter((how) => counts[how]).map((how) => `${tOf('coverage.how', how)} ${counts[how]}`)].join('　')}
        </span>
      </summary>
      <ul className="criteria covered">
        {clauses.map((clause) => (
          <Clause key={clause.id} clause={clause} />
        ))}
      </ul>
    </details>
  );
}

function Clause({ clause }: { clause: CoveredClause }) {
  const { t, tOf, say } = useWords();
  return (
    <li>
      <p className="criterion-head">
        <strong>{clause.id}</strong>
        <span className="strength">{tOf('coverage.strength', clause.strength.toLowerCase())}</span>
        <State of="how" is={clause.how} />
        {clause.proven ? <State of="proof" is="proven" /> : null}
      </p>
      {clause.text ? <p className="lines">{say(clause.text)}</p> : null}
      {clause.note ? <p className="quiet lines">{say(clause.note)}</p> : null}
      <p>
        <Evidence evidence={clause.evidence} traced={clause.traced} />
      </p>
      {clause.mechanisms.length > 0 ? (
        <details>
          <summary>{t('coverage.mechanisms', clause.id, String(clause.mechanisms.length))}</summary>
          <ul className="served">
            {clause.mechanisms.map((m) => (
              <ServedBy key={m.id} m={m} />
            ))}
          </ul>
        </details>
      ) : null}
    </li>
  );
}

function ServedBy({ m }: { m: Mechanism }) {
  const { t, tOf, say } = useWords();
  const how = m.state === 'planned' ? 'planned' : m.kind;
  return (
    <li>
      <p className="criterion-head">
        <State of="how" is={how} />
        {m.state === 'planned' ? <span className="quiet">{t('coverage.will', tOf('coverage.how', m.kind))}</span> : null}
        {m.state === 'built' && m.kind !== 'text' ? <State of="proof" is={m.proven ? 'proven' : 'unproven'} /> : null}
      </p>
      <p>{say(m.title)}</p>
      <p className="quiet">
        {tOf('coverage.carrier', m.carrier)} <code>{m.where}</code>
      </p>
      {m.state === 'built' ? (
        <p>
          <Evidence evidence={m.evidence} traced={m.traced} />
        </p>
      ) : null}
    </li>
  );
}

function Evidence({ evidence, traced }: { evidence: LastEvidence | undefined; traced: boolean }) {
  const { t, tOf } = useWords();
  const reads = seesAll(useSession());
  if (!evidence) return <span className="quiet">{t(traced ? 'coverage.evidence.none' : 'coverage.evidence.untraced')}</span>;
  return (
    <>
      {t('coverage.evidence')} <When at={evidence.at} /> {evidence.days > 0 ? t('coverage.days', String(evidence.days)) : t('coverage.today')} {tOf('entry', evidence.entry)}{' '}
      {evidence.about ? reads ? <Link href={`/applications/${evidence.about.id}`}>{evidence.about.number}</Link> : evidence.about.number : null}
    </>
  );
}
