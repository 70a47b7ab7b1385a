// SetupScreen.tsx - はじめの設定: twelve questions on one page, each left as it is unless one answers; then the draft with its differences.
import { useState, type FormEvent } from 'react';
import type { Failure } from '../../api/client.ts';
import { getSetup, postSetup, type Question, type Setup } from '../../api/setup.ts';
import { useLoad } from '../../api/useLoad.ts';
import { go, Link } from '../../app/router.tsx';
import { ErrorSummary } from '../../parts/ErrorSummary.tsx';
import { problemOf } from '../../parts/failure.ts';
import { Labelled } from '../../parts/Labelled.tsx';
import { Page } from '../../parts/Page.tsx';
import { Waiting } from '../../parts/Waiting.tsx';
import { useWords } from '../../words/words.tsx';

export function SetupScreen() {
  const { t } = useWords();
  const { value, error, reload } = useLoad('setup', getSetup, 0);
  return value ? <Questions setup={value} /> : <Waiting title={t('setup.title')} error={error} retry={reload} />;
}

function Questions({ setup }: { setup: Setup }) {
  const words = useWords();
  const { t } = words;
  const [answers, setAnswers] = useState<Record<string, string>>({});
  const [error, setError] = useState<Failure | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [sending, setSending] = useState(false);
  const problem = error ? problemOf(error, setup.questions.map((q) => q.id), words) : null;
  const make = async (e: FormEvent) => {
    e.preventDefault();
    setSending(true);
    const reply = await postSetup(Object.fromEntries(Object.entries(answers).filter(([, value]) => value)));
    setSending(false);
    if (reply.ok) return go(`/rules/drafts/${reply.value.id}`);
    setError(reply.error);
    setAttempt((n) => n + 1);
    return undefined;
  };
  return (
    <Page title={t('setup.title')} over={<Link href="/rules">{t('rules.title')}</Link>}>
      <p>{t('setup.intro')}</p>
      <ErrorSummary problems={problem ? [problem] : []} attempt={attempt} />
      <form noValidate onSubmit={(e) => void make(e)}>
        {setup.questions.map((q, n) => (
          <Ask
            key={q.id}
            question={q}
            number={n + 1}
            value={answers[q.id] ?? ''}
            problem={problem?.field === q.id ? problem.text : undefined}
            onChange={(value) => setAnswers((was) => ({ ...was, [q.id]: value }))}
          />
        ))}
        <p className="acts">
          <button type="submit" className="main" disabled={sending}>
            {t('setup.make')}
          </button>
          <Link href="/rules">{t('registers.cancel')}</Link>
        </p>
      </form>
    </Page>
  );
}

type AskProps = { question: Question; number: number; value: string; problem: string | undefined; onChange: (value: string) => void };

function Ask({ question: q, number, value, problem, onChange }: AskProps) {
  const { t, say } = useWords();
  const title = `${number}. ${say(q.title)}`;
  if (q.options.length === 0) {
    return (
      <div className="panel">
        <Labelled field={q.id} label={title} required={false} problem={problem} hints={{ help: say(q.help) }}>
          {(control) => (
            <input {...control} type="text" inputMode="numeric" className="short" placeholder={t('setup.stays.now', q.now ?? '')} value={value} onChange={(e) => onChange(e.target.value.trim())} />
          )}
        </Labelled>
      </div>
    );
  }
  return (
    <fieldset className="panel" aria-describedby={`help-${q.id}`}>
      <legend>{title}</legend>
      <p id={`help-${q.id}`} className="quiet">
        {say(q.help)}
      </p>
      {problem ? <p className="problem">{problem}</p> : null}
      <div className="choices">
        {q.many ? <Many question={q} value={value} onChange={onChange} /> : <One question={q} value={value} onChange={onChange} />}
      </div>
    </fieldset>
  );
}

type OptionsProps = Pick<AskProps, 'question' | 'value' | 'onChange'>;

/** The first one carries the field's id, so that the error summary can lead there. */
function One({ question: q, value, onChange }: OptionsProps) {
  const { t, say } = useWords();
  const options = [{ id: '', label: t('setup.stays'), now: false }, ...q.options.map((o) => ({ id: o.id, label: say(o.label), now: o.now }))];
  return options.map((o, n) => {
    const id = n === 0 ? `f-${q.id}` : `f-${q.id}-${o.id}`;
    return (
      <div key={o.id} className="choice">
        <input id={id} type="radio" name={q.id} checked={value === o.id} onChange={() => onChange(o.id)} />
        <label htmlFor={id}>
          {o.label}
          {o.now ? t('setup.now') : ''}
        </label>
      </div>
    );
  });
}

function Many({ question: q, value, onChange }: OptionsProps) {
  const { say } = useWords();
  const picked = value.split(' ').filter(Boolean);
  return q.options.map((o, n) => {
    const id = n === 0 ? `f-${q.id}` : `f-${q.id}-${o.id}`;
    const toggle = () => onChange(q.options.map((x) => x.id).filter((x) => (x === o.id ? !picked.includes(x) : picked.includes(x))).join(' '));
    return (
      <div key={o.id} className="choice">
        <input id={id} type="checkbox" checked={picked.includes(o.id)} onChange={toggle} />
        <label htmlFor={id}>{say(o.label)}</label>
      </div>
    );
  });
}
