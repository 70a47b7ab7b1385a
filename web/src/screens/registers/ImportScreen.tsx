// ImportScreen.tsx - Excel から始める: paste a block or choose a file, say which column is which, look at what would happen, and only then keep it.
import { useState } from 'react';
import type { Failure, Grid } from '../../api/client.ts';
import { checkImport, readCsv, runImport, type Options, type Plan, type Register, type Sheet } from '../../api/registers.ts';
import { Link, usePlace } from '../../app/router.tsx';
import { Labelled } from '../../parts/Labelled.tsx';
import { FailureNotice, Said } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { useWords } from '../../words/words.tsx';
import { loadAny } from '../sheets/load.ts';
import { Waiting } from '../../parts/Waiting.tsx';
import { useRegister } from './useRegister.ts';

type Taken = { counts: Record<string, number> };
const NOTES = ['unreadable', 'roles', 'same-name', 'leaving', 'moved', 'section', 'provider'] as const;
const COUNTS = ['new', 'changed', 'moved', 'leaving', 'same', 'unreadable', 'sections', 'providers', 'skipped'] as const;

export function ImportScreen({ register: id }: { register: string }) {
  const { t } = useWords();
  const { register, loaded } = useRegister(id);
  return register ? <Import register={register} /> : <Waiting title={t('registers.title')} error={loaded.error} retry={loaded.reload} />;
}

function Import({ register }: { register: Register }) {
  const { t, say } = useWords();
  const of = usePlace().searchParams.get('of') ?? undefined;
  const [text, setText] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const [options, setOptions] = useState<Options>(of ? { of } : {});
  const [sheet, setSheet] = useState<Sheet | null>(null);
  const [mapping, setMapping] = useState<Record<string, string> | null>(null);
  const [plan, setPlan] = useState<Plan | null>(null);
  const [taken, setTaken] = useState<Taken | null>(null);
  const [error, setError] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);

  const forget = () => {
    setPlan(null);
    setTaken(null);
    setError(null);
  };
  const check = async (given: Sheet, how: Record<string, string> | null) => {
    setBusy(true);
    forget();
    const reply = await checkImport(register.id, given, how, options);
    setBusy(false);
    if (reply.ok) setPlan(reply.value);
    else setError(reply.error);
  };
  const begin = async () => {
    setMapping(null);
    if (!file) {
      const pasted: Sheet = { text };
      setSheet(pasted);
      return check(pasted, null);
    }
    const grid = await loadAny(file, readCsv);
    if (!grid.ok) {
      forget();
      return setError(grid.error);
    }
    const given: Sheet = { grid: grid.value satisfies Grid };
    setSheet(given);
    return check(given, null);
  };
  const remap = (header: string, column: string) => {
    if (!sheet || !plan) return;
    const next = { ...Object.fromEntries(plan.columns.map((c) => [c.header, c.column ?? ''])), ...mapping, [header]: column };
    setMapping(next);
    void check(sheet, next);
  };
  const keep = async () => {
    if (!sheet || !plan?.token) return;
    setBusy(true);
    const reply = await runImport(register.id, sheet, mapping, options, plan.token);
    setBusy(false);
    if (reply.ok) {
      setTaken(reply.value);
      setPlan(null);
    } else setError(reply.error);
  };
  return (
    <Page title={t('import.title', say(register.caption))} over={<Link href={`/registers/${register.id}`}>{say(register.caption)}</Link>} wide>
      <p>{t('import.intro')}</p>
      <section className="panel" aria-labelledby="import-in">
        <h2 id="import-in">{t('import.in')}</h2>
        <Labelled field="paste" label={t('import.paste')} required={null} hints={{ help: t('import.paste.help') }}>
          {(control) => (
            <textarea
              {...control}
              rows={6}
              wrap="off"
              spellCheck={false}
              value={text}
              onChange={(e) => {
                setText(e.target.value);
                forget();
              }}
            />
          )}
        </Labelled>
        <Labelled field="import-file" label={t('import.file')} required={null} hints={{ help: t('import.file.help') }}>
          {(control) => (
            <input
              {...control}
              type="file"
              accept=".xlsx,.csv,.tsv,.txt"
              onChange={(e) => {
                setFile(e.target.files?.[0] ?? null);
                forget();
              }}
            />
          )}
        </Labelled>
        <OptionInputs register={register.id} options={options} onChange={(o) => (setOptions(o), forget())} />
        <p className="acts">
          <button type="button" className="main" disabled={busy || (!file && !text.trim())} onClick={() => void begin()}>
            {t('import.check')}
          </button>
        </p>
      </section>
      <Said>{busy ? t('import.busy') : null}</Said>
      {error ? <FailureNotice error={error} /> : null}
      {plan ? <Shown register={register} plan={plan} remap={remap} keep={() => void keep()} busy={busy} /> : null}
      {taken ? <Kept register={register} taken={taken} /> : null}
    </Page>
  );
}

function OptionInputs({ register, options, onChange }: { register: string; options: Options; onChange: (options: Options) => void }) {
  const { t } = useWords();
  const reason = (
    <Labelled
      field="import-reason"
      label={t(register === 'service' ? 'import.reason.service' : 'import.reason')}
      required={false}
      hints={register === 'service' ? {} : { help: t('import.reason.help') }}
    >
      {(control) => <input {...control} type="text" value={options.reason ?? ''} onChange={(e) => onChange({ ...options, reason: e.target.value })} />}
    </Labelled>
  );
  if (register === 'service') {
    return (
      <>
        <Labelled field="transitional_until" label={t('import.transitional')} required hints={{ help: t('import.transitional.help') }}>
          {(control) => (
            <input {...control} type="date" value={options.transitional_until ?? ''} onChange={(e) => onChange({ ...options, transitional_until: e.target.value })} />
          )}
        </Labelled>
        {reason}
      </>
    );
  }
  if (register !== 'person') return null;
  return (
    <>
      <Labelled field="effective_on" label={t('import.effective')} required hints={{ help: t('import.effective.help') }}>
        {(control) => <input {...control} type="date" value={options.effective_on ?? ''} onChange={(e) => onChange({ ...options, effective_on: e.target.value })} />}
      </Labelled>
      <p className="choice">
        <label>
          <input type="checkbox" checked={options.whole_list ?? false} onChange={(e) => onChange({ ...options, whole_list: e.target.checked })} /> {t('import.whole')}
        </label>
      </p>
      {reason}
    </>
  );
}

type ShownProps = { register: Register; plan: Plan; remap: (header: string, column: string) => void; keep: () => void; busy: boolean };

/** What would happen: the counts first, then each cell that is wrong, then which column is which. Nothing is kept yet. */
function Shown({ register, plan, remap, keep, busy }: ShownProps) {
  const { t, tKey, say } = useWords();
  return (
    <section className="panel" aria-labelledby="import-plan">
      <h2 id="import-plan">{t(plan.ok ? 'import.plan' : 'import.plan.bad')}</h2>
      <Counts counts={plan.counts} />
      {plan.mistakes.length > 0 ? (
        <>
          <h3>{t('import.mistakes', String(plan.mistakes_total))}</h3>
          <table className="list" data-mistakes>
            <thead>
              <tr>
                <th scope="col">{t('import.cell')}</th>
                <th scope="col">{t('import.value')}</th>
                <th scope="col">{t('import.mend')}</th>
              </tr>
            </thead>
            <tbody>
              {plan.mistakes.map((m, i) => (
                <tr key={i}>
                  <th scope="row">
                    {m.cell}
                    {m.column ? <span className="second">{m.column}</span> : null}
                  </th>
                  <td data-label={t('import.value')}>{m.value || '－'}</td>
                  <td data-label={t('import.mend')}>{tKey(m.key, m.args)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      ) : null}
      <h3>{t('import.columns')}</h3>
      <ul className="mapping">
        {plan.columns.map((c, i) => (
          <li key={`${i} ${c.header}`}>
            <label htmlFor={`map-${i}`}>{c.header || t('import.columns.unnamed')}</label>
            <select id={`map-${i}`} value={c.column ?? ''} disabled={busy} onChange={(e) => remap(c.header, e.target.value)}>
              <option value="">{t('import.columns.none')}</option>
              {register.columns
                .filter((r) => !r.flags.fixed)
                .map((r) => (
                  <option key={r.id} value={r.id}>
                    {say(r.label)}
                  </option>
                ))}
              <option value="id">{t('import.id')}</option>
              {register.id === 'person' ? <option value="posting">{t('import.posting')}</option> : null}
            </select>
          </li>
        ))}
      </ul>
      <Notes plan={plan} />
      {plan.ok ? (
        <p className="acts">
          <button type="button" className="main" disabled={busy} onClick={keep}>
            {t('import.keep')}
          </button>
        </p>
      ) : null}
    </section>
  );
}

/** What whoever imports should know and need not mend: whom nobody can read, who leaves, who holds a role. */
function Notes({ plan }: { plan: Plan }) {
  const { t } = useWords();
  const passwords = plan.counts.without_password;
  if (!plan.notes.length && !plan.stopped && !passwords) return null;
  return (
    <>
      <h3>{t('import.notes')}</h3>
      <ul>
        {plan.stopped ? <li>{t('import.stopped', String(plan.percent), String(plan.limit))}</li> : null}
        {passwords ? <li>{t('import.notes.passwords', String(passwords))}</li> : null}
        {NOTES.filter((kind) => plan.notes.some((n) => n.kind === kind)).map((kind) => (
          <li key={kind}>
            {t(`import.note.${kind}`)}
            {': '}
            {plan.notes
              .filter((n) => n.kind === kind)
              .map((n) => (n.more ? `${n.name} (${n.more})` : n.name))
              .join('、')}
          </li>
        ))}
      </ul>
    </>
  );
}

function Counts({ counts }: Taken) {
  const { t } = useWords();
  return (
    <dl className="facts counts">
      {COUNTS.filter((c) => counts[c] !== undefined).map((c) => (
        <div key={c}>
          <dt>{t(`import.count.${c}`)}</dt>
          <dd>{counts[c]}</dd>
        </div>
      ))}
    </dl>
  );
}

function Kept({ register, taken }: { register: Register; taken: Taken }) {
  const { t } = useWords();
  return (
    <section className="panel" aria-labelledby="import-kept" role="status">
      <h2 id="import-kept">{t('import.kept')}</h2>
      <Counts counts={taken.counts} />
      <p>
        <Link href={`/registers/${register.id}`}>{t('import.to-register')}</Link>
      </p>
    </section>
  );
}
