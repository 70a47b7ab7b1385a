// Outline.tsx - what, who, until when; in large letters, before anything else.
import type { Application } from '../../api/client.ts';
import { State } from '../../parts/State.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';
import type { Gist } from './gist.ts';

export function Outline({ app, gist, deciding }: { app: Application; gist: Gist; /** The stage is theirs: it need not be named. */ deciding: boolean }) {
  const { t, say } = useWords();
  // A permit that ended early is said here too: the date alone would promise what no gate lets through.
  const over = app.permit && !['waiting', 'active'].includes(app.permit.state) ? app.permit.state : null;
  return (
    <dl className="outline">
      <div>
        <dt>{t('outline.what')}</dt>
        <dd>
          {gist.what || <span className="quiet">{t('answers.erased')}</span>}
          {gist.mac && gist.mac !== gist.what ? <span className="mac second">{gist.mac}</span> : null}
        </dd>
      </div>
      <div>
        <dt>{t('outline.who')}</dt>
        <dd>
          {app.applicant.name}
          <span className="second">{app.applicant.section}</span>
        </dd>
      </div>
      <div>
        <dt>{t('outline.until')}</dt>
        <dd>
          {gist.until ? <When at={gist.until} as="until" /> : app.outline.until ? t('outline.until-day', say(app.outline.until)) : t('outline.no-end')}
          {over ? (
            <span className="second">
              <State of="permit" is={over} />
            </span>
          ) : null}
        </dd>
      </div>
      {deciding || app.steps.length === 0 ? null : (
        <div>
          <dt>{t('outline.now')}</dt>
          <dd>
            <Stage app={app} />
          </dd>
        </div>
      )}
    </dl>
  );
}

/** Whose turn it is; of an application that is over, how it ended. */
function Stage({ app }: { app: Application }) {
  const { say } = useWords();
  const active = app.steps.filter((s) => s.active);
  if (app.state !== 'submitted' || active.length === 0) return <State of="application" is={app.state} />;
  return active.map((s) => (
    <span key={s.id} className="stage">
      {say(s.title)}
      <span className="second">{s.role_name ? say(s.role_name) : s.role}</span>
    </span>
  ));
}
