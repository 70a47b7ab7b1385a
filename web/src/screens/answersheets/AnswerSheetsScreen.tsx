// AnswerSheetsScreen.tsx - 事業者回答シート: what providers have answered, once for everybody here; and the ways to another one.
import { useState, type FormEvent } from 'react';
import { listSheets, type SheetLine } from '../../api/asheets.ts';
import { useLoad } from '../../api/useLoad.ts';
import { go, Link, usePlace } from '../../app/router.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { State } from '../../parts/State.tsx';
import { When } from '../../parts/When.tsx';
import { clockOf, typedDate } from '../../words/time.ts';
import { useWords } from '../../words/words.tsx';
import { Source } from './Source.tsx';

export function AnswerSheetsScreen() {
  const { t } = useWords();
  const query = usePlace().searchParams;
  const q = query.get('q') ?? '';
  const provider = query.get('provider') ?? '';
  const { value, error, at, reload } = useLoad(`answer sheets ${q} ${provider}`, () => listSheets({ q, provider }), 0);
  return (
    <Page title={t('asheet.title')} wide failed={error !== null && !value}>
      <p>{t('asheet.intro')}</p>
      {value ? (
        <ul className="register-acts">
          {value.may.keep ? (
            <>
              <li>
                <Link href="/answer-sheets/new">{t('asheet.new')}</Link>
              </li>
              <li>
                <Link href="/answer-sheets/receive">{t('asheet.receive')}</Link>
              </li>
            </>
          ) : null}
          {value.may.exchange ? (
            <li>
              <Link href="/answer-sheets/peers">{t('asheet.peers')}</Link>
            </li>
          ) : null}
        </ul>
      ) : null}
      <Find key={q} q={q} />
      {error && !value ? <FailureNotice error={error} retry={() => void reload()} /> : null}
      {!value && !error ? <p className="loading">{t('page.loading')}</p> : null}
      {value ? <Sheets items={value.items} asked={Boolean(q || provider)} at={at} /> : null}
    </Page>
  );
}

function Find({ q }: { q: string }) {
  const { t } = useWords();
  const [words, setWords] = useState(q);
  const find = (e: FormEvent) => {
    e.preventDefault();
    const text = words.trim();
    go(text ? `/answer-sheets?${new URLSearchParams({ q: text })}` : '/answer-sheets');
  };
  return (
    <form className="find" role="search" onSubmit={find}>
      <p>
        <label htmlFor="asheet-q">{t('asheet.find')}</label>
        <input id="asheet-q" type="search" value={words} onChange={(e) => setWords(e.target.value)} />
      </p>
      <p className="acts">
        <button type="submit" className="plain">
          {t('registers.find.act')}
        </button>
      </p>
    </form>
  );
}

function Sheets({ items, asked, at }: { items: readonly SheetLine[]; asked: boolean; at: Date | null }) {
  const { t } = useWords();
  const [all, setAll] = useState(false);
  const shown = all ? items : items.filter((s) => s.state === 'current');
  const older = items.length - items.filter((s) => s.state === 'current').length;
  return (
    <>
      <p className="count" role="status">
        {t('list.count', String(shown.length))}
      </p>
      {older > 0 ? (
        <p className="choice">
          <input id="asheet-all" type="checkbox" checked={all} onChange={(e) => setAll(e.target.checked)} />
          <label htmlFor="asheet-all">{t('asheet.older', String(older))}</label>
        </p>
      ) : null}
      {shown.length > 0 ? (
        <SheetTable rows={shown} />
      ) : (
        <p className="empty">{t(asked ? 'asheet.none-found' : 'asheet.empty', at ? clockOf(at.toISOString()) : '')}</p>
      )}
    </>
  );
}

export function SheetTable({ rows }: { rows: readonly SheetLine[] }) {
  const { t, say, lang } = useWords();
  return (
    <table className="list" aria-label={t('asheet.title')}>
      <thead>
        <tr>
          <th scope="col">{t('asheet.subject')}</th>
          <th scope="col">{t('asheet.form')}</th>
          <th scope="col">{t('asheet.answered-on')}</th>
          <th scope="col">{t('asheet.source')}</th>
          <th scope="col">{t('asheet.state')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <th scope="row" className="title">
              <span className="title-device">
                <Link href={`/answer-sheets/${row.id}`}>{row.subject}</Link>
              </span>
              <span className="title-form">{row.provider.name}</span>
            </th>
            <td data-label={t('asheet.form')}>{say(row.title)}</td>
            <td className="date" data-label={t('asheet.answered-on')}>
              {typedDate(row.answered_on ?? '', lang) || '－'}
            </td>
            <td data-label={t('asheet.source')}>
              <div>
                <Source sheet={row} />
                <span className="second">
                  {row.by.name}・<When at={row.added_at} as="short" />
                </span>
              </div>
            </td>
            <td data-label={t('asheet.state')}>
              <State of="asheet" is={row.state} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
