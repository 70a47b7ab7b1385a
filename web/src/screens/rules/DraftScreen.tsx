// DraftScreen.tsx - a draft of rules, and the same as a proposal: what changes in words, what it loosens, and what may be done now.
import { useState } from 'react';
import type { Failure, Reply } from '../../api/client.ts';
import { adopt, checkPeople, drop, getDraft, giveBack, propose, type Draft, type People, type Saved } from '../../api/rules.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Link } from '../../app/router.tsx';
import { ErrorSummary } from '../../parts/ErrorSummary.tsx';
import { problemOf } from '../../parts/failure.ts';
import { Icon } from '../../parts/Icon.tsx';
import { FailureNotice, Said } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { ReasonInput } from '../../parts/ReasonInput.tsx';
import { State } from '../../parts/State.tsx';
import { Waiting } from '../../parts/Waiting.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';
import { Files, SheetIn } from './ByHand.tsx';
import { Mistakes } from './Mistakes.tsx';

export function DraftScreen({ id }: { id: string }) {
  const { t } = useWords();
  const { value: draft, error, reload } = useLoad(`draft ${id}`, () => getDraft(id), 0);
  if (!draft) return <Waiting title={t('rules.title')} error={error} retry={reload} />;
  const may = new Set<string>(draft.may);
  return (
    <Page title={draft.title} over={<Link href="/rules">{t('rules.title')}</Link>} wide>
      <Standing draft={draft} />
      {draft.todo.length > 0 ? <Todo draft={draft} /> : null}
      <Mistakes mistakes={draft.mistakes} title={t('rules.mistakes.title')} />
      <Changes draft={draft} />
      <Loosened draft={draft} />
      {may.has('adopt') || may.has('return') ? <Decide draft={draft} acted={reload} /> : null}
      {may.has('edit') ? (
        <section className="panel" aria-labelledby="mend">
          <h2 id="mend">{t('rules.mend')}</h2>
          <p className="acts">
            <Link href={`/rules/drafts/${draft.id}/edit`} className="button main">
              {t('rules.mend.forms')}
            </Link>
          </p>
          <SheetIn draft={draft} saved={reload} />
          <Files draft={draft} saved={reload} />
        </section>
      ) : null}
      <PeopleCheck draft={draft} />
      {may.has('propose') || may.has('drop') ? <Ask draft={draft} acted={reload} /> : null}
      <Edits draft={draft} />
    </Page>
  );
}

function Standing({ draft }: { draft: Draft }) {
  const { t } = useWords();
  const hands = [
    ['rules.hand.made', draft.made],
    ['rules.hand.changed', draft.changed],
    ['rules.hand.proposed', draft.proposed],
    ['rules.hand.decided', draft.decided],
  ] as const;
  return (
    <section className="panel" aria-label={t('rules.standing')}>
      <p>
        <State of="rules" is={draft.state} /> {t(`rules.next.${draft.state}`)}
      </p>
      <ul className="quiet plain-list">
        {hands.map(([name, hand]) =>
          hand ? (
            <li key={name}>
              {t(name)}：{hand.name} {hand.at ? <When at={hand.at} as="short" /> : null}
            </li>
          ) : null,
        )}
      </ul>
      {draft.reason ? (
        <p className="notice wait">
          {t('rules.said')}：{draft.reason}
        </p>
      ) : null}
      {draft.stale && draft.state !== 'adopted' && draft.state !== 'dropped' ? <p className="notice bad">{t('rules.stale')}</p> : null}
      {draft.may.includes('own') ? <p className="notice wait">{t('rules.own')}</p> : null}
    </section>
  );
}

function Todo({ draft }: { draft: Draft }) {
  const { t, say } = useWords();
  return (
    <section className="panel" aria-labelledby="todo">
      <h2 id="todo">{t('rules.todo', String(draft.todo.length))}</h2>
      <ol>
        {draft.todo.map((x) => (
          <li key={x.what.ja}>
            {say(x.what)}
            {x.why ? <span className="quiet"> {say(x.why)}</span> : null}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Changes({ draft }: { draft: Draft }) {
  const { t, say } = useWords();
  return (
    <section className="panel" aria-labelledby="changes">
      <h2 id="changes">{t('rules.changes', String(draft.total))}</h2>
      {draft.changes.length === 0 ? <p className="empty">{t('rules.changes.none')}</p> : null}
      <ul data-changes="">
        {draft.changes.map((c, i) => (
          <li key={i}>{say(c)}</li>
        ))}
      </ul>
      {draft.total > draft.changes.length ? <p>{t('rules.changes.more', String(draft.changes.length))}</p> : null}
      {draft.total > 0 ? <p className="quiet">{t('rules.open-cases', String(draft.open_cases))}</p> : null}
    </section>
  );
}

function Loosened({ draft }: { draft: Draft }) {
  const { t, say } = useWords();
  if (draft.total === 0 || draft.mistakes.length > 0) return null;
  if (draft.loosened.length === 0) {
    return (
      <p className="notice" data-loosened="0">
        <Icon name="ok" /> {t('rules.loosened.none')}
      </p>
    );
  }
  return (
    <section className="notice bad" aria-labelledby="loosened" data-loosened={draft.loosened.length}>
      <h2 id="loosened" className="notice-title">
        <Icon name="warn" />
        {t('rules.loosened', String(draft.loosened.length))}
      </h2>
      <p>{t('rules.loosened.help')}</p>
      <ul>
        {draft.loosened.map((l, i) => (
          <li key={i}>
            {say(l.what)} {l.clause ? <span className="quiet">（{l.clause}）</span> : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** One act at a time; what was refused is said above the buttons. */
function useDeed(acted: () => Promise<void>) {
  const [error, setError] = useState<Failure | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [sending, setSending] = useState(false);
  const run = async (deed: () => Promise<Reply<Saved>>) => {
    setSending(true);
    const reply = await deed();
    setSending(false);
    setError(reply.ok ? null : reply.error);
    if (reply.ok) await acted();
    else setAttempt((n) => n + 1);
  };
  return { error, attempt, sending, run };
}

function Decide({ draft, acted }: { draft: Draft; acted: () => Promise<void> }) {
  const words = useWords();
  const { t } = words;
  const [reason, setReason] = useState('');
  const deed = useDeed(acted);
  const problems = deed.error ? [problemOf(deed.error, ['reason'], words)] : [];
  return (
    <section className="panel" aria-labelledby="decide">
      <h2 id="decide">{t('rules.decide')}</h2>
      <p>{t('rules.decide.help')}</p>
      <ErrorSummary problems={problems} attempt={deed.attempt} />
      <ReasonInput field="reason" label={t('rules.decide.reason')} required={false} help={t('rules.decide.reason.help')} phrases={[t('rules.phrase.read'), t('rules.phrase.mend')]} problem={problems[0]?.field === 'reason' ? problems[0].text : undefined} value={reason} onChange={setReason} />
      <p className="acts">
        {draft.may.includes('adopt') ? (
          <button type="button" className="main" disabled={deed.sending} onClick={() => void deed.run(() => adopt(draft.id, draft.rev, draft.pack, reason.trim()))}>
            {t('rules.adopt')}
          </button>
        ) : null}
        <button type="button" className="plain" disabled={deed.sending} onClick={() => void deed.run(() => giveBack(draft.id, draft.rev, reason.trim()))}>
          {t('rules.return')}
        </button>
      </p>
    </section>
  );
}

function Ask({ draft, acted }: { draft: Draft; acted: () => Promise<void> }) {
  const words = useWords();
  const { t } = words;
  const deed = useDeed(acted);
  const problems = deed.error ? [problemOf(deed.error, [], words)] : [];
  return (
    <section className="panel" aria-labelledby="ask">
      <h2 id="ask">{t('rules.ask')}</h2>
      <p>{t('rules.ask.help')}</p>
      <ErrorSummary problems={problems} attempt={deed.attempt} />
      <p className="acts">
        {draft.may.includes('propose') && draft.total > 0 ? (
          <button type="button" className="main" disabled={deed.sending} onClick={() => void deed.run(() => propose(draft.id, draft.rev))}>
            {t('rules.propose')}
          </button>
        ) : null}
        <button type="button" className="danger" disabled={deed.sending} onClick={() => void deed.run(() => drop(draft.id, draft.rev))}>
          {t('rules.drop')}
        </button>
      </p>
    </section>
  );
}

function PeopleCheck({ draft }: { draft: Draft }) {
  const { t, say } = useWords();
  const [told, setTold] = useState<Reply<People> | null>(null);
  const [asking, setAsking] = useState(false);
  if (!draft.may.includes('edit') || draft.mistakes.length > 0) return null;
  const stops = told?.ok ? told.value.findings.filter((f) => f.stops) : [];
  return (
    <section className="panel" aria-labelledby="people">
      <h2 id="people">{t('rules.people')}</h2>
      <p>{t('rules.people.help')}</p>
      <p className="acts">
        <button
          type="button"
          className="plain"
          disabled={asking}
          onClick={() => {
            setAsking(true);
            void checkPeople(draft.id).then((reply) => {
              setTold(reply);
              setAsking(false);
            });
          }}
        >
          {t('rules.people.ask')}
        </button>
      </p>
      <Said>{asking ? t('rules.people.asking') : told?.ok ? t(stops.length > 0 ? 'rules.people.stops' : 'rules.people.good', String(told.value.people), String(stops.length)) : null}</Said>
      {told && !told.ok ? <FailureNotice error={told.error} /> : null}
      <ul>
        {stops.slice(0, 20).map((f, i) => (
          <li key={i}>
            {say(f.what)} <span className="quiet">{say(f.mend)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Edits({ draft }: { draft: Draft }) {
  const { t } = useWords();
  if (draft.edits.length === 0) return null;
  return (
    <details className="panel">
      <summary>{t('rules.edits', String(draft.edits.length))}</summary>
      <ul>
        {[...draft.edits].reverse().map((x, i) => (
          <li key={i}>
            <When at={x.at} as="short" /> {x.by}：{t(`rules.act.${x.act}`)} {x.name} <span className="quiet">（{x.reason}）</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
