// ErasuresScreen.tsx - 保存期間: what is kept until when, and its end by two people. What is erased does not come back.
import { useState, type FormEvent } from 'react';
import { askErasure, confirmErasure, listErasures, refuseErasure, type Erasure, type Erasures, type RetentionUnit } from '../../api/custody.ts';
import { useLoad } from '../../api/useLoad.ts';
import { ErrorSummary } from '../../parts/ErrorSummary.tsx';
import { problemOf } from '../../parts/failure.ts';
import { Said } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { ReasonInput } from '../../parts/ReasonInput.tsx';
import { State } from '../../parts/State.tsx';
import { Waiting } from '../../parts/Waiting.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';
import { useSend } from './useSend.ts';

type Act = ReturnType<typeof useSend>;

export function ErasuresScreen() {
  const { t } = useWords();
  const { value, error, reload } = useLoad('erasures', listErasures, 0);
  if (!value) return <Waiting title={t('erasures.title')} error={error} retry={reload} />;
  return <Loaded list={value} reload={reload} />;
}

function Loaded({ list, reload }: { list: Erasures; reload: () => Promise<void> }) {
  const words = useWords();
  const { t } = words;
  const act = useSend(reload);
  const due = list.units.filter((unit) => unit.is_due && !unit.proposed);
  return (
    <Page title={t('erasures.title')}>
      <p className="lead">{t('erasures.lead')}</p>
      <ErrorSummary problems={act.error && act.error.field !== 'reason' ? [problemOf(act.error, [], words)] : []} attempt={act.attempt} />
      <Said>{act.said || null}</Said>
      {list.proposals.length > 0 ? (
        <section aria-labelledby="proposals">
          <h2 id="proposals">{t('erasures.proposals')}</h2>
          <ul className="duties">
            {list.proposals.map((one) => (
              <Proposal key={one.id} one={one} act={act} />
            ))}
          </ul>
        </section>
      ) : null}
      {list.may_ask && due.length > 0 ? <Ask due={due} act={act} /> : null}
      <section aria-labelledby="units">
        <h2 id="units">{t('erasures.units')}</h2>
        {list.units.length === 0 ? <p className="empty">{t('erasures.units.none')}</p> : <Units units={list.units} />}
      </section>
    </Page>
  );
}

function useUnitName() {
  const { t, tOf } = useWords();
  return (unit: string) => {
    const at = unit.lastIndexOf('-');
    return at > 0 ? t('erasures.unit', tOf('retention', unit.slice(0, at)), unit.slice(at + 1)) : unit;
  };
}

function Units({ units }: { units: readonly RetentionUnit[] }) {
  const { t, tOf } = useWords();
  return (
    <table className="list" aria-label={t('erasures.units')}>
      <thead>
        <tr>
          <th scope="col">{t('erasures.kind')}</th>
          <th scope="col">{t('erasures.year')}</th>
          <th scope="col">{t('erasures.years')}</th>
          <th scope="col">{t('erasures.due')}</th>
          <th scope="col">{t('erasures.texts')}</th>
        </tr>
      </thead>
      <tbody>
        {units.map((unit) => (
          <tr key={unit.unit} data-unit={unit.unit}>
            <th scope="row">{tOf('retention', unit.kind)}</th>
            <td data-label={t('erasures.year')}>{unit.year ? t('erasures.year.of', String(unit.year)) : ''}</td>
            <td data-label={t('erasures.years')}>{unit.years ? t('erasures.years.of', String(unit.years)) : ''}</td>
            <td data-label={t('erasures.due')}>
              <div>
                <When at={unit.due} />
                {unit.is_due ? <span className="second">{unit.proposed ? t('erasures.is-proposed') : t('erasures.is-due')}</span> : null}
              </div>
            </td>
            <td data-label={t('erasures.texts')}>{String(unit.texts)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Proposal({ one, act }: { one: Erasure; act: Act }) {
  const { t } = useWords();
  const name = useUnitName();
  const [why, setWhy] = useState('');
  return (
    <li data-erasure={one.id}>
      {one.units.map((unit) => (
        <span key={unit.unit} className="sheet-state">
          <strong>{name(unit.unit)}</strong>
          <State of="erasure" is={unit.state} />
          <span className="second">{t('erasures.holds', String(unit.texts), String(unit.files), String(unit.renewed))}</span>
        </span>
      ))}
      <span className="sheet-state">
        {one.asked_by ? <span>{t('reset.asked-by', one.asked_by.name)}</span> : null}
        {one.asked_at ? <When at={one.asked_at} as="short" /> : null}
        {one.decided_by ? <span>{t('reset.done-by', one.decided_by.name)}</span> : null}
        {one.decided_at ? <When at={one.decided_at} as="short" /> : null}
      </span>
      {one.reason ? <span className="second lines">{one.reason}</span> : null}
      {one.answer ? <span className="second lines">{one.answer}</span> : null}
      {one.may_confirm ? (
        <details>
          <summary>{t('erasures.confirm')}</summary>
          <p>{t('erasures.confirm.help')}</p>
          <p className="acts">
            <button type="button" className="danger" disabled={act.sending} onClick={() => void act.send(() => confirmErasure(one.id), () => t('erasures.confirmed'))}>
              {t('erasures.confirm.act')}
            </button>
          </p>
        </details>
      ) : null}
      {one.may_refuse ? (
        <details>
          <summary>{t('erasures.refuse')}</summary>
          <ReasonInput field={`why-${one.id}`} label={t('erasures.refuse.why')} required phrases={[t('erasures.refuse.phrase')]} value={why} onChange={setWhy} />
          <p className="acts">
            <button type="button" className="plain" disabled={act.sending || !why.trim()} onClick={() => void act.send(() => refuseErasure(one.id, why.trim()), () => t('erasures.refused'))}>
              {t('erasures.refuse.act')}
            </button>
          </p>
        </details>
      ) : null}
    </li>
  );
}

function Ask({ due, act }: { due: readonly RetentionUnit[]; act: Act }) {
  const words = useWords();
  const { t } = words;
  const name = useUnitName();
  const [chosen, setChosen] = useState<readonly string[]>(due.map((unit) => unit.unit));
  const [reason, setReason] = useState('');
  const send = async (e: FormEvent) => {
    e.preventDefault();
    if (!reason.trim()) return void act.refuse({ kind: 'input', key: 'common.reason.missing', field: 'reason', args: [] });
    if (await act.send(() => askErasure(chosen, reason.trim()), () => t('erasures.asked'))) setReason('');
  };
  const problem = act.error?.field === 'reason' ? problemOf(act.error, ['reason'], words) : null;
  return (
    <section className="panel" aria-labelledby="erasures-ask">
      <h2 id="erasures-ask">{t('erasures.ask')}</h2>
      <ErrorSummary problems={problem ? [problem] : []} attempt={act.attempt} />
      <form noValidate onSubmit={(e) => void send(e)}>
        <fieldset>
          <legend>{t('erasures.which')}</legend>
          {due.map((unit) => (
            <label key={unit.unit} className="check">
              <input
                type="checkbox"
                checked={chosen.includes(unit.unit)}
                onChange={(e) => setChosen(e.target.checked ? [...chosen, unit.unit] : chosen.filter((u) => u !== unit.unit))}
              />{' '}
              {name(unit.unit)}　<span className="second">{t('erasures.counts', String(unit.texts), String(unit.files))}</span>
            </label>
          ))}
        </fieldset>
        <ReasonInput field="reason" label={t('erasures.reason')} required phrases={[t('erasures.reason.phrase')]} problem={problem?.text} value={reason} onChange={setReason} />
        <p className="acts">
          <button type="submit" className="main" disabled={act.sending || chosen.length === 0}>
            {t('reset.ask.send')}
          </button>
        </p>
      </form>
    </section>
  );
}
