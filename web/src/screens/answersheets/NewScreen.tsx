// NewScreen.tsx - one provider's answers to one form: the form goes out as a file, comes back filled in, and is kept once nothing in it is wrong.
import { useState } from 'react';
import { keepSheet, listSheets, readFormSheet, type ReadSheet, type SheetList } from '../../api/asheets.ts';
import { getForm, type Failure, type Grid } from '../../api/client.ts';
import { getRow, readCsv } from '../../api/registers.ts';
import { useLoad } from '../../api/useLoad.ts';
import { go, Link, usePlace } from '../../app/router.tsx';
import { DateInput } from '../../parts/DateInput.tsx';
import { ErrorSummary } from '../../parts/ErrorSummary.tsx';
import { problemOf } from '../../parts/failure.ts';
import { Labelled } from '../../parts/Labelled.tsx';
import { FailureNotice, Said } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { Waiting } from '../../parts/Waiting.tsx';
import { useWords } from '../../words/words.tsx';
import { RowPicker } from '../registers/RowPicker.tsx';
import { loadForm } from '../sheets/load.ts';
import { AnswersByTopic } from './AnswersByTopic.tsx';
import { FormFiles } from './FormFiles.tsx';
import { Slips } from './Slips.tsx';

export function NewScreen() {
  const { t } = useWords();
  const { value, error, reload } = useLoad('answer sheets', () => listSheets(), 0);
  const provider = usePlace().searchParams.get('provider');
  const row = useLoad(provider ? `row provider ${provider}` : null, () => getRow('provider', provider ?? ''), 0);
  if (value && (!provider || row.value || row.error)) return <New list={value} provider={provider ?? ''} name={row.value?.cells.name?.text ?? ''} />;
  return <Waiting title={t('asheet.new')} error={error} retry={reload} />;
}

const PLACED = ['provider', 'subject', 'answered_on', 'form'];

function New({ list, provider: known, name }: { list: SheetList; provider: string; name: string }) {
  const words = useWords();
  const { t, say } = words;
  const query = usePlace().searchParams;
  const [provider, setProvider] = useState(name ? known : '');
  const [subject, setSubject] = useState(query.get('subject') ?? '');
  const [form, setForm] = useState(query.get('form') ?? list.forms[0]?.id ?? '');
  const [answeredOn, setAnsweredOn] = useState('');
  const [file, setFile] = useState('');
  const [read, setRead] = useState<(ReadSheet & { grid: Grid }) | null>(null);
  const [busy, setBusy] = useState<'reading' | 'keeping' | null>(null);
  const [unread, setUnread] = useState<Failure | null>(null);
  const [refused, setRefused] = useState<Failure | null>(null);
  const [attempt, setAttempt] = useState(0);
  const its = useLoad(form ? `form ${form}` : null, () => getForm(form), 0).value;
  const last = list.items.find((s) => s.state === 'current' && s.form === form && s.provider.id === provider && (!subject.trim() || s.subject === subject.trim()));

  const choose = async (chosen: File | undefined) => {
    if (!chosen) return;
    setBusy('reading');
    setRead(null);
    setUnread(null);
    setRefused(null);
    setFile(chosen.name);
    const grid = await loadForm(chosen, form, readCsv);
    const refused = (error: Failure) => {
      setBusy(null);
      setUnread(error);
    };
    if (!grid.ok) return refused(grid.error);
    const reply = await readFormSheet(form, grid.value);
    if (!reply.ok) return refused(reply.error);
    setBusy(null);
    setRead({ ...reply.value, grid: grid.value });
    const day = its?.fields.find((f) => f.type === 'date' && f.id === 'answered_on') ? reply.value.answers.answered_on : undefined;
    if (day && !answeredOn) setAnsweredOn(day);
    return undefined;
  };
  const refuse = (error: Failure) => {
    setRefused(error);
    setAttempt((n) => n + 1);
  };
  const keep = async () => {
    const empty = (['provider', 'subject', 'answered_on'] as const).find((field) => !{ provider, subject: subject.trim(), answered_on: answeredOn }[field]);
    if (empty) return refuse({ kind: 'input', key: `asheet.missing.${empty}`, field: empty, args: [] });
    if (!read?.ok) return undefined;
    setBusy('keeping');
    const reply = await keepSheet({ provider, subject: subject.trim(), form, answers: read.answers, answered_on: answeredOn });
    setBusy(null);
    if (!reply.ok) return refuse(reply.error);
    return go(`/answer-sheets/${reply.value.id}`);
  };
  const problem = refused ? problemOf(refused, PLACED, words) : null;
  const problemAt = (field: string) => (problem?.field === field ? problem.text : undefined);
  const answers = read ? Object.entries(read.answers).map(([field, value]) => ({ field, value })) : [];
  return (
    <Page title={t('asheet.new')} over={<Link href="/answer-sheets">{t('asheet.title')}</Link>} failed={problem !== null}>
      <ErrorSummary problems={problem ? [problem] : []} attempt={attempt} />
      <p>{t('asheet.new.intro')}</p>
      <section className="panel" aria-labelledby="asheet-what">
        <h2 id="asheet-what">{t('asheet.step.what')}</h2>
        <Labelled field="provider" label={t('asheet.provider')} required problem={problemAt('provider')} hints={{ help: t('asheet.provider.help') }}>
          {(control) => <RowPicker control={control} register="provider" byName={false} text={name} value={provider && provider === known ? name : provider} onChange={setProvider} />}
        </Labelled>
        <Labelled field="subject" label={t('asheet.subject')} required problem={problemAt('subject')} hints={{ help: t('asheet.subject.help') }}>
          {(control) => <input {...control} type="text" value={subject} onChange={(e) => setSubject(e.target.value)} />}
        </Labelled>
        {list.forms.length > 1 ? (
          <Labelled field="form" label={t('asheet.form')} required problem={problemAt('form')}>
            {(control) => (
              <select
                {...control}
                value={form}
                onChange={(e) => {
                  setForm(e.target.value);
                  setRead(null);
                }}
              >
                {list.forms.map((f) => (
                  <option key={f.id} value={f.id}>
                    {say(f.title)}
                  </option>
                ))}
              </select>
            )}
          </Labelled>
        ) : null}
      </section>
      <section className="panel" aria-labelledby="asheet-out">
        <h2 id="asheet-out">{t('asheet.step.out')}</h2>
        <p>{t('asheet.out.help')}</p>
        {form ? <FormFiles form={form} csv={its ? !its.fields.some((f) => f.type === 'table') : false} last={last} /> : <p className="empty">{t('asheet.no-form')}</p>}
      </section>
      <section className="panel" aria-labelledby="asheet-in">
        <h2 id="asheet-in">{t('asheet.step.in')}</h2>
        <Labelled field="asheet-file" label={t('asheet.file')} required={null} hints={{ help: t('asheet.file.help') }}>
          {(control) => (
            <input
              {...control}
              type="file"
              accept=".xlsx,.csv,.tsv,.txt"
              disabled={busy !== null || !form}
              onClick={(e) => {
                e.currentTarget.value = ''; // the same file, mended, is chosen again
              }}
              onChange={(e) => void choose(e.target.files?.[0])}
            />
          )}
        </Labelled>
        {busy ? <progress aria-label={t(`asheet.busy.${busy}`)} /> : null}
        <Said>{busy ? t(`asheet.busy.${busy}`) : null}</Said>
        {unread ? <FailureNotice error={unread} /> : null}
        {read && !read.ok ? <Slips read={read} grid={read.grid} form={its} /> : null}
      </section>
      {read?.ok ? (
        <section className="panel" aria-labelledby="asheet-keep" data-clean>
          <h2 id="asheet-keep">{t('asheet.step.keep')}</h2>
          <p>{t('asheet.clean', file, String(answers.length))}</p>
          {read.unasked.length > 0 ? <p className="notice wait">{t('asheet.unasked', String(read.unasked.length))}</p> : null}
          <Labelled field="answered_on" label={t('asheet.answered-on')} required problem={problemAt('answered_on')}>
            {(control) => <DateInput control={control} value={answeredOn} onChange={setAnsweredOn} />}
          </Labelled>
          {last ? <p>{t('asheet.replaces')}</p> : null}
          <p className="acts">
            <button type="button" className="main" disabled={busy !== null} onClick={() => void keep()}>
              {t('asheet.keep')}
            </button>
          </p>
          <details>
            <summary>{t('asheet.show-answers')}</summary>
            <AnswersByTopic answers={answers} form={its} />
          </details>
        </section>
      ) : null}
    </Page>
  );
}
