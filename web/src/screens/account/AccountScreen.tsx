// AccountScreen.tsx - one's own password. Who looks after the others' finds the way to the resets here.
import { useState, type FormEvent } from 'react';
import { changePassword } from '../../api/account.ts';
import type { Failure } from '../../api/client.ts';
import { Link } from '../../app/router.tsx';
import { keepsRules, useSession } from '../../app/session.tsx';
import { ErrorSummary } from '../../parts/ErrorSummary.tsx';
import { problemOf } from '../../parts/failure.ts';
import { Labelled } from '../../parts/Labelled.tsx';
import { Page } from '../../parts/Page.tsx';
import { useWords } from '../../words/words.tsx';

const FIELDS = ['old', 'new', 'again'] as const;
type Field = (typeof FIELDS)[number];
const LABELS = { old: 'password.old-label', new: 'password.new', again: 'password.again' } as const;
const EMPTY: Record<Field, string> = { old: '', new: '', again: '' };

export function AccountScreen() {
  const words = useWords();
  const { t } = words;
  const session = useSession();
  const [typed, setTyped] = useState(EMPTY);
  const [changed, setChanged] = useState(false);
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<Failure | null>(null);
  const [attempt, setAttempt] = useState(0);

  const refuse = (failure: Failure) => {
    setError(failure);
    setAttempt((n) => n + 1);
  };
  const send = async (e: FormEvent) => {
    e.preventDefault();
    setChanged(false);
    setError(null);
    const missing = FIELDS.find((field) => !typed[field]);
    if (missing) return refuse({ kind: 'input', key: 'account.missing', field: missing, args: [] });
    if (typed.new !== typed.again) return refuse({ kind: 'input', key: 'password.differs', field: 'again', args: [] });
    setSending(true);
    const reply = await changePassword(typed.old, typed.new);
    setSending(false);
    if (!reply.ok) return refuse(reply.error);
    setTyped(EMPTY);
    setChanged(true);
  };
  const problem = error ? problemOf(error, [...FIELDS], words) : null;
  return (
    <Page title={t('account.title')} over={`${session.person.section}　${session.person.name}`}>
      {changed ? (
        <div className="notice good" role="status">
          <p className="notice-title">{t('account.changed')}</p>
          <p>{t('account.changed.next')}</p>
        </div>
      ) : null}
      <ErrorSummary problems={problem ? [problem] : []} attempt={attempt} />
      <form noValidate onSubmit={(e) => void send(e)}>
        {FIELDS.map((field) => (
          <Labelled
            key={field}
            field={field}
            label={t(LABELS[field])}
            required
            problem={problem?.field === field ? problem.text : undefined}
            hints={{ help: field === 'new' ? t('account.rule') : undefined }}
          >
            {(control) => (
              <input
                {...control}
                type="password"
                autoComplete={field === 'old' ? 'current-password' : 'new-password'}
                maxLength={256}
                value={typed[field]}
                onChange={(e) => setTyped({ ...typed, [field]: e.target.value })}
              />
            )}
          </Labelled>
        ))}
        <p className="acts">
          <button type="submit" className="main" disabled={sending}>
            {t('account.change')}
          </button>
        </p>
      </form>
      <section aria-labelledby="forgotten">
        <h2 id="forgotten">{t('account.forgotten')}</h2>
        <p>{t('account.forgotten.text')}</p>
        {keepsRules(session) ? (
          <p>
            <Link href="/resets">{t('account.resets')}</Link>
          </p>
        ) : null}
      </section>
    </Page>
  );
}
