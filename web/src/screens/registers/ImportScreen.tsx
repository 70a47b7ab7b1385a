// ImportScreen.tsx - Excel から始める: paste a block or choose a file, mend it where it stands, look at what would happen, and only then keep it.
import { useMemo, useState, type ClipboardEvent } from 'react';
import type { Failure, Grid } from '../../api/client.ts';
import { checkImport, readCsv, registerSheetPath, runImport, type Options, type Plan, type Register } from '../../api/registers.ts';
import { Link, usePlace } from '../../app/router.tsx';
import { Labelled } from '../../parts/Labelled.tsx';
import { FailureNotice, Said } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { Waiting } from '../../parts/Waiting.tsx';
import { useWords } from '../../words/words.tsx';
import { loadAny } from '../sheets/load.ts';
import { changed, evened, placeOf, readTsv, type Lines, type Place } from './grid/model.ts';
import { SheetGrid } from './grid/SheetGrid.tsx';
import { Counts, Kept, Mistakes, Notes, OptionInputs, type Taken } from './ImportParts.tsx';
import { useRegister } from './useRegister.ts';

const UNDO_MAX = 100;
const EMPTY_LINES = 10;

export function ImportScreen({ register: id }: { register: string }) {
  const { t } = useWords();
  const { register, loaded } = useRegister(id);
  return register ? <Import register={register} /> : <Waiting title={t('registers.title')} error={loaded.error} retry={loaded.reload} />;
}

const gridOf = (lines: Lines): Grid => {
  const [head = [], ...rest] = evened(lines);
  return { 'sekisho-grid': 1, sheets: [{ name: 'sheet', columns: head.map((id) => ({ id })), rows: rest }] };
};
const linesOf = (grid: Grid): Lines => {
  const sheet = grid.sheets[0];
  return sheet ? evened([sheet.columns.map((c) => c.id), ...sheet.rows]) : [];
};

type Sheet = { lines: Lines; past: readonly Lines[]; future: readonly Lines[]; touched: ReadonlySet<string> };
const begun = (lines: Lines): Sheet => ({ lines, past: [], future: [], touched: new Set() });

function Import({ register }: { register: Register }) {
  const { t, say, tKey } = useWords();
  const of = usePlace().searchParams.get('of') ?? undefined;
  const [text, setText] = useState('');
  const [options, setOptions] = useState<Options>(of ? { of } : {});
  const [sheet, setSheet] = useState<Sheet | null>(null);
  const [at, setAt] = useState<Place>({ line: 0, column: 0 });
  const [mapping, setMapping] = useState<Record<string, string> | null>(null);
  const [plan, setPlan] = useState<Plan | null>(null);
  const [fresh, setFresh] = useState(false); // the plan is about what stands there now
  const [taken, setTaken] = useState<Taken | null>(null);
  const [error, setError] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);

  const check = async (lines: Lines, how: Record<string, string> | null) => {
    setBusy(true);
    setError(null);
    setTaken(null);
    const reply = await checkImport(register.id, { grid: gridOf(lines) }, how, options);
    setBusy(false);
    if (!reply.ok) {
      setError(reply.error);
      setFresh(false);
      return;
    }
    setPlan(reply.value);
    setFresh(true);
    setSheet((was) => was && { ...was, touched: new Set() });
    const wrong = reply.value.mistakes[0];
    if (wrong) setAt(placeOf(wrong.cell));
  };
  const take = (lines: Lines) => {
    setSheet(begun(lines));
    setMapping(null);
    setPlan(null);
    setAt({ line: 0, column: 0 });
    void check(lines, null);
  };
  const pasted = (e: ClipboardEvent) => {
    const lines = readTsv(e.clipboardData.getData('text/plain'));
    if (lines.length < 2) return; // a word or two: typing goes on
    e.preventDefault();
    take(evened(lines));
  };
  const choose = async (file: File | undefined) => {
    if (!file) return;
    setBusy(true);
    const grid = await loadAny(file, readCsv);
    setBusy(false);
    if (grid.ok) take(linesOf(grid.value));
    else setError(grid.error);
  };
  const change = (lines: Lines, where: readonly string[]) => {
    setFresh(false);
    setSheet((was) => was && { lines, past: [...was.past.slice(-UNDO_MAX), was.lines], future: [], touched: new Set([...was.touched, ...where]) });
  };
  const undo = () => {
    const last = sheet?.past.at(-1);
    if (!sheet || !last) return;
    setFresh(false);
    setSheet({ ...sheet, lines: last, past: sheet.past.slice(0, -1), future: [sheet.lines, ...sheet.future] });
  };
  const redo = () => {
    const next = sheet?.future[0];
    if (!sheet || !next) return;
    setFresh(false);
    setSheet({ ...sheet, lines: next, past: [...sheet.past, sheet.lines], future: sheet.future.slice(1) });
  };
  const remap = (header: string, column: string) => {
    if (!sheet || !plan) return;
    const next = { ...Object.fromEntries(plan.columns.map((c) => [c.header, c.column ?? ''])), ...mapping, [header]: column };
    setMapping(next);
    void check(sheet.lines, next);
  };
  const keep = async () => {
    if (!sheet || !plan?.token) return;
    setBusy(true);
    const reply = await runImport(register.id, { grid: gridOf(sheet.lines) }, mapping, options, plan.token);
    setBusy(false);
    if (reply.ok) {
      setTaken(reply.value);
      setPlan(null);
      setSheet(null);
      setText('');
    } else setError(reply.error);
  };
  const wrong = useMemo(() => {
    const map = new Map<string, string>();
    for (const m of plan?.mistakes ?? []) map.set(m.cell, [map.get(m.cell), tKey(m.key, m.args)].filter(Boolean).join(' '));
    return map;
  }, [plan, tKey]);
  const mended = (cell: string) => sheet?.touched.has(cell) ?? false;
  const left = new Map([...wrong].filter(([cell]) => !mended(cell)));
  const jump = (cell: string) => {
    setAt(placeOf(cell));
    window.setTimeout(() => document.querySelector<HTMLElement>('[data-at]')?.focus(), 0);
  };
  const blank = () => {
    const heads = register.columns.filter((c) => !c.flags.fixed).map((c) => say(c.label));
    setSheet(begun([heads, ...Array.from({ length: EMPTY_LINES }, () => heads.map(() => ''))]));
    setPlan(null);
    setAt({ line: 1, column: 0 });
  };
  const typed = !sheet && text.trim() !== '';
  return (
    <Page title={t('import.title', say(register.caption))} over={<Link href={`/registers/${register.id}`}>{say(register.caption)}</Link>} wide>
      <p>{t('import.intro')}</p>
      <ul className="register-acts">
        {(['xlsx', 'csv'] as const).map((ending) => (
          <li key={ending}>
            <a href={registerSheetPath(register.id, ending, of ? { of } : {})} download>
              {t(`grid.now.${ending}`)}
            </a>
          </li>
        ))}
      </ul>
      <section className="panel" aria-labelledby="import-in">
        <h2 id="import-in">{t('import.in')}</h2>
        {sheet ? (
          <p className="acts">
            <button type="button" className="plain" onClick={() => (setSheet(null), setPlan(null), setError(null), setText(''))}>
              {t('grid.again')}
            </button>
          </p>
        ) : (
          <>
            <Labelled field="paste" label={t('import.paste')} required={null} hints={{ help: t('import.paste.help') }}>
              {(control) => <textarea {...control} rows={6} wrap="off" spellCheck={false} value={text} onPaste={pasted} onChange={(e) => setText(e.target.value)} />}
            </Labelled>
            <Labelled field="import-file" label={t('import.file')} required={null} hints={{ help: t('import.file.help') }}>
              {(control) => <input {...control} type="file" accept=".xlsx,.csv,.tsv,.txt" onChange={(e) => void choose(e.target.files?.[0])} />}
            </Labelled>
            <p className="acts">
              <button type="button" className="plain" onClick={blank}>
                {t('grid.blank')}
              </button>
            </p>
          </>
        )}
        <OptionInputs register={register.id} options={options} onChange={(o) => (setOptions(o), setFresh(false))} />
        <p className="acts">
          <button
            type="button"
            className={fresh && plan?.ok ? 'plain' : 'main'}
            disabled={busy || (!sheet && !typed)}
            onClick={() => (sheet ? void check(sheet.lines, mapping) : take(evened(readTsv(text))))}
          >
            {t(plan && !fresh ? 'grid.check-again' : 'import.check')}
          </button>
          {busy ? <progress aria-label={t('import.busy')} /> : null}
        </p>
      </section>
      <Said>{busy ? t('import.busy') : null}</Said>
      {error ? <FailureNotice error={error} /> : null}
      {plan ? (
        <section className="panel" aria-labelledby="import-plan">
          <h2 id="import-plan">{t(!fresh ? 'grid.stale' : plan.ok ? 'import.plan' : 'import.plan.bad')}</h2>
          {fresh ? <Counts counts={plan.counts} /> : null}
          {fresh && plan.ok ? (
            <p className="acts">
              <button type="button" className="main" disabled={busy} onClick={() => void keep()}>
                {t('import.keep')}
              </button>
            </p>
          ) : null}
          {plan.mistakes.length > 0 ? (
            <Mistakes plan={plan} lines={sheet?.lines ?? []} mended={mended} jump={jump} mend={(cell, value) => sheet && change(changed(sheet.lines, placeOf(cell), value), [cell])} />
          ) : null}
          {fresh ? <Notes plan={plan} /> : null}
        </section>
      ) : null}
      {sheet ? (
        <section aria-labelledby="import-grid" className="wide-only">
          <h2 id="import-grid">{t('grid.title', String(sheet.lines.length))}</h2>
          <SheetGrid
            label={t('grid.title', String(sheet.lines.length))}
            lines={sheet.lines}
            wrong={left}
            touched={sheet.touched}
            header={plan?.header ? plan.header - 1 : null}
            over={(column) => <Over register={register} plan={plan} column={column} busy={busy} remap={remap} />}
            at={at}
            onMove={setAt}
            onChange={change}
            undo={undo}
            redo={redo}
          />
          <p className="acts">
            <button type="button" className="plain" disabled={sheet.past.length === 0} onClick={undo}>
              {t('grid.undo')}
            </button>
            <button type="button" className="plain" disabled={sheet.future.length === 0} onClick={redo}>
              {t('grid.redo')}
            </button>
            <button type="button" className="plain" onClick={() => change([...sheet.lines, (sheet.lines[0] ?? ['']).map(() => '')], [])}>
              {t('grid.add')}
            </button>
          </p>
        </section>
      ) : null}
      {taken ? <Kept register={register} taken={taken} /> : null}
    </Page>
  );
}

type OverProps = { register: Register; plan: Plan | null; column: number; busy: boolean; remap: (header: string, column: string) => void };

/** What this column is taken for: guessed from its heading, changed by hand. */
function Over({ register, plan, column, busy, remap }: OverProps) {
  const { t, say } = useWords();
  const c = plan?.columns.find((one) => one.at === column);
  if (!c) return null;
  return (
    <select aria-label={t('grid.over', c.header || t('import.columns.unnamed'))} value={c.column ?? ''} disabled={busy} onChange={(e) => remap(c.header, e.target.value)}>
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
  );
}
