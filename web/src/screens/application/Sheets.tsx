// Sheets.tsx - what other hands add to an application: the provider's answers, the secretariat's findings.
import { useState } from 'react';
import { getForm, type Application, type Sheet } from '../../api/client.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Link } from '../../app/router.tsx';
import { State } from '../../parts/State.tsx';
import { useWords } from '../../words/words.tsx';
import { AnswerRows } from './Answers.tsx';

export function Sheets({ app }: { app: Application }) {
  const { t } = useWords();
  if (app.sheets.length === 0) return null;
  return (
    <section aria-labelledby="sheets">
      <h2 id="sheets">{t('sheet.title')}</h2>
      {app.sheets.map((sheet) => (
        <OneSheet key={sheet.id} app={app} sheet={sheet} />
      ))}
    </section>
  );
}

function OneSheet({ app, sheet }: { app: Application; sheet: Sheet }) {
  const { t, say } = useWords();
  return (
    <div className="sheet">
      <h3>{say(sheet.title)}</h3>
      <p className="sheet-state">
        <State of="sheet" is={sheet.filled ? 'filled' : 'empty'} />
        <span className="quiet">{t('sheet.by', sheet.role_name ? say(sheet.role_name) : sheet.role)}</span>
      </p>
      {sheet.mine ? (
        <p>
          <Link href={`/applications/${app.id}/sheets/${sheet.id}`} className={sheet.filled ? 'button' : 'button main'}>
            {t(sheet.filled ? 'sheet.change' : 'sheet.fill')}
            <span className="unseen">：{say(sheet.title)}</span>
          </Link>
        </p>
      ) : null}
      {sheet.filled ? <SheetAnswers sheet={sheet} /> : null}
    </div>
  );
}

/** Folded; the form that knows the kinds of its fields is asked for when it is opened. */
export function SheetAnswers({ sheet, named }: { sheet: Sheet; /** Its title stands nowhere else. */ named?: boolean }) {
  const { t, say } = useWords();
  const [wanted, setWanted] = useState(false);
  const form = useLoad(wanted ? `form ${sheet.id}` : null, () => getForm(sheet.id), 0).value;
  return (
    <details onToggle={(e) => e.currentTarget.open && setWanted(true)}>
      <summary>
        {t('sheet.show')}
        <span className={named ? undefined : 'unseen'}>：{say(sheet.title)}</span>
      </summary>
      {form ? (
        <dl className="answers">
          <AnswerRows answers={sheet.answers} form={form} />
        </dl>
      ) : (
        <p className="loading">{t('page.loading')}</p>
      )}
    </details>
  );
}
