// Answer.tsx - what the check of a sheet found: faults at their cells, or what would change and what that loosens.
import type { SheetAnswer } from '../../api/client.ts';
import { useWords } from '../../words/words.tsx';

export function Answer({ answer }: { answer: SheetAnswer }) {
  const { t, say } = useWords();
  const { faults, changes, loosened, total } = answer;

  if (faults.length > 0) {
    return (
      <section className="panel" aria-labelledby="sheet-faults" role="alert">
        <h2 id="sheet-faults">{t('sheets.faults', String(faults.length))}</h2>
        <table className="list" data-faults>
          <thead>
            <tr>
              <th scope="col">{t('sheets.fault.where')}</th>
              <th scope="col">{t('sheets.fault.what')}</th>
            </tr>
          </thead>
          <tbody>
            {faults.map((f, i) => (
              <tr key={i}>
                <th scope="row">{f.where}</th>
                <td>{say(f.message)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    );
  }
  if (total === 0) {
    return (
      <p className="empty" role="status">
        {t('sheets.same')}
      </p>
    );
  }
  return (
    <section className="panel" aria-labelledby="sheet-changes">
      <h2 id="sheet-changes">{t('sheets.changes', String(total))}</h2>
      {loosened.length > 0 ? (
        <div className="notice bad">
          <p className="notice-title">{t('sheets.loosened', String(loosened.length))}</p>
          <ul data-loosened>
            {loosened.map((l, i) => (
              <li key={i}>
                {l.clause} {say(l.what)}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      <ul data-changes>
        {changes.map((c, i) => (
          <li key={i}>{say(c)}</li>
        ))}
      </ul>
      <p className="quiet">{t('sheets.next')}</p>
    </section>
  );
}
