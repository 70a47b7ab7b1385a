// DeputyList.tsx - who stands in for whom and until when; one is named with two days, and ended early with a reason.
import { useState, type FormEvent } from 'react';
import { endDeputy, listDeputies, nameDeputy, type Deputy } from '../../api/people.ts';
import { useLoad } from '../../api/useLoad.ts';
import { usePack } from '../../api/useShared.ts';
import { DateInput } from '../../parts/DateInput.tsx';
import { ErrorSummary } from '../../parts/ErrorSummary.tsx';
import { problemOf } from '../../parts/failure.ts';
import { Labelled } from '../../parts/Labelled.tsx';
import { FailureNotice, Said } from '../../parts/Notice.tsx';
import { PersonPicker } from '../../parts/PersonPicker.tsx';
import { ReasonInput } from '../../parts/ReasonInput.tsx';
import { State } from '../../parts/State.tsx';
import { dayOf, dayWordsOf, untilWords } from '../../words/time.ts';
import { useWords } from '../../words/words.tsx';
import { noReason, useAct } from '../application/useAct.ts';

type DeputiesProps = {
  /** Only those of this person, and the form names one for them. */
  of?: { id: string; name: string; roles: readonly string[] };
  /** The form is shown. */
  may: boolean;
};

export function Deputies({ of, may }: DeputiesProps) {
  const { t } = useWords();
  const { value, error, reload } = useLoad('deputies', listDeputies, 0);
  const items = (value?.items ?? []).filter((d) => !of || d.principal.id === of.id || d.deputy.id === of.id);
  const now = items.filter((d) => d.state === 'active');
  const past = items.filter((d) => d.state !== 'active');
  return (
    <section aria-labelledby="deputies">
      <h2 id="deputies">{t('posts.deputies.now', String(now.length))}</h2>
      {error && !value ? <FailureNotice error={error} retry={() => void reload()} /> : null}
      {value && now.length === 0 ? <p className="empty">{t('posts.deputies.none')}</p> : null}
      {now.length > 0 ? (
        <ul className="rows" data-deputies>
          {now.map((d) => (
            <OneDeputy key={`${d.id} ${d.deputy.id} ${d.rev}`} deputy={d} acted={reload} />
          ))}
        </ul>
      ) : null}
      {may ? <NameDeputy of={of} acted={reload} /> : null}
      {past.length > 0 ? (
        <details>
          <summary>{t('posts.deputies.past', String(past.length))}</summary>
          <ul className="duties">
            {past.map((d) => (
              <li key={`${d.id} ${d.deputy.id} ${d.from}`}>
                <Said1 deputy={d} />
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </section>
  );
}

/** 鈴木 → 山田（課長の役割）令和8年8月1日から令和8年8月31日まで */
function Said1({ deputy: d }: { deputy: Deputy }) {
  const { t, say, lang } = useWords();
  const roles = usePack().value?.roles ?? [];
  const role = roles.find((r) => r.id === d.role);
  return (
    <>
      <p className="row-title">
        {t('posts.deputy.for', d.principal.name, d.deputy.name)} <State of="use" is={d.state} />
      </p>
      <p className="row-text">
        {t('posts.deputy.period', dayWordsOf(dayOf(d.from), lang), untilWords(d.until, lang))}
        <span className="quiet">{role ? say(role.name) : t('posts.deputy.all-roles')}</span>
      </p>
    </>
  );
}

function OneDeputy({ deputy: d, acted }: { deputy: Deputy; acted: () => Promise<void> }) {
  const words = useWords();
  const { t } = words;
  const [reason, setReason] = useState('');
  const act = useAct(acted);
  const field = `end-${d.id}-${d.deputy.id}`;
  const problems = act.error ? [{ ...problemOf(act.error, ['reason'], words), field }] : [];
  const end = () => {
    if (reason.trim()) void act.send(() => endDeputy(d.principal.id, d.deputy.id, reason.trim(), d.rev));
    else act.refuse(noReason('reason'));
  };
  return (
    <li>
      <div className="row-what">
        <Said1 deputy={d} />
        <details>
          <summary>{t('posts.deputy.end')}</summary>
          <ErrorSummary problems={problems} attempt={act.attempt} />
          <ReasonInput field={field} label={t('registers.end.reason')} required phrases={[t('posts.deputy.end.back'), t('posts.deputy.end.other')]} problem={problems[0]?.text} value={reason} onChange={setReason} />
          <p className="acts">
            <button type="button" className="plain" disabled={act.sending} onClick={end}>
              {t('posts.deputy.end')}
            </button>
          </p>
        </details>
      </div>
    </li>
  );
}

const FIELDS = ['principal', 'deputy', 'role', 'from', 'until'] as const;

function NameDeputy({ of, acted }: { of: DeputiesProps['of']; acted: () => Promise<void> }) {
  const words = useWords();
  const { t, say } = words;
  const roles = usePack().value?.roles ?? [];
  const [given, setGiven] = useState<Record<string, string>>({});
  const [named, setNamed] = useState<string | null>(null);
  const act = useAct(async () => {
    setNamed(t('posts.deputy.named'));
    setGiven({});
    await acted();
  });
  const problem = act.error ? problemOf(act.error, FIELDS, words) : null;
  const wrong = (field: string) => (problem?.field === field ? problem.text : undefined);
  const set = (field: string) => (value: string) => {
    setNamed(null);
    setGiven((was) => ({ ...was, [field]: value }));
  };
  const send = (e: FormEvent) => {
    e.preventDefault();
    const missing = (['deputy', 'from', 'until'] as const).find((f) => !given[f]);
    if (missing) return act.refuse({ kind: 'input', key: `posts.deputy.missing.${missing}`, field: missing, args: [] });
    const what = { deputy: given.deputy ?? '', from: given.from ?? '', until: given.until ?? '' };
    void act.send(() => nameDeputy({ ...what, ...(of ? { principal: of.id } : {}), ...(given.role ? { role: given.role } : {}) }));
    return undefined;
  };
  const mine = of ? roles.filter((r) => of.roles.includes(r.id)) : roles;
  return (
    <form className="panel" noValidate onSubmit={send} aria-labelledby="name-deputy">
      <h3 id="name-deputy">{of ? t('posts.deputy.name-for', of.name) : t('posts.deputy.name')}</h3>
      <ErrorSummary problems={problem ? [problem] : []} attempt={act.attempt} />
      <Labelled field="deputy" label={t('posts.deputy.who')} required problem={wrong('deputy')} hints={{ help: t('posts.deputy.who.help') }}>
        {(control) => <PersonPicker control={control} value={given.deputy ?? ''} not={of ? [of.id] : []} onChange={set('deputy')} />}
      </Labelled>
      <Labelled field="from" label={t('posts.deputy.from')} required problem={wrong('from')}>
        {(control) => <DateInput control={control} value={given.from ?? ''} onChange={set('from')} />}
      </Labelled>
      <Labelled field="until" label={t('posts.deputy.until')} required problem={wrong('until')} hints={{ help: t('posts.deputy.until.help') }}>
        {(control) => <DateInput control={control} value={given.until ?? ''} onChange={set('until')} />}
      </Labelled>
      <Labelled field="role" label={t('posts.deputy.role')} required={false} problem={wrong('role')}>
        {(control) => (
          <select {...control} value={given.role ?? ''} onChange={(e) => set('role')(e.target.value)}>
            <option value="">{t('posts.deputy.all-roles')}</option>
            {mine.map((r) => (
              <option key={r.id} value={r.id}>
                {say(r.name)}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      <p className="acts">
        <button type="submit" className="main" disabled={act.sending}>
          {t('posts.deputy.act')}
        </button>
      </p>
      <Said>{named}</Said>
    </form>
  );
}
