// PickInput.tsx - one of a list that the office keeps: a country, a person, a service, an application.
import type { KeyboardEvent } from 'react';
import { listApplications, type Reply, type Summary } from '../../api/client.ts';
import { sharedPack, sharedPeople, sharedServices } from '../../api/useShared.ts';
import { useLoad } from '../../api/useLoad.ts';
import type { ControlProps } from '../../parts/Labelled.tsx';
import { among, Picker } from '../../parts/Picker.tsx';
import { useWords, type Words } from '../../words/words.tsx';

const MANY = 20; // more are looked for by typing; countries stay a list that one knows
const APPLICATIONS_MAX = 500; // the newest; what is older is no case to refer to

type Option = { id: string; label: string };
type Source = (words: Words) => Promise<Reply<Option[]>>;

const mapped = <T,>(reply: Reply<T>, options: (value: T) => Option[]): Reply<Option[]> =>
  reply.ok ? { ok: true, value: options(reply.value) } : reply;

async function newestApplications(): Promise<Reply<Summary[]>> {
  const all: Summary[] = [];
  let after: string | undefined;
  do {
    const reply = await listApplications('all', after);
    if (!reply.ok) return reply;
    all.push(...reply.value.items);
    after = reply.value.next;
  } while (after && all.length < APPLICATIONS_MAX);
  return { ok: true, value: all };
}

const SOURCES: Record<'country' | 'person' | 'service' | 'application', Source> = {
  country: async ({ say }) => mapped(await sharedPack(), (pack) => pack.countries.map((c) => ({ id: c.id, label: say(c.name) }))),
  person: async () => mapped(await sharedPeople(), (people) => people.map((p) => ({ id: p.id, label: `${p.name}（${p.section}）` }))),
  service: async () =>
    mapped(await sharedServices(), (services) =>
      services.filter((s) => s.state !== 'closed').map((s) => ({ id: s.id, label: `${s.name}（${s.provider}）` })),
    ),
  application: async ({ say }) =>
    mapped(await newestApplications(), (list) => list.map((a) => ({ id: a.id, label: `${a.number} ${say(a.title)} ${a.device}` }))),
};

type PickInputProps = { type: keyof typeof SOURCES; control: ControlProps; none?: string; value: string; onChange: (value: string) => void };

export function PickInput({ type, control, none, value, onChange }: PickInputProps) {
  const words = useWords();
  const { value: options, error } = useLoad(`pick ${type} ${words.lang}`, () => SOURCES[type](words), 0);
  if (options && options.length > MANY && type !== 'country') {
    const chosen = options.find((o) => o.id === value)?.label ?? value;
    return <Picker control={control} text={chosen} find={among(options)} onPick={(option, typed) => (option || !typed.trim() ? onChange(option?.id ?? '') : undefined)} />;
  }
  return (
    <>
      <select {...control} value={value} onChange={(e) => onChange(e.target.value)}>
        <option value="">{none ?? words.t('pick.none')}</option>
        {value && !options?.some((o) => o.id === value) ? <option value={value}>{options ? value : words.t('page.loading')}</option> : null}
        {(options ?? []).map((o) => (
          <option key={o.id} value={o.id}>
            {o.label}
          </option>
        ))}
      </select>
      {error ? <p className="problem">{words.tKey(error.key, error.args)}</p> : null}
      {options?.length === 0 ? <p className="hint">{words.t('pick.empty')}</p> : null}
    </>
  );
}

type CountriesInputProps = { control: ControlProps; value: string; onChange: (value: string) => void };

/** Several countries: those picked stand as chips that can be taken away; a select adds one. */
export function CountriesInput({ control, value, onChange }: CountriesInputProps) {
  const words = useWords();
  const { value: options, error } = useLoad(`pick country ${words.lang}`, () => SOURCES.country(words), 0);
  const picked = value.split(' ').filter(Boolean);
  const name = (id: string) => options?.find((o) => o.id === id)?.label ?? id;
  const remove = (id: string) => {
    onChange(picked.filter((p) => p !== id).join(' '));
    document.getElementById(control.id)?.focus(); // the chip is gone
  };
  /** An arrow on a closed list would pick each country that it passes: it opens the list instead, and Enter picks. */
  const openList = (e: KeyboardEvent<HTMLSelectElement>) => {
    if (e.altKey || (e.key !== 'ArrowDown' && e.key !== 'ArrowUp')) return;
    e.preventDefault();
    e.currentTarget.showPicker();
  };
  return (
    <div className="countries">
      <select {...control} value="" onKeyDown={openList} onChange={(e) => e.target.value && onChange([...picked, e.target.value].join(' '))}>
        <option value="">{words.t(picked.length > 0 ? 'pick.add' : 'pick.none')}</option>
        {(options ?? [])
          .filter((o) => !picked.includes(o.id))
          .map((o) => (
            <option key={o.id} value={o.id}>
              {o.label}
            </option>
          ))}
      </select>
      {picked.length > 0 ? (
        <ul className="phrases" aria-label={words.t('pick.picked')}>
          {picked.map((id) => (
            <li key={id}>
              <button type="button" className="chip" onClick={() => remove(id)}>
                {words.t('pick.remove', name(id))}
              </button>
            </li>
          ))}
        </ul>
      ) : null}
      {error ? <p className="problem">{words.tKey(error.key, error.args)}</p> : null}
    </div>
  );
}
