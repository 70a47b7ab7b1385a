// Appointments.tsx - appointments that await somebody or their day, with their acts; those of one person, the past as well; the end of a role.
import { useState } from 'react';
import { confirmAppointment, endRole, refuseAppointment, type Appointment, type HeldRole } from '../../api/people.ts';
import { DateInput } from '../../parts/DateInput.tsx';
import { ErrorSummary } from '../../parts/ErrorSummary.tsx';
import { problemOf } from '../../parts/failure.ts';
import { Labelled } from '../../parts/Labelled.tsx';
import { ReasonInput } from '../../parts/ReasonInput.tsx';
import { State } from '../../parts/State.tsx';
import { dayOf, dayWordsOf, untilWords } from '../../words/time.ts';
import { useWords } from '../../words/words.tsx';
import { noReason, useAct } from '../application/useAct.ts';

type Acted = () => Promise<void>;

export function OpenAppointments({ items, acted }: { items: readonly Appointment[]; acted: Acted }) {
  const { t } = useWords();
  if (items.length === 0) return null;
  return (
    <section aria-labelledby="appointing">
      <h2 id="appointing">{t('appoint.open.title', String(items.length))}</h2>
      <ul className="rows" data-appointments>
        {items.map((a) => (
          <Open key={`${a.id} ${a.rev}`} of={a} acted={acted} />
        ))}
      </ul>
    </section>
  );
}

/** 森 → 情報セキュリティ管理者　令和8年4月1日から　根拠 …　申込み 工藤 */
function Words({ of: a }: { of: Appointment }) {
  const { t, say, lang } = useWords();
  const from = dayWordsOf(dayOf(a.from), lang);
  return (
    <>
      <p className="row-title">
        {t('appoint.line', a.person.name, say(a.role_name))} <State of="appointment" is={a.state} />
      </p>
      <p className="row-text">
        {a.until ? t('posts.deputy.period', from, untilWords(a.until, lang)) : t('posts.since', from)}
        {a.replaces ? <span>{t('appoint.makes-way', a.replaces.name)}</span> : null}
      </p>
      {a.why ? <p className="row-text">{t('appoint.line.why', a.why)}</p> : null}
      <p className="row-text quiet">
        {a.asked_by ? <span>{t('reset.asked-by', a.asked_by.name)}</span> : <span>{t('appoint.line.before')}</span>}
        {a.confirmed_by ? <span>{t('appoint.line.confirmed', a.confirmed_by.name)}</span> : null}
        {a.ended_by ? <span>{t('appoint.line.ended', a.ended_by.name)}</span> : null}
        {a.reason ? <span>{a.reason}</span> : null}
      </p>
    </>
  );
}

function Open({ of: a, acted }: { of: Appointment; acted: Acted }) {
  const words = useWords();
  const { t } = words;
  const [reason, setReason] = useState('');
  const act = useAct(acted);
  const field = `refuse-${a.id}`;
  const problems = act.error ? [{ ...problemOf(act.error, ['reason'], words), field }] : [];
  const refuse = () => {
    if (reason.trim()) void act.send(() => refuseAppointment(a.id, reason.trim(), a.rev));
    else act.refuse(noReason('reason'));
  };
  return (
    <li>
      <div className="row-what">
        <Words of={a} />
        <ErrorSummary problems={problems} attempt={act.attempt} />
        {a.state === 'asked' && !a.may_confirm ? <p className="quiet">{t('reset.other')}</p> : null}
        {a.may_confirm ? (
          <p className="acts">
            <button type="button" className="main" disabled={act.sending} onClick={() => void act.send(() => confirmAppointment(a.id, a.rev))}>
              {t('appoint.confirm')}
            </button>
          </p>
        ) : null}
        {a.may_refuse ? (
          <details>
            <summary>{t('appoint.refuse')}</summary>
            <ReasonInput field={field} label={t('registers.end.reason')} required phrases={[t('appoint.refuse.mistake'), t('appoint.refuse.order')]} problem={problems[0]?.text} value={reason} onChange={setReason} />
            <p className="acts">
              <button type="button" className="plain" disabled={act.sending} onClick={refuse}>
                {t('appoint.refuse')}
              </button>
            </p>
          </details>
        ) : null}
      </div>
    </li>
  );
}

/** On the page of a person: nothing that was ever held is lost. */
export function Past({ items }: { items: readonly Appointment[] }) {
  const { t } = useWords();
  if (items.length === 0) return null;
  return (
    <details>
      <summary>{t('appoint.past.title', String(items.length))}</summary>
      <ul className="rows">
        {items.map((a) => (
          <li key={a.id}>
            <div className="row-what">
              <Words of={a} />
            </div>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** 終える: at once, or when a last day is over. */
export function EndRole({ person, role, acted }: { person: string; role: HeldRole; acted: Acted }) {
  const words = useWords();
  const { t, say } = words;
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState('');
  const act = useAct(acted);
  const field = `end-${role.role}`;
  const last = `until-${role.role}`;
  const problem = act.error ? problemOf(act.error, ['reason', 'until'], words) : null;
  const problems = problem ? [{ ...problem, field: problem.field === 'until' ? last : field }] : [];
  const end = () => {
    if (reason.trim()) void act.send(() => endRole(person, { role: role.role, reason: reason.trim(), rev: role.rev, ...(until ? { until } : {}) }));
    else act.refuse(noReason('reason'));
  };
  return (
    <details>
      <summary>{t('appoint.end', say(role.role_name))}</summary>
      <ErrorSummary problems={problems} attempt={act.attempt} />
      <Labelled field={last} label={t('appoint.end.until')} required={false} problem={problem?.field === 'until' ? problem.text : undefined} hints={{ help: t('appoint.end.until.help') }}>
        {(control) => <DateInput control={control} value={until} onChange={setUntil} />}
      </Labelled>
      <ReasonInput field={field} label={t('registers.end.reason')} required phrases={[t('appoint.end.moved'), t('appoint.end.left')]} problem={problem && problem.field !== 'until' ? problem.text : undefined} value={reason} onChange={setReason} />
      <p className="acts">
        <button type="button" className="plain" disabled={act.sending} onClick={end}>
          {t('appoint.end.act')}
        </button>
      </p>
    </details>
  );
}
