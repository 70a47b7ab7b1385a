// RowScreen.tsx - one row of a register: what stands there, who changed what and when, its files; and changing or ending it.
import { useState } from 'react';
import { endRow, getHistory, getRow, type Register, type RowDetail } from '../../api/registers.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Link } from '../../app/router.tsx';
import { ErrorSummary } from '../../parts/ErrorSummary.tsx';
import { problemOf } from '../../parts/failure.ts';
import { FailureNotice } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { ReasonInput } from '../../parts/ReasonInput.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';
import { noReason, useAct } from '../application/useAct.ts';
import { CellText } from './CellText.tsx';
import { Files } from './Files.tsx';
import { rowPath } from './paths.ts';
import { useRegister } from './useRegister.ts';

export function RowScreen({ register: registerId, id }: { register: string; id: string }) {
  const { t, say } = useWords();
  const { register } = useRegister(registerId);
  const { value: row, error, reload } = useLoad(`row ${registerId} ${id}`, () => getRow(registerId, id), 0);
  if (!row || !register) {
    if (!error) return <p className="loading">{t('page.loading')}</p>;
    return (
      <Page title={t('registers.title')} failed>
        <FailureNotice error={error} retry={() => void reload()} />
      </Page>
    );
  }
  const name = register.columns.find((c) => c.flags.name);
  const own = rowPath(registerId, id);
  return (
    <Page
      title={(name && row.cells[name.id]?.text) || say(register.caption)}
      over={
        <>
          <Link href={`/registers/${registerId}`}>{say(register.caption)}</Link>
          {row.of ? <Link href={rowPath(row.of.register, row.of.id)}>{row.of.text}</Link> : null}
          {own.startsWith('/rows/') ? null : <Link href={own}>{t('registers.own-screen')}</Link>}
        </>
      }
    >
      <Cells register={register} row={row} />
      {row.may.change ? (
        <p className="acts">
          <Link href={`/rows/${registerId}/${id}/change`} className="button">
            {t('registers.change')}
          </Link>
        </p>
      ) : null}
      <Files about={`${registerId}:${id}`} />
      <History register={registerId} id={id} rev={row.rev} />
      {row.may.end ? <End register={registerId} row={row} acted={reload} /> : null}
    </Page>
  );
}

function Cells({ register, row }: { register: Register; row: RowDetail }) {
  const { t, say } = useWords();
  return (
    <section className="panel" aria-labelledby="row-cells">
      <h2 id="row-cells">{t('registers.cells')}</h2>
      <dl className="facts">
        {register.columns
          .filter((c) => row.cells[c.id])
          .map((c) => (
            <div key={c.id}>
              <dt>{say(c.label)}</dt>
              <dd className="lines">
                {c.type === 'row' && c.register && row.cells[c.id]?.value ? (
                  <Link href={rowPath(c.register, row.cells[c.id]?.value ?? '')}>{row.cells[c.id]?.text}</Link>
                ) : (
                  <CellText type={c.type} text={row.cells[c.id]?.text} />
                )}
              </dd>
            </div>
          ))}
      </dl>
    </section>
  );
}

/** Every act on this row, newest first: who, when, from what to what. */
export function History({ register, id, rev }: { register: string; id: string; rev: number }) {
  const { t, say } = useWords();
  const { value, error } = useLoad(`history ${register} ${id} ${rev}`, () => getHistory(register, id), 0);
  const columns = useRegister(register).register?.columns;
  const typeOf = (column: string) => columns?.find((c) => c.id === column)?.type;
  return (
    <section aria-labelledby="row-history">
      <h2 id="row-history">{t('registers.history')}</h2>
      {error ? <FailureNotice error={error} /> : null}
      <ol className="history" reversed>
        {(value?.items ?? []).map((line) => (
          <li key={line.index}>
            <p className="sheet-state">
              <strong>{say(line.type_text)}</strong>
              <When at={line.at} />
              {line.actor ? <span>{line.actor.name}</span> : <span className="quiet">{t('registers.history.program')}</span>}
              <span className="quiet">{t('registers.history.entry', String(line.index))}</span>
            </p>
            {line.changed.length > 0 ? (
              <ul className="changes">
                {line.changed.map((c) => (
                  <li key={c.column}>
                    <span className="quiet">{say(c.label)}</span> {c.before ? <del><CellText type={typeOf(c.column)} text={c.before} /></del> : null} <ins>{c.after ? <CellText type={typeOf(c.column)} text={c.after} /> : t('registers.none')}</ins>
                  </li>
                ))}
              </ul>
            ) : null}
          </li>
        ))}
      </ol>
    </section>
  );
}

function End({ register, row, acted }: { register: string; row: RowDetail; acted: () => Promise<void> }) {
  const words = useWords();
  const { t } = words;
  const [reason, setReason] = useState('');
  const act = useAct(acted);
  const problems = act.error ? [problemOf(act.error, ['reason'], words)] : [];
  const send = () => {
    if (reason.trim()) void act.send(() => endRow(register, row.id, reason.trim(), row.rev));
    else act.refuse(noReason('reason'));
  };
  return (
    <details className="panel">
      <summary>{t('registers.end')}</summary>
      <ErrorSummary problems={problems} attempt={act.attempt} />
      <ReasonInput field="reason" label={t('registers.end.reason')} required phrases={[]} problem={problems[0]?.text} value={reason} onChange={setReason} />
      <p className="acts">
        <button type="button" className="main" disabled={act.sending} onClick={send}>
          {t('registers.end')}
        </button>
      </p>
    </details>
  );
}
