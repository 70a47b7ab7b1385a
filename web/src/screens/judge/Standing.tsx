// Standing.tsx - the fixed summary beside the lines: class, countries, musts that fail, lines that are left, four hands, what is attached.
import { getForm, type Application, type Criterion } from '../../api/client.ts';
import { filePath, listFiles } from '../../api/registers.ts';
import { useLoad } from '../../api/useLoad.ts';
import { usePack } from '../../api/useShared.ts';
import { AnswerText } from '../../parts/AnswerText.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { Levels } from '../../parts/Levels.tsx';
import { useWords } from '../../words/words.tsx';
import { SheetAnswers } from '../application/Sheets.tsx';
import { KeptSheets } from './KeptSheets.tsx';
import { BINDING, resultOf } from './line.ts';
import type { Typed } from './draft.ts';

type StandingProps = { app: Application; mine: readonly Criterion[]; typed: Typed };

export function Standing({ app, mine, typed }: StandingProps) {
  const { t, say } = useWords();
  const files = useLoad(`files application:${app.id}`, () => listFiles(`application:${app.id}`), 0).value?.items.filter((f) => f.state === 'kept') ?? [];
  const classes = (usePack().value?.axes ?? []).filter((axis) => axis.kind === 'class').map((axis) => axis.id);
  const ratings = app.ratings.filter((r) => classes.includes(r.axis));
  const left = mine.filter((c) => !resultOf(c, typed[c.id])).length;
  const failing = mine.filter((c) => BINDING.has(c.strength) && resultOf(c, typed[c.id]) === 'unmet');
  return (
    <aside className="standing panel" aria-labelledby="standing">
      <h2 id="standing">{t('judge.standing')}</h2>
      <dl>
        {ratings.length > 0 ? (
          <div>
            <dt>{t('services.column.class')}</dt>
            <dd>
              <Levels of={ratings.map((r) => (r.level_name ? say(r.level_name) : r.level))} />
            </dd>
          </div>
        ) : null}
        <Countries app={app} />
        <div>
          <dt>{t('judge.failing')}</dt>
          <dd className={failing.length > 0 ? 'near past' : undefined}>
            {failing.length > 0 ? <Icon name="warn" /> : null}
            {t('judge.lines', String(failing.length))}
          </dd>
        </div>
        <div>
          <dt>{t('judge.left')}</dt>
          <dd>
            <span role="status">{t('judge.left.of', String(left), String(mine.length))}</span>
          </dd>
        </div>
      </dl>
      <p className="separation">
        <Icon name="ok" />
        {app.drafter ? t('decide.separation.drafter', app.applicant.name, app.drafter.name) : t('decide.separation', app.applicant.name)}
      </p>
      {app.previous ? <p className="quiet">{t('judge.before', app.previous.number)}</p> : null}
      {app.sheets
        .filter((s) => s.filled)
        .map((s) => (
          <SheetAnswers key={s.id} sheet={s} named />
        ))}
      <KeptSheets app={app} />
      {files.length > 0 ? (
        <details>
          <summary>{t('judge.files', String(files.length))}</summary>
          <ul>
            {files.map((f) => (
              <li key={f.id}>
                <a href={filePath(f.id)} download>
                  {f.name}
                </a>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
      <p className="quiet">{t('judge.keys')}</p>
    </aside>
  );
}

/** Where the data are and who may reach them, by the provider's own answers. */
function Countries({ app }: { app: Application }) {
  const { say } = useWords();
  const sheet = app.sheets.find((s) => s.hand === 'provider' && s.filled);
  const form = useLoad(sheet ? `form ${sheet.id}` : null, () => getForm(sheet?.id ?? ''), 0).value;
  const fields = form?.fields.filter((f) => f.type === 'country' || f.type === 'countries') ?? [];
  return fields.map((field) => {
    const value = sheet?.answers.find((a) => a.field === field.id)?.value;
    return value ? (
      <div key={field.id}>
        <dt>{say(field.label)}</dt>
        <dd>
          <AnswerText field={field} value={value} />
        </dd>
      </div>
    ) : null;
  });
}
