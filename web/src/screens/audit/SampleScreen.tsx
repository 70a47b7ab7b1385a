// SampleScreen.tsx - a random sample of one population, drawn so that anybody can draw it again.
import { useState, type FormEvent } from 'react';
import { auditPath, getPopulation, populationPath, type Draw, type Population } from '../../api/oversight.ts';
import { useLoad } from '../../api/useLoad.ts';
import { go, Link, usePlace } from '../../app/router.tsx';
import { Clauses } from '../../parts/Clauses.tsx';
import { Labelled } from '../../parts/Labelled.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { focusHeading, Page } from '../../parts/Page.tsx';
import { clockOf, dayWordsOf } from '../../words/time.ts';
import { useWords } from '../../words/words.tsx';
import { AuditRows, Bases } from './AuditRows.tsx';
import { askedAt, DUE } from './AuditScreen.tsx';

const SEED_DIGITS = 6;

/** A proposal that nobody could know before; it stands in the address, so that the page stays the same. */
const someSeed = () => String(crypto.getRandomValues(new Uint32Array(1))[0] ?? 0).slice(-SEED_DIGITS).padStart(SEED_DIGITS, '0');

export function SampleScreen({ name }: { name: string }) {
  const { t, tOf } = useWords();
  const place = usePlace();
  const [proposed] = useState(someSeed);
  const draw: Draw = { ...askedAt(place), seed: place.searchParams.get('seed') ?? proposed, size: place.searchParams.get('size') ?? '25' };
  const { value, error, reload } = useLoad(`sample ${name} ${JSON.stringify(draw)}`, () => getPopulation(name, draw), 0);
  return (
    <Page title={tOf('audit.set', name)} over={<Link href={auditPath('', askedAt(place))}>{t('audit.back')}</Link>}>
      {error && !value ? <FailureNotice error={error} retry={() => void reload()} /> : null}
      {!value && !error ? <p className="loading">{t('page.loading')}</p> : null}
      {value ? <Sample key={JSON.stringify(draw)} name={name} sample={value} draw={draw} /> : null}
    </Page>
  );
}

function Sample({ name, sample, draw }: { name: string; sample: Population; draw: Draw }) {
  const { t, lang } = useWords();
  const whole: Draw = { ...draw, ...sample.period };
  return (
    <>
      <p>
        {dayWordsOf(sample.period.from, lang)} 〜 {dayWordsOf(sample.period.to, lang)} {sample.body ? `${t('audit.body')} ${sample.body}` : ''}
      </p>
      <p className="count">
        <strong>{t('audit.count', String(sample.count))}</strong>
      </p>
      <Bases bases={sample.basis} />
      <Clauses clauses={sample.clauses} />
      <h2 id="sample">{t('audit.sample')}</h2>
      <Choose name={name} draw={whole} />
      {sample.count === 0 ? (
        <p className="empty">{t('audit.sample.empty', clockOf(sample.checked_at))}</p>
      ) : (
        <>
          <p>
            {t('audit.sample.of', String(sample.count), String(sample.items.length))} · {t('audit.seed.label')} <code>{sample.seed}</code>
          </p>
          <AuditRows rows={sample.items} proof due={DUE.includes(sample.id)} />
          <Again name={name} sample={sample} draw={whole} />
        </>
      )}
    </>
  );
}

function Choose({ name, draw }: { name: string; draw: Draw }) {
  const { t } = useWords();
  const [seed, setSeed] = useState(draw.seed);
  const [size, setSize] = useState(draw.size);
  const send = (event: FormEvent) => {
    event.preventDefault();
    go(`${auditPath(name, { from: draw.from, to: draw.to, body: draw.body })}&${new URLSearchParams({ seed, size })}`);
    focusHeading(); // the form is drawn anew
  };
  return (
    <form className="panel period no-print" onSubmit={send} noValidate>
      <p className="quiet">{t('audit.sample.lead')}</p>
      <Labelled field="audit-seed" label={t('audit.seed.label')} required={null} hints={{ help: t('audit.seed.help') }}>
        {(control) => <input {...control} type="text" className="short" maxLength={21} value={seed} onChange={(e) => setSeed(e.target.value)} />}
      </Labelled>
      <Labelled field="audit-size" label={t('audit.size.label')} required={null}>
        {(control) => <input {...control} type="number" className="short" min={1} max={200} value={size} onChange={(e) => setSize(e.target.value)} />}
      </Labelled>
      <button type="submit" className="main">
        {t('audit.draw')}
      </button>
    </form>
  );
}

function Again({ name, sample, draw }: { name: string; sample: Population; draw: Draw }) {
  const { t } = useWords();
  return (
    <>
      <p className="acts no-print">
        <a href={populationPath(name, draw, 'xlsx')} download>
          {t('audit.xlsx')}
        </a>
        <button type="button" className="plain" onClick={() => window.print()}>
          {t('audit.print')}
        </button>
      </p>
      <section className="panel proof" aria-labelledby="again">
        <h2 id="again">{t('audit.again')}</h2>
        <p>{t('audit.again.how')}</p>
        <p>
          <code>{sample.digest}</code>
        </p>
        <p>
          <a href={populationPath(name, draw, 'ids')} download={`${name}.txt`}>
            {t('audit.ids', String(sample.count))}
          </a>
        </p>
      </section>
    </>
  );
}
