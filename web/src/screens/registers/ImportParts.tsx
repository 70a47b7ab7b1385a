// ImportParts.tsx - what stands around the pasted sheet: its options, what would happen, each cell that is wrong, what was kept.
import type { Options, Plan, Register } from '../../api/registers.ts';
import { Link } from '../../app/router.tsx';
import { Labelled } from '../../parts/Labelled.tsx';
import { useWords } from '../../words/words.tsx';
import { placeOf, type Lines } from './grid/model.ts';

export type Taken = { counts: Record<string, number> };
const NOTES = ['unreadable', 'roles', 'same-name', 'leaving', 'moved', 'section', 'provider'] as const;
const COUNTS = ['new', 'changed', 'moved', 'leaving', 'same', 'unreadable', 'sections', 'providers', 'skipped'] as const;

export function OptionInputs({ register, options, onChange }: { register: string; options: Options; onChange: (options: Options) => void }) {
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
            <input {...control} type="date" max="9999-12-31" value={options.transitional_until ?? ''} onChange={(e) => onChange({ ...options, transitional_until: e.target.value })} />
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
        {(control) => <input {...control} type="date" max="9999-12-31" value={options.effective_on ?? ''} onChange={(e) => onChange({ ...options, effective_on: e.target.value })} />}
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

type MistakesProps = { plan: Plan; lines: Lines; mended: (cell: string) => boolean; jump: (cell: string) => void; mend: (cell: string, value: string) => void };

/** Each cell that is wrong, with its words. Wide: a press leads to it. On a phone it is mended here. */
export function Mistakes({ plan, lines, mended, jump, mend }: MistakesProps) {
  const { t, tKey } = useWords();
  const name = plan.columns.find((c) => c.column === 'name')?.at;
  const lineOf = (cell: string) => lines[placeOf(cell).line] ?? [];
  return (
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
            <tr key={`${i} ${m.cell}`}>
              <th scope="row">
                <button type="button" className="link wide-only" onClick={() => jump(m.cell)}>
                  {m.cell}
                </button>
                <span className="narrow-only">{m.cell}</span>
                {m.column ? <span className="second">{m.column}</span> : null}
                {name !== undefined && lineOf(m.cell)[name] ? <span className="second quiet">{lineOf(m.cell)[name]}</span> : null}
              </th>
              <td data-label={t('import.value')}>{m.value || '－'}</td>
              <td data-label={t('import.mend')}>
                <div className="mend">
                  {mended(m.cell) ? <strong>{t('grid.touched')}</strong> : tKey(m.key, m.args)}
                  {m.column ? (
                    <span className="narrow-only">
                      <input
                        aria-label={t('grid.mend', m.cell)}
                        aria-invalid={!mended(m.cell)}
                        type="text"
                        value={lineOf(m.cell)[placeOf(m.cell).column] ?? ''}
                        onChange={(e) => mend(m.cell, e.target.value)}
                      />
                    </span>
                  ) : null}
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** What whoever imports should know and need not mend: whom nobody can read, who leaves, who holds a role. */
export function Notes({ plan }: { plan: Plan }) {
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

export function Counts({ counts }: Taken) {
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

export function Kept({ register, taken }: { register: Register; taken: Taken }) {
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
