// Held.tsx - what a person has on paper or from before: the values that the check compares with.
import { useId, type ReactNode } from 'react';
import { checkpointAnchor, keyAnchor, manifestAnchor, NO_ANCHORS, rootAnchor, witnessAnchor, type Anchors } from './check/anchors.ts';
import { useWords, type Key } from './words.tsx';

export type Typed = { keys: string; size: string; root: string; manifest: string; witness: string; checkpoint: File | null };
export const NOTHING_TYPED: Typed = { keys: '', size: '', root: '', manifest: '', witness: '', checkpoint: null };
export type Mistakes = Partial<Record<keyof Typed, Key>>;

/** What was typed, read; or which fields cannot be what they must be. */
export async function readTyped(typed: Typed): Promise<{ anchors: Anchors; mistakes: Mistakes }> {
  const mistakes: Mistakes = {};
  const lines = (text: string) => text.split('\n').map((l) => l.trim()).filter(Boolean);
  const all = <T,>(field: keyof Typed, key: Key, values: readonly (T | null)[]): T[] => {
    if (values.some((v) => v === null)) mistakes[field] = key;
    return values.filter((v) => v !== null);
  };
  const file = typed.checkpoint;
  const bytes = file && new Uint8Array(await file.slice(0, 1 << 16).arrayBuffer());
  const anchors: Anchors = {
    ...NO_ANCHORS,
    keys: all('keys', 'held.key-bad', lines(typed.keys).map(keyAnchor)),
    roots: typed.root.trim() || typed.size.trim() ? all('root', 'held.root-bad', [rootAnchor(typed.size, typed.root)]) : [],
    witnesses: all('witness', 'held.witness-bad', lines(typed.witness).map(witnessAnchor)),
    checkpoints: file && bytes ? all('checkpoint', 'held.checkpoint-bad', [checkpointAnchor(file.name, bytes)]) : [],
    manifest: typed.manifest.trim() ? (all('manifest', 'held.manifest-bad', [manifestAnchor(typed.manifest)])[0] ?? null) : null,
  };
  return { anchors, mistakes };
}

type FieldProps = { label: Key; hint?: Key; bad: Key | undefined; badArg?: string; children: (id: string, describedBy: string) => ReactNode };

function Field({ label, hint, bad, badArg = '', children }: FieldProps) {
  const { t } = useWords();
  const id = useId();
  return (
    <div className={bad ? 'field wrong' : 'field'}>
      <label className="label" htmlFor={id}>{t(label)}</label>
      {hint && <p className="hint" id={`${id}h`}>{t(hint)}</p>}
      {bad && <p className="problem" id={`${id}m`}>{t(bad, badArg)}</p>}
      {children(id, [hint && `${id}h`, bad && `${id}m`].filter(Boolean).join(' '))}
    </div>
  );
}

export function HeldSection({ typed, type, mistakes }: { typed: Typed; type: (typed: Typed) => void; mistakes: Mistakes }) {
  const { t } = useWords();
  const line = (name: 'keys' | 'root' | 'witness', rows: number) => (id: string, by: string) => (
    <textarea id={id} rows={rows} spellCheck={false} autoComplete="off" className="digits" value={typed[name]} aria-describedby={by} aria-invalid={!!mistakes[name]}
      onChange={(e) => type({ ...typed, [name]: e.target.value })} />
  );
  const word = (name: 'size' | 'manifest', of: keyof Typed, short = false) => (id: string, by: string) => (
    <input id={id} type="text" spellCheck={false} autoComplete="off" inputMode={short ? 'numeric' : 'text'} className={short ? 'digits short' : 'digits'} value={typed[name]}
      aria-describedby={by} aria-invalid={!!mistakes[of]} onChange={(e) => type({ ...typed, [name]: e.target.value })} />
  );
  return (
    <section aria-labelledby="held">
      <h2 id="held">{t('held.title')}</h2>
      <p>{t('held.why')}</p>
      <Field label="held.key" hint="held.key-hint" bad={mistakes.keys}>{line('keys', 2)}</Field>
      <Field label="held.size" hint="held.root-hint" bad={undefined}>{word('size', 'root', true)}</Field>
      <Field label="held.root" bad={mistakes.root}>{line('root', 2)}</Field>
      <details open={!!(mistakes.manifest ?? mistakes.checkpoint ?? mistakes.witness) || undefined}>
        <summary>{t('held.more')}</summary>
        <Field label="held.manifest" hint="held.manifest-hint" bad={mistakes.manifest}>{word('manifest', 'manifest')}</Field>
        <Field label="held.checkpoint" hint="held.checkpoint-hint" bad={mistakes.checkpoint} badArg={typed.checkpoint?.name ?? ''}>
          {(id, by) => <input id={id} type="file" aria-describedby={by} aria-invalid={!!mistakes.checkpoint} onChange={(e) => type({ ...typed, checkpoint: e.target.files?.[0] ?? null })} />}
        </Field>
        <Field label="held.witness" hint="held.witness-hint" bad={mistakes.witness}>{line('witness', 2)}</Field>
      </details>
    </section>
  );
}
