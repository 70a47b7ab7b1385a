// EndSheet.tsx - 終了の確認: each item of 8.2(6) with what shows that it was done, and the second person who confirmed the whole sheet once.
import { getApplication, type Application, type Criterion, type Service } from '../../api/client.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Link } from '../../app/router.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { State } from '../../parts/State.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';

export function EndSheet({ service }: { service: Service }) {
  const { t } = useWords();
  const ending = service.applications.find((app) => app.ends && (app.state === 'submitted' || app.state === 'approved'));
  const { value: app, error, reload } = useLoad(ending ? `application ${ending.id}` : null, () => getApplication(ending?.id ?? ''), 0);
  if (!ending) return <p className="quiet">{t('services.end.none')}</p>;
  return (
    <section aria-labelledby="end-sheet">
      <h3 id="end-sheet">{t('services.end')}</h3>
      <p>
        <Link href={`/applications/${ending.id}`}>{ending.number}</Link> <State of="application" is={ending.state} />
      </p>
      {error && !app ? <FailureNotice error={error} retry={() => void reload()} /> : null}
      {app ? <Items app={app} /> : null}
    </section>
  );
}

function Items({ app }: { app: Application }) {
  const { t, say } = useWords();
  const settled = app.criteria.filter((c) => c.settled && c.result).length;
  const second = app.steps.filter((s) => s.kind === 'confirm').at(-1);
  return (
    <>
      <p role="status">{t('services.end.count', String(settled), String(app.criteria.length))}</p>
      <ol className="criteria">
        {app.criteria.map((c) => (
          <Item key={c.id} item={c} />
        ))}
      </ol>
      {second ? (
        <p className="separation">
          <State of="step" is={second.state === 'approved' ? 'confirmed' : second.active ? 'active' : second.state} />
          {second.state === 'approved' ? t('services.end.second', say(second.title), second.decider ?? '') : t('services.end.waits', say(second.title))}
          {second.decided_at ? <When at={second.decided_at} /> : null}
        </p>
      ) : null}
    </>
  );
}

function Item({ item: c }: { item: Criterion }) {
  const { t, say } = useWords();
  return (
    <li>
      <p className="criterion-head">
        <State of="criterion" is={c.result ?? 'open'} />
        {c.judged_by ? <span className="quiet">{c.judged_by}</span> : null}
        {c.judged_at ? <When at={c.judged_at} as="short" /> : null}
      </p>
      <p>{say(c.text)}</p>
      {c.document ? <p className="lines">{t('services.end.document', c.document)}</p> : null}
      {c.reason ? <p className="step-reason lines">{c.reason}</p> : null}
      {!c.document && c.result && c.result !== 'not-applicable' ? <p className="quiet">{t('services.end.no-document')}</p> : null}
    </li>
  );
}
