// RecordScreen.tsx - one record of a draft as a form, or the lists that one begins with. Only what was touched is sent, with its reason.
import { useState, type FormEvent } from 'react';
import type { Failure } from '../../api/client.ts';
import { editRecord, getDraft, getRecord, getRules, type Draft, type Edit, type RuleRecord } from '../../api/rules.ts';
import { useLoad } from '../../api/useLoad.ts';
import { go, Link, usePlace } from '../../app/router.tsx';
import { ErrorSummary, type Problem } from '../../parts/ErrorSummary.tsx';
import { problemOf } from '../../parts/failure.ts';
import { Labelled } from '../../parts/Labelled.tsx';
import { Page } from '../../parts/Page.tsx';
import { ReasonInput } from '../../parts/ReasonInput.tsx';
import { Waiting } from '../../parts/Waiting.tsx';
import { useWords } from '../../words/words.tsx';
import { isEasy, KeyInput } from './KeyInput.tsx';
import { Mistakes } from './Mistakes.tsx';
import { Numbers } from './RulesScreen.tsx';

export function RecordScreen({ draft: id }: { draft: string }) {
  const { t } = useWords();
  const place = usePlace().searchParams;
  const where = place.get('where') ?? '';
  const like = place.get('like');
  const { value: draft, error: failed, reload: again } = useLoad(`draft ${id}`, () => getDraft(id), 0);
  const { value: record, error, reload } = useLoad(`record ${id} ${like ?? where}`, () => getRecord(id, like ?? where), 0);
  if (!record || !draft) return <Waiting title={t('rules.title')} error={error ?? failed} retry={error ? reload : again} />;
  return where ? <Form key={where} draft={draft} record={like ? blank(record, where) : record} fresh={Boolean(like)} /> : <Roots draft={draft} record={record} />;
}

/** A new record asks what one like it says. */
function blank(like: RuleRecord, where: string): RuleRecord {
  return { ...like, where, id: '', keys: like.keys.map((k) => ({ ...k, value: k.type === 'one-of' || k.type === 'record' ? k.value : '' })), texts: like.texts.map((x) => ({ ...x, ja: '', en: '' })), lists: [] };
}

const editPath = (draft: string, where: string) => `/rules/drafts/${draft}/edit?${new URLSearchParams({ where })}`;

/** What is changed most, in this order. */
const OFTEN: readonly string[] = ['procedures', 'forms', 'criteria', 'duties', 'roles', 'papers'];

function Roots({ draft, record }: { draft: Draft; record: RuleRecord }) {
  const { t } = useWords();
  const { value: rules } = useLoad('rules', getRules, 0);
  return (
    <Page title={t('rules.edit.title')} over={<Link href={`/rules/drafts/${draft.id}`}>{draft.title}</Link>} wide>
      <p>{t('rules.edit.help')}</p>
      <p className="acts">
        <Link href={editPath(draft.id, 'settings')}>{t('rules.edit.settings')}</Link>
      </p>
      {rules ? <Numbers numbers={rules.numbers} draft={draft.id} /> : null}
      <section className="panel" aria-labelledby="often">
        <h2 id="often">{t('rules.often')}</h2>
        <Lists draft={draft} lists={OFTEN.flatMap((name) => record.lists.filter((l) => l.list === name))} />
      </section>
      <details className="panel">
        <summary>{t('rules.seldom')}</summary>
        <Lists draft={draft} lists={record.lists.filter((l) => !OFTEN.includes(l.list))} />
      </details>
    </Page>
  );
}

function Lists({ draft, lists }: { draft: Draft; lists: RuleRecord['lists'] }) {
  const { t, say } = useWords();
  return (
    <>
      {lists.filter((l) => l.records.length > 0).map((l) => (
        <details key={l.list} data-list={l.list}>
          <summary>{t('rules.list', say(l.label), String(l.records.length))}</summary>
          <ul className="plain-list">
            {l.records.map((r) => (
              <li key={r.where}>
                <Link href={editPath(draft.id, r.where)}>{say(r.name)}</Link>
              </li>
            ))}
          </ul>
          {l.list.includes('.') || ['roles', 'duties'].includes(l.list) ? <AddRecord draft={draft} list={l.list} like={l.records[0]?.where} /> : null}
        </details>
      ))}
    </>
  );
}

function AddRecord({ draft, list, like }: { draft: Draft; list: string; like: string | undefined }) {
  const { t } = useWords();
  const [name, setName] = useState('');
  if (!like || !draft.may.includes('edit')) return null;
  const good = /^[a-z][a-z0-9_-]*$/.test(name);
  return (
    <form
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        if (good) go(`/rules/drafts/${draft.id}/edit?${new URLSearchParams({ where: `${list}.${name}`, like })}`);
      }}
    >
      <Labelled field={`add-${list.replace(/\./g, '-')}`} label={t('rules.add.id')} required hints={{ help: t('rules.add.help') }}>
        {(control) => <input {...control} type="text" className="short" value={name} onChange={(e) => setName(e.target.value.toLowerCase())} />}
      </Labelled>
      <p className="acts">
        <button type="submit" className="plain" disabled={!good}>
          {t('rules.add')}
        </button>
      </p>
    </form>
  );
}

function Form({ draft, record, fresh }: { draft: Draft; record: RuleRecord; fresh: boolean }) {
  const words = useWords();
  const { t, say } = words;
  const [values, setValues] = useState<Record<string, string>>(() => (fresh ? Object.fromEntries(record.keys.filter((k) => k.value).map((k) => [k.key, k.value])) : {}));
  const [texts, setTexts] = useState<Record<string, { ja: string; en: string }>>({});
  const [reason, setReason] = useState('');
  const [error, setError] = useState<Failure | null>(null);
  const [mistakes, setMistakes] = useState<Draft['mistakes']>([]);
  const [attempt, setAttempt] = useState(0);
  const [sending, setSending] = useState(false);
  const may = draft.may.includes('edit');
  const listed = record.where.includes('.');

  const send = async (act: Edit['act']) => {
    if (!reason.trim()) {
      setError({ kind: 'input', key: 'common.reason.missing', args: [], field: 'reason' });
      setAttempt((n) => n + 1);
      return;
    }
    setSending(true);
    const said = act === 'remove' ? {} : { values, texts };
    const reply = await editRecord(draft.id, { rev: draft.rev, where: record.where, act, reason: reason.trim(), ...said });
    setSending(false);
    if (reply.ok && !reply.value.mistakes) return go(`/rules/drafts/${draft.id}`);
    setMistakes(reply.ok ? (reply.value.mistakes ?? []) : []);
    setError(reply.ok ? null : reply.error);
    setAttempt((n) => n + 1);
  };
  const problems: Problem[] = error ? [problemOf(error, ['reason'], words)] : [];
  const key = (k: RuleRecord['keys'][number]) => <KeyInput key={k.key} item={k} value={values[k.key] ?? k.value} onChange={(value) => setValues((was) => ({ ...was, [k.key]: value }))} />;
  const hard = record.keys.filter((k) => !isEasy(k));
  return (
    <Page title={fresh ? t('rules.add.title', say(record.kind)) : say(record.name)} over={<Link href={`/rules/drafts/${draft.id}/edit`}>{draft.title}</Link>} wide>
      <ErrorSummary problems={problems} attempt={attempt} />
      <Mistakes mistakes={mistakes} title={t('rules.mistakes.title')} />
      {may ? null : <p className="notice wait">{t('rules.read-only')}</p>}
      <form
        noValidate
        onSubmit={(e: FormEvent) => {
          e.preventDefault();
          void send(fresh ? 'add' : 'set');
        }}
      >
        {record.keys.filter(isEasy).map(key)}
        {record.texts.map((x) => (
          <div key={x.key}>
            {(['ja', 'en'] as const).map((lang) => (
              <Labelled key={lang} field={`${x.key}-${lang}`} label={t(`rules.text.${lang}`, say(x.label))} required={lang === 'ja' ? x.required : false}>
                {(control) => (
                  <textarea
                    {...control}
                    rows={(x[lang].length > 60 ? 4 : 1) + 1}
                    value={(texts[x.key] ?? x)[lang]}
                    onChange={(e) => setTexts((was) => ({ ...was, [x.key]: { ja: (was[x.key] ?? x).ja, en: (was[x.key] ?? x).en, [lang]: e.target.value } }))}
                  />
                )}
              </Labelled>
            ))}
          </div>
        ))}
        {hard.length > 0 ? (
          <details className="panel" open={fresh}>
            <summary>{t('rules.hard')}</summary>
            <p>{t('rules.hard.help')}</p>
            {hard.map(key)}
          </details>
        ) : null}
        {may ? (
          <>
            <ReasonInput field="reason" label={t('rules.why')} required help={t('rules.why.help')} phrases={[]} problem={problems[0]?.field === 'reason' ? problems[0].text : undefined} value={reason} onChange={setReason} />
            <p className="acts">
              <button type="submit" className="main" disabled={sending}>
                {t('rules.save')}
              </button>
              <Link href={`/rules/drafts/${draft.id}`}>{t('rules.cancel')}</Link>
              {listed && !fresh && record.where.split('.').length > 2 ? (
                <button type="button" className="danger" disabled={sending} onClick={() => void send('remove')}>
                  {t('rules.remove')}
                </button>
              ) : null}
            </p>
          </>
        ) : null}
      </form>
      {record.lists.some((l) => l.records.length > 0) ? (
        <section className="panel" aria-labelledby="inside">
          <h2 id="inside">{t('rules.inside')}</h2>
          <Lists draft={draft} lists={record.lists} />
        </section>
      ) : null}
    </Page>
  );
}
