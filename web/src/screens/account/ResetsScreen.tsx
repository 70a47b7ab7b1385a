// ResetsScreen.tsx - passwords of others, set anew by two people: one asks, another confirms and hands the code over.
import { useState } from 'react';
import { confirmReset, endReset, listResets, type Reset, type ResetCode } from '../../api/account.ts';
import type { Failure, Reply } from '../../api/client.ts';
import { useLoad } from '../../api/useLoad.ts';
import { ErrorSummary } from '../../parts/ErrorSummary.tsx';
import { problemOf } from '../../parts/failure.ts';
import { FailureNotice } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { State } from '../../parts/State.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';
import { AskForm } from './AskForm.tsx';

export function ResetsScreen() {
  const words = useWords();
  const { t } = words;
  const { value, error, reload } = useLoad('resets', listResets, 0);
  const [given, setGiven] = useState<{ reset: Reset; code: ResetCode } | null>(null);
  const [refused, setRefused] = useState<Failure | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [sending, setSending] = useState(false);

  const act = async <T,>(send: () => Promise<Reply<T>>, done: (value: T) => void) => {
    setSending(true);
    setRefused(null);
    const reply = await send();
    setSending(false);
    if (reply.ok) done(reply.value);
    else {
      setRefused(reply.error);
      setAttempt((n) => n + 1);
    }
    await reload();
  };
  return (
    <Page title={t('reset.title')} failed={Boolean(error)}>
      <p>{t('reset.intro')}</p>
      {given ? <Given {...given} close={() => setGiven(null)} /> : null}
      <ErrorSummary problems={refused ? [problemOf(refused, [], words)] : []} attempt={attempt} />
      {error ? <FailureNotice error={error} retry={() => void reload()} /> : null}
      {!value && !error ? <p className="loading">{t('page.loading')}</p> : null}
      {value ? (
        <section aria-labelledby="resets">
          <h2 id="resets">{t('reset.list', String(value.items.filter((r) => r.may_end).length))}</h2>
          {value.items.length === 0 ? <p>{t('reset.none')}</p> : null}
          <ul className="duties">
            {value.items.map((reset) => (
              <li key={reset.id}>
                <strong>
                  {reset.person.name}　<span className="second">{reset.person.section}</span>
                </strong>
                <span className="sheet-state">
                  <State of="reset" is={reset.state} />
                  <span>{t('reset.asked-by', reset.asked_by.name)}</span>
                  <When at={reset.asked_at} as="short" />
                  {reset.done_by && reset.done_at ? (
                    <>
                      <span>{t('reset.done-by', reset.done_by.name)}</span>
                      <When at={reset.done_at} as="short" />
                    </>
                  ) : null}
                </span>
                <span className="second lines">{reset.reason}</span>
                {reset.may_end ? (
                  <div className="acts">
                    {reset.may_confirm ? (
                      <button type="button" className="main" disabled={sending} onClick={() => void act(() => confirmReset(reset.id), (code) => setGiven({ reset, code }))}>
                        {t('reset.confirm')}
                      </button>
                    ) : (
                      <span>{t('reset.other')}</span>
                    )}
                    <button type="button" className="plain" disabled={sending} onClick={() => void act(() => endReset(reset.id), () => undefined)}>
                      {t('reset.end')}
                    </button>
                  </div>
                ) : null}
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <AskForm asked={() => void reload()} />
    </Page>
  );
}

/** Shown this once: who confirmed writes it down or reads it out to the person. */
function Given({ reset, code, close }: { reset: Reset; code: ResetCode; close: () => void }) {
  const { t } = useWords();
  return (
    <div className="notice good" role="status">
      <p className="notice-title">{t('reset.given', reset.person.name)}</p>
      <p>
        <code className="one-time">{code.code}</code>
      </p>
      <p>
        {t('reset.given.until')} <When at={code.until} />
      </p>
      <p>{t('reset.given.once')}</p>
      <p>
        <button type="button" className="plain" onClick={close}>
          {t('reset.given.close')}
        </button>
      </p>
    </div>
  );
}
