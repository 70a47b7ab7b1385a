// CriterionInput.tsx - one criterion: its demand, the results that it may have, and what the chosen one asks for.
import type { Criterion } from '../../api/client.ts';
import { Clauses } from '../../parts/Clauses.tsx';
import { DateInput } from '../../parts/DateInput.tsx';
import type { Problem } from '../../parts/ErrorSummary.tsx';
import { Labelled } from '../../parts/Labelled.tsx';
import { State } from '../../parts/State.tsx';
import { useWords } from '../../words/words.tsx';
import { isChanged, neededOf, RESULTS, textIn, type Before, type Line, type TextKey } from './line.ts';

const ANSWERS = ['answered', 'public', 'none'] as const;

type CriterionInputProps = {
  place: string;
  criterion: Criterion;
  line: Line;
  before: Before | undefined;
  phrases: readonly { use: string; text: string }[];
  problems: readonly Problem[];
  onChange: (criterion: string, change: Line) => void;
};

export function CriterionInput({ place, criterion: c, line, before, phrases, problems, onChange }: CriterionInputProps) {
  const { t, say, tOf } = useWords();
  const results = RESULTS.filter((r) => !(r === 'not-applicable' && c.needs.includes('always')) && !(r === 'exception' && !c.exception));
  const result = line.result ?? c.result;
  const needed = neededOf(c, line);
  const problemAt = (field: string) => problems.find((p) => p.field === field)?.text;
  const input = (key: TextKey) => (
    <Labelled key={key} field={`${c.id}-${key}`} label={t(`criteria.${key}`)} required={needed.includes(key)} problem={problemAt(`${c.id}-${key}`) && t('apply.missing.text', t(`criteria.${key}`))}>
      {(control) =>
        key === 'said_on' ? (
          <DateInput control={control} value={textIn(c, line, key)} onChange={(text) => onChange(c.id, { [key]: text })} />
        ) : (
          <>
            <textarea
              {...control}
              rows={key === 'article' || key === 'document' ? 1 : 2}
              value={textIn(c, line, key)}
              onChange={(e) => onChange(c.id, { [key]: e.target.value })}
            />
            {key === 'reason' ? <Phrases all={phrases.filter((p) => p.use === result)} onPick={(reason) => onChange(c.id, { reason })} /> : null}
          </>
        )
      }
    </Labelled>
  );
  return (
    <section className="criterion-input" aria-label={`${place} ${say(c.text)}`}>
      <p className="criterion-head">
        <span className="quiet">{place}</span>
        <span className="strength">{tOf('strength', c.strength.toLowerCase())}</span>
        <State of="criterion" is={result ?? 'open'} />
        {before && isChanged(c, line, before) ? <span className="hold changed">{t('judge.changed')}</span> : null}
      </p>
      <Shown criterion={c} before={before} />
      <Labelled
        field={c.id}
        label={say(c.text)}
        required={null}
        problem={problemAt(c.id)}
        group
        hints={{ help: c.help && say(c.help) }}
      >
        {(control) => (
          <div className="choices inline">
            {results.map((r, n) => {
              const id = n === 0 ? control.id : `${control.id}-${r}`;
              return (
                <div key={r} className="choice">
                  <input id={id} type="radio" name={c.id} checked={result === r} onChange={() => onChange(c.id, { result: r })} />
                  <label htmlFor={id}>{t(`state.criterion.${r}`)}</label>
                </div>
              );
            })}
          </div>
        )}
      </Labelled>
      <Clauses clauses={c.clauses} />
      {result ? (
        <>
          {needed.map(input)}
          <details>
            <summary>{t(c.asked === 'provider' ? 'criteria.more.provider' : 'criteria.more')}</summary>
            {c.ask ? <p className="quiet">{t('criteria.ask', say(c.ask))}</p> : null}
            {c.specification ? <p className="quiet">{t('criteria.specification', say(c.specification))}</p> : null}
            {c.asked === 'provider' ? <Said criterion={c} line={line} onChange={onChange} /> : null}
            {([...(c.asked === 'provider' ? (['said', 'said_on'] as const) : []), 'article', 'document', 'reason'] as const)
              .filter((key) => !needed.includes(key))
              .map(input)}
          </details>
        </>
      ) : null}
    </section>
  );
}

/** How the provider answered: to us, by what is public, or not at all. */
function Said({ criterion: c, line, onChange }: Pick<CriterionInputProps, 'criterion' | 'line' | 'onChange'>) {
  const { t } = useWords();
  return (
    <Labelled field={`${c.id}-answer`} label={t('criteria.answer')} required={false} group>
      {(control) => (
        <div className="choices inline">
          {ANSWERS.map((a, n) => {
            const id = n === 0 ? control.id : `${control.id}-${a}`;
            return (
              <div key={a} className="choice">
                <input id={id} type="radio" name={`${c.id}-answer`} checked={(line.answer ?? c.answer) === a} onChange={() => onChange(c.id, { answer: a })} />
                <label htmlFor={id}>{t(`criteria.answer.${a}`)}</label>
              </div>
            );
          })}
        </div>
      )}
    </Labelled>
  );
}

/** What the provider said and what shows it, before the judge says what it is worth; and how it was judged last time. */
function Shown({ criterion: c, before }: { criterion: Criterion; before: Before | undefined }) {
  const { t } = useWords();
  const said = [c.said, c.said_on, c.answer ? t(`criteria.answer.${c.answer}`) : ''].filter(Boolean).join('・');
  const facts = [
    [t('criteria.said'), said],
    [t('criteria.article'), c.article],
    [t('criteria.document'), c.document],
    [t('judge.last-time'), before ? [before.result ? t(`state.criterion.${before.result}`) : '', before.reason, before.article, before.document].filter(Boolean).join('・') : ''],
  ].filter(([, value]) => value);
  if (facts.length === 0) return null;
  return (
    <dl className="criterion-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="lines">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Phrases({ all, onPick }: { all: readonly { text: string }[]; onPick: (text: string) => void }) {
  const { t } = useWords();
  if (all.length === 0) return null;
  return (
    <div className="phrases" role="group" aria-label={t('reason.phrases')}>
      {all.map((p) => (
        <button key={p.text} type="button" className="chip" onClick={() => onPick(p.text)}>
          {p.text}
        </button>
      ))}
    </div>
  );
}
