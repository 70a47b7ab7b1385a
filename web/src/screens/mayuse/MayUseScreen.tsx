// MayUseScreen.tsx - 「このサービス、使っていい？」: one line a service: may I, up to which information, why, and what to do next.
import { mayUse, type MayLine } from '../../api/home.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Link, usePlace } from '../../app/router.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { State } from '../../parts/State.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';
import { AskForm } from './AskForm.tsx';

export function MayUseScreen() {
  const { t } = useWords();
  const q = usePlace().searchParams.get('q')?.trim() ?? '';
  const { value, error, reload } = useLoad(q ? `may ${q}` : null, () => mayUse(q), 0);
  return (
    <Page title={t('may.title')}>
      <AskForm key={q} q={q} />
      {q && error ? <FailureNotice error={error} retry={() => void reload()} /> : null}
      {q && !value && !error ? <p className="loading">{t('page.loading')}</p> : null}
      {value ? (
        <section aria-labelledby="may-answers">
          <h2 id="may-answers">{t('may.answers', value.q, value.section)}</h2>
          <ul className="rows may-lines" role="status">
            {value.items.map((line, i) => (
              <Answer key={line.service ?? `typed ${i}`} line={line} />
            ))}
          </ul>
          {value.more ? <p className="quiet">{t('may.more')}</p> : null}
        </section>
      ) : null}
      <p className="after">
        <Link href="/services">{t('may.all')}</Link>
      </p>
    </Page>
  );
}

function Answer({ line }: { line: MayLine }) {
  const { t, tOf } = useWords();
  return (
    <li data-answer={line.answer}>
      <div className="row-what">
        <p className="row-title">
          <State of="may" is={line.answer} />
          <span>{line.name}</span>
          {line.provider ? <span className="quiet">{line.provider}</span> : null}
        </p>
        {line.answer === 'yes' || line.answer === 'add' ? <Limits line={line} /> : null}
        <p className="row-text">
          {tOf('may.why', line.why)}
          {line.reason ? <span className="lines">{line.reason}</span> : null}
        </p>
        {line.manager ? <p className="quiet row-text">{t('may.manager', line.manager.name)}</p> : null}
      </div>
      {line.forms.length > 0 ? <Forms line={line} /> : null}
      <p className="may-next">
        {line.forms.length === 0 && (line.answer === 'add' || line.answer === 'apply') ? <span className="quiet">{t('may.next.ask')}</span> : null}
        {line.service ? <Link href={`/services/${line.service}`}>{t('may.next.read')}</Link> : null}
        {line.application ? <Link href={`/applications/${line.application}`}>{line.number}</Link> : null}
      </p>
    </li>
  );
}

/** The next step: the one form, or which of them. */
function Forms({ line }: { line: MayLine }) {
  const { t, say } = useWords();
  return (
    <div className="may-forms">
      <p className="row-text">{t(line.forms.length > 1 ? 'may.next.forms' : 'may.next.form')}</p>
      <ul>
        {line.forms.map((form) => (
          <li key={form.id}>
            <Link href={`/apply/${form.id}?${answered(line)}`}>{say(form.title)}</Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What the form need not ask again: the service that was found, or the name that was typed. */
const answered = (line: MayLine) =>
  new URLSearchParams(line.answer === 'add' && line.service ? { ext_service: line.service } : { service_name: line.name, ...(line.provider ? { provider_name: line.provider } : {}) });

/** Up to which information, until when, under what. */
function Limits({ line }: { line: MayLine }) {
  const { t, say } = useWords();
  return (
    <>
      <p className="row-text may-limit">
        <strong>{line.for_class ? t('may.class', say(line.for_class.label)) : t('may.class.none')}</strong>
        {line.until ? (
          <span>
            <When at={line.until} as="until" /> {t('may.until')}
          </span>
        ) : null}
      </p>
      {line.restrictions.length > 0 ? <p className="row-text">{t('may.restrictions', line.restrictions.map((r) => `${say(r.name)}：${say(r.label)}`).join('、'))}</p> : null}
      {line.conditions.map((condition) => (
        <p key={condition} className="row-text lines">
          {t('may.condition', condition)}
        </p>
      ))}
    </>
  );
}
