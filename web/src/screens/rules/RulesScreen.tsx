// RulesScreen.tsx - the rules: what is in force and since when, drafts, and which numbers the municipality decides itself.
import { useState, type FormEvent } from 'react';
import type { Failure } from '../../api/client.ts';
import { getRules, startDraft, type RuleNumber, type Rules } from '../../api/rules.ts';
import { useLoad } from '../../api/useLoad.ts';
import { go, Link } from '../../app/router.tsx';
import { ErrorSummary } from '../../parts/ErrorSummary.tsx';
import { problemOf } from '../../parts/failure.ts';
import { Labelled } from '../../parts/Labelled.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { State } from '../../parts/State.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';
import { valueWords } from './period.ts';

export function RulesScreen() {
  const { t } = useWords();
  const { value: rules, error, reload } = useLoad('rules', getRules, 0);
  return (
    <Page title={t('rules.title')} wide>
      {error && !rules ? <FailureNotice error={error} retry={() => void reload()} /> : null}
      {!rules && !error ? <p className="loading">{t('page.loading')}</p> : null}
      {rules ? (
        <>
          <InForce rules={rules} />
          <Drafts rules={rules} />
          {rules.may_keep ? <Start /> : null}
          <Numbers numbers={rules.numbers} />
        </>
      ) : null}
    </Page>
  );
}

function InForce({ rules }: { rules: Rules }) {
  const { t, say } = useWords();
  return (
    <section className="panel" aria-labelledby="in-force">
      <h2 id="in-force">{t('rules.in-force')}</h2>
      <dl className="pairs">
        <dt>{t('rules.name')}</dt>
        <dd>
          {say(rules.title)} {t('rules.version', String(rules.version))}
        </dd>
        <dt>{t('rules.since')}</dt>
        <dd>
          {rules.since ? <When at={rules.since} /> : null} {rules.adopted ? t('rules.adopted-by', rules.by, rules.second) : t('rules.since-install')}
        </dd>
        {rules.reason ? (
          <>
            <dt>{t('rules.reason')}</dt>
            <dd>{rules.reason}</dd>
          </>
        ) : null}
        <dt>{t('rules.made-of')}</dt>
        <dd>{rules.layers.map((l) => t('rules.layer', l.id, String(l.version))).join(' ＋ ')}</dd>
        <dt>{t('rules.print')}</dt>
        <dd className="code">{rules.hash.slice(0, 16)}…</dd>
      </dl>
      {rules.may_keep ? (
        <p className="acts">
          <Link href="/setup">{t('setup.title')}</Link>
          <Link href="/pack/sheets">{t('rules.sheets')}</Link>
        </p>
      ) : null}
    </section>
  );
}

/** What waits for a decision first, then what is being written, then what is over. */
const ORDER: Record<Rules['drafts'][number]['state'], number> = { proposed: 0, returned: 1, draft: 2, adopted: 3, dropped: 4 };

function Drafts({ rules }: { rules: Rules }) {
  const { t } = useWords();
  const drafts = [...rules.drafts].sort((a, b) => ORDER[a.state] - ORDER[b.state]);
  return (
    <section className="panel" aria-labelledby="drafts">
      <h2 id="drafts">{t('rules.drafts', String(drafts.length))}</h2>
      {drafts.length === 0 ? <p className="empty">{t('rules.drafts.none')}</p> : null}
      <ul className="plain-list" data-drafts="">
        {drafts.map((d) => (
          <li key={d.id}>
            <State of="rules" is={d.state} /> <Link href={`/rules/${d.state === 'proposed' ? 'proposals' : 'drafts'}/${d.id}`}>{d.title}</Link>{' '}
            <span className="quiet">
              {d.by} <When at={d.decided_at ?? d.changed_at} as="short" />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Start() {
  const words = useWords();
  const { t } = words;
  const [title, setTitle] = useState('');
  const [error, setError] = useState<Failure | null>(null);
  const [attempt, setAttempt] = useState(0);
  const start = async (e: FormEvent) => {
    e.preventDefault();
    const reply = await startDraft(title.trim());
    if (reply.ok) return go(`/rules/drafts/${reply.value.id}`);
    setError(reply.error);
    setAttempt((n) => n + 1);
  };
  const problem = error ? problemOf(error, ['title'], words) : null;
  return (
    <section className="panel" aria-labelledby="start">
      <h2 id="start">{t('rules.start')}</h2>
      <p>{t('rules.start.help')}</p>
      <ErrorSummary problems={problem ? [problem] : []} attempt={attempt} />
      <form noValidate onSubmit={(e) => void start(e)}>
        <Labelled field="title" label={t('rules.start.title')} required hints={{ sample: t('rules.start.sample') }} problem={problem?.field === 'title' ? problem.text : undefined}>
          {(control) => <input {...control} type="text" maxLength={200} value={title} onChange={(e) => setTitle(e.target.value)} />}
        </Labelled>
        <p className="acts">
          <button type="submit" className="main">
            {t('rules.start.act')}
          </button>
        </p>
      </form>
    </section>
  );
}

const SHOWN = 30;

/** By record, with a word to find one by. `draft`: where a number is changed; without: only read. */
export function Numbers({ numbers, draft }: { numbers: readonly RuleNumber[]; draft?: string }) {
  const { t, say, lang } = useWords();
  const [find, setFind] = useState('');
  const [all, setAll] = useState(false);
  // The length of a field is seldom what somebody looks for.
  const sorted = [...numbers].sort((a, b) => Number(a.key === 'max_chars') - Number(b.key === 'max_chars'));
  const found = sorted.filter((n) => !find || `${say(n.name)} ${say(n.label)} ${valueWords(n.value, lang)}`.includes(find));
  const shown = all ? found : found.slice(0, SHOWN);
  return (
    <section className="panel" aria-labelledby="numbers">
      <h2 id="numbers">{t('rules.numbers', String(numbers.length))}</h2>
      <p>{t('rules.numbers.help')}</p>
      <Labelled field="find" label={t('rules.find')} required={null}>
        {(control) => <input {...control} type="search" value={find} onChange={(e) => setFind(e.target.value)} />}
      </Labelled>
      <p role="status" className="quiet">
        {t('rules.found', String(found.length), String(shown.length))}
      </p>
      <ul className="plain-list" data-numbers="">
        {shown.map((n) => {
          const text = `${say(n.label)}：${valueWords(n.value, lang)}`;
          return (
            <li key={`${n.where} ${n.key}`}>
              <span className="quiet">{say(n.name)}</span>
              <br />
              {draft ? <Link href={`/rules/drafts/${draft}/edit?${new URLSearchParams({ where: n.where })}`}>{text}</Link> : text}
            </li>
          );
        })}
      </ul>
      {shown.length < found.length ? (
        <p className="acts">
          <button type="button" className="plain" onClick={() => setAll(true)}>
            {t('rules.all', String(found.length))}
          </button>
        </p>
      ) : null}
    </section>
  );
}
