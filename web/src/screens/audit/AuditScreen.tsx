// AuditScreen.tsx - 監査: how much there was in a period, and what of it is out of the ordinary. Nothing can be changed from here.
import { useState, type FormEvent } from 'react';
import { auditPath, listExceptions, listPopulations, type Asked, type AuditExceptions, type PopulationList } from '../../api/oversight.ts';
import { useLoad } from '../../api/useLoad.ts';
import { go, Link, usePlace } from '../../app/router.tsx';
import { Clauses } from '../../parts/Clauses.tsx';
import { Labelled } from '../../parts/Labelled.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { focusHeading, Page } from '../../parts/Page.tsx';
import { clockOf } from '../../words/time.ts';
import { useWords } from '../../words/words.tsx';
import { AuditRows, Bases } from './AuditRows.tsx';

export function askedAt(place: URL): Asked {
  const of = (name: string) => place.searchParams.get(name) ?? '';
  return { from: of('from'), to: of('to'), body: of('body') };
}

export function AuditScreen() {
  const { t } = useWords();
  const asked = askedAt(usePlace());
  const what = JSON.stringify(asked);
  const populations = useLoad(`populations ${what}`, () => listPopulations(asked), 0);
  const exceptions = useLoad(`exceptions ${what}`, () => listExceptions(asked), 0);
  const error = populations.error ?? exceptions.error;
  const reload = () => void Promise.all([populations.reload(), exceptions.reload()]);
  return (
    <Page title={t('audit.title')}>
      <p className="lead">{t('audit.lead')}</p>
      <p>
        <Link href="/audit/evidence">{t('dossier.title')}</Link>
      </p>
      {populations.value ? <Choice key={what} list={populations.value} /> : null}
      {error ? <FailureNotice error={error} retry={reload} /> : null}
      {(!populations.value || !exceptions.value) && !error ? <p className="loading">{t('page.loading')}</p> : null}
      {populations.value && exceptions.value ? (
        <>
          <Exceptions list={exceptions.value} asked={asked} />
          <Populations list={populations.value} asked={asked} />
        </>
      ) : null}
    </Page>
  );
}

function Choice({ list }: { list: PopulationList }) {
  const { t } = useWords();
  const [asked, setAsked] = useState<Asked>({ ...list.period, body: list.body });
  const send = (event: FormEvent) => {
    event.preventDefault();
    go(auditPath('', asked));
    focusHeading(); // the form is drawn anew
  };
  return (
    <form className="panel period" onSubmit={send} noValidate>
      <Labelled field="audit-from" label={t('audit.from')} required={null}>
        {(control) => <input {...control} type="date" max="9999-12-31" value={asked.from} onChange={(e) => setAsked({ ...asked, from: e.target.value })} />}
      </Labelled>
      <Labelled field="audit-to" label={t('audit.to')} required={null}>
        {(control) => <input {...control} type="date" max="9999-12-31" value={asked.to} onChange={(e) => setAsked({ ...asked, to: e.target.value })} />}
      </Labelled>
      <Labelled field="audit-body" label={t('audit.body')} required={null}>
        {(control) => (
          <select {...control} value={asked.body} onChange={(e) => setAsked({ ...asked, body: e.target.value })}>
            <option value="">{t('audit.body.all')}</option>
            {list.bodies.map((body) => (
              <option key={body} value={body}>
                {body}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      <button type="submit" className="main">
        {t('audit.apply')}
      </button>
    </form>
  );
}

/** Kinds whose day is the one by which it should have been done. */
export const DUE: readonly string[] = ['transitional-past', 'late-review'];

function Exceptions({ list, asked }: { list: AuditExceptions; asked: Asked }) {
  const { t, tOf } = useWords();
  return (
    <section aria-labelledby="exceptions">
      <h2 id="exceptions">{t('audit.exceptions')}</h2>
      <p className="quiet">{t('audit.exceptions.lead')}</p>
      <ul className="criteria covered">
        {list.items.map((kind) => (
          <li key={kind.id} data-exception={kind.id}>
            <p className="criterion-head">
              <strong>{tOf('audit.set', kind.id)}</strong>
              <span className={kind.count > 0 ? 'some' : 'quiet'}>{kind.count > 0 ? t('audit.count', String(kind.count)) : t('audit.none', clockOf(list.checked_at))}</span>
            </p>
            <Clauses clauses={kind.clauses} />
            {kind.count > 0 ? (
              <>
                <AuditRows rows={kind.clauses.length > 0 ? kind.rows.map((row) => ({ ...row, clauses: [] })) : kind.rows} due={DUE.includes(kind.id)} />
                <p>
                  <Link href={auditPath(kind.id, { ...asked, ...list.period })}>{t('audit.exceptions.more', String(kind.rows.length), String(kind.count))}</Link>
                </p>
              </>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Populations({ list, asked }: { list: PopulationList; asked: Asked }) {
  const { t, tOf } = useWords();
  return (
    <section aria-labelledby="populations">
      <h2 id="populations">{t('audit.populations')}</h2>
      <p className="quiet">{t('audit.populations.lead')}</p>
      <ul className="criteria">
        {list.items.map((set) => (
          <li key={set.id} data-population={set.id}>
            <p className="criterion-head">
              <Link href={auditPath(set.id, { ...asked, ...list.period })}>{tOf('audit.set', set.id)}</Link>
              <strong>{set.count > 0 ? t('audit.count', String(set.count)) : t('audit.none', clockOf(list.checked_at))}</strong>
            </p>
            <Bases bases={set.basis} />
          </li>
        ))}
      </ul>
    </section>
  );
}
