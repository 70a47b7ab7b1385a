// Outline.tsx - what, who, until when; in large letters, before anything else.
import type { Application } from '../../api/client.ts';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';
import type { Gist } from './gist.ts';

export function Outline({ app, gist }: { app: Application; gist: Gist }) {
  const { t } = useWords();
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
        <dd>{gist.until ? <When at={gist.until} as="until" /> : t('outline.no-end')}</dd>
      </div>
    </dl>
  );
}
