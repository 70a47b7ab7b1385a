// AskForm.tsx - whose password is to be set anew, and how the person was recognised.
import { useState, type FormEvent } from 'react';
import { askReset } from '../../api/account.ts';
import type { Failure } from '../../api/client.ts';
import { useLoad } from '../../api/useLoad.ts';
import { sharedPeople } from '../../api/useShared.ts';
import { useSession } from '../../app/session.tsx';
import { ErrorSummary } from '../../parts/ErrorSummary.tsx';
import { problemOf } from '../../parts/failure.ts';
import { Labelled } from '../../parts/Labelled.tsx';
import { useWords } from '../../words/words.tsx';

const SHOWN_MAX = 200;

export function AskForm({ asked }: { asked: () => void }) {
  const words = useWords();
  const { t } = words;
  const me = useSession().person.id;
  const people = useLoad('people', sharedPeople, 0);
  const [part, setPart] = useState('');
  const [person, setPerson] = useState('');
  const [reason, setReason] = useState('');
  const [done, setDone] = useState(false);
  const [error, setError] = useState<Failure | null>(null);
  const [attempt, setAttempt] = useState(0);
  const fitting = (people.value ?? []).filter((p) => p.id !== me && `${p.name} ${p.section}`.includes(part.trim()));

  const refuse = (failure: Failure) => {
    setError(failure);
    setAttempt((n) => n + 1);
  };
  const send = async (e: FormEvent) => {
    e.preventDefault();
    setDone(false);
    setError(null);
    if (!person) return refuse({ kind: 'input', key: 'reset.person.missing', field: 'person', args: [] });
    if (!reason.trim()) return refuse({ kind: 'input', key: 'common.reason.missing', field: 'reason', args: [] });
    const reply = await askReset(person, reason.trim());
    if (!reply.ok) return refuse(reply.error);
    setPerson('');
    setReason('');
    setPart('');
    setDone(true);
    asked();
  };
  const problem = error ? problemOf(error, ['person', 'reason'], words) : null;
  const of = (field: string) => (problem?.field === field ? problem.text : undefined);
  return (
    <section aria-labelledby="ask">
      <h2 id="ask">{t('reset.ask')}</h2>
      {done ? (
        <p className="notice good" role="status">
          {t('reset.asked')}
        </p>
      ) : null}
      <ErrorSummary problems={problem ? [problem] : []} attempt={attempt} />
      <form noValidate onSubmit={(e) => void send(e)}>
        <Labelled field="part" label={t('reset.part')} required={null}>
          {(control) => <input {...control} type="search" value={part} onChange={(e) => setPart(e.target.value)} />}
        </Labelled>
        <Labelled
          field="person"
          label={t('reset.person')}
          required
          problem={of('person')}
          hints={{ help: fitting.length > SHOWN_MAX ? t('reset.many', String(fitting.length), String(SHOWN_MAX)) : undefined }}
        >
          {(control) => (
            <select {...control} value={person} onChange={(e) => setPerson(e.target.value)}>
              <option value="">{t('reset.choose')}</option>
              {fitting.slice(0, SHOWN_MAX).map((p) => (
                <option key={p.id} value={p.id}>
                  {`${p.name}（${p.section}）`}
                </option>
              ))}
            </select>
          )}
        </Labelled>
        <Labelled field="reason" label={t('reset.reason')} required problem={of('reason')} hints={{ help: t('reset.reason.help') }}>
          {(control) => <textarea {...control} rows={2} maxLength={1000} value={reason} onChange={(e) => setReason(e.target.value)} />}
        </Labelled>
        <p className="acts">
          <button type="submit" className="main">
            {t('reset.ask.send')}
          </button>
        </p>
      </form>
    </section>
  );
}
