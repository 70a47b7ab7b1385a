// Ratings.tsx - class and restrictions: what follows from the answers, why, and what was set otherwise by whom may decide.
import { useState } from 'react';
import { rateApplication, type Application } from '../../api/client.ts';
import { usePack } from '../../api/useShared.ts';
import { ErrorSummary } from '../../parts/ErrorSummary.tsx';
import { problemOf } from '../../parts/failure.ts';
import { Labelled } from '../../parts/Labelled.tsx';
import { ReasonInput } from '../../parts/ReasonInput.tsx';
import { useWords } from '../../words/words.tsx';
import { noReason, useAct } from './useAct.ts';

type RatingsProps = { app: Application; acted: () => Promise<void> };

export function Ratings({ app, acted }: RatingsProps) {
  const { t, say } = useWords();
  if (app.ratings.length === 0) return null;
  return (
    <section className="ratings" aria-labelledby="ratings">
      <h2 id="ratings">{t('ratings.title')}</h2>
      <dl className="facts">
        {app.ratings.map((r) => (
          <div key={r.axis}>
            <dt>{say(r.name)}</dt>
            <dd>
              <strong>{r.level_name ? say(r.level_name) : r.level}</strong>
              {r.because ? <span className="second">{say(r.because)}</span> : null}
              {r.level !== r.derived ? <p className="lines">{t('ratings.changed', r.set_by ?? '', r.reason ?? '')}</p> : null}
            </dd>
          </div>
        ))}
      </dl>
      {app.may.includes('rate') ? <Rate app={app} acted={acted} /> : null}
    </section>
  );
}

/** Another level than the answers say; the reason stays in the journal. */
function Rate({ app, acted }: RatingsProps) {
  const words = useWords();
  const { t, say } = words;
  const pack = usePack().value;
  const [chosen, setChosen] = useState('');
  const [reason, setReason] = useState('');
  const act = useAct(acted);
  const problems = (act.error ? [problemOf(act.error, ['reason', 'level'], words)] : []).map((p) => ({ ...p, field: p.field && `rate-${p.field}` }));
  const send = () => {
    const [axis = '', level = ''] = chosen.split(' ');
    if (!reason.trim()) act.refuse(noReason('reason'));
    else void act.send(() => rateApplication(app.id, axis, level, reason.trim(), app.rev));
  };
  return (
    <details className="later">
      <summary>{t('ratings.change')}</summary>
      <div className="panel">
        <ErrorSummary problems={problems} attempt={act.attempt} />
        <Labelled field="rate-level" label={t('ratings.level')} required problem={problems.find((p) => p.field === 'rate-level')?.text}>
          {(control) => (
            <select {...control} value={chosen} onChange={(e) => setChosen(e.target.value)}>
              <option value="">{t('pick.none')}</option>
              {(pack?.axes ?? []).map((axis) => (
                <optgroup key={axis.id} label={say(axis.name)}>
                  {axis.levels.map((level) => (
                    <option key={level.id} value={`${axis.id} ${level.id}`}>
                      {say(level.name)}
                    </option>
                  ))}
                </optgroup>
              ))}
            </select>
          )}
        </Labelled>
        <ReasonInput
          field="rate-reason"
          label={t('reason.label')}
          required
          phrases={[]}
          problem={problems.find((p) => p.field === 'rate-reason')?.text}
          value={reason}
          onChange={setReason}
        />
        <p className="acts">
          <button type="button" className="main" disabled={act.sending || !chosen} onClick={send}>
            {t('ratings.button')}
          </button>
        </p>
      </div>
    </details>
  );
}
