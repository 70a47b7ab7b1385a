// ServiceScreen.tsx - one service of the register: may I use it, what falls due, who uses it, who works for it, what is enforced, what happened.
import type { Service } from '../../api/client.ts';
import { getService } from '../../api/services.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Link } from '../../app/router.tsx';
import { ExceptionList } from '../../parts/ExceptionList.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { Papers } from '../../parts/Papers.tsx';
import { State } from '../../parts/State.tsx';
import { useWords } from '../../words/words.tsx';
import { Files } from '../registers/Files.tsx';
import { AnswerSheets } from './AnswerSheets.tsx';
import { Chain } from './Chain.tsx';
import { Enforced } from './Enforced.tsx';
import { EndSheet } from './EndSheet.tsx';
import { Events } from './Events.tsx';
import { Hanging } from './Hanging.tsx';
import { Overview } from './Overview.tsx';
import { Applications, Duties, Kept, Sections } from './Parts.tsx';
import { Stop } from './Stop.tsx';

const PARTS = ['overview', 'uses', 'chain', 'certificates', 'contracts', 'evidence'] as const;

export function ServiceScreen({ id }: { id: string }) {
  const { t } = useWords();
  const { value: service, error, reload } = useLoad(`service ${id}`, () => getService(id), 0);
  if (!service) {
    if (!error) return <p className="loading">{t('page.loading')}</p>;
    return (
      <Page title={t('services.title')} failed>
        <FailureNotice error={error} retry={() => void reload()} />
      </Page>
    );
  }
  return (
    <Page title={service.name} over={<Over service={service} />} wide>
      <nav aria-label={t('services.parts')}>
        <ul className="tabs">
          {PARTS.map((part) => (
            <li key={part}>
              <a href={`#part-${part}`}>{t(`services.part.${part}`)}</a>
            </li>
          ))}
        </ul>
      </nav>
      <Part name="overview">
        <Overview service={service} />
        <Enforced service={service} />
        <Duties service={service} />
        <ExceptionList exceptions={service.exceptions} />
      </Part>
      <Part name="uses">
        <Sections service={service} />
      </Part>
      <Part name="chain">
        <Chain service={service} />
        <AnswerSheets service={service} />
      </Part>
      <Part name="certificates">
        <Hanging register="certificate" of={service.id} />
      </Part>
      <Part name="contracts">
        <Hanging register="contract" of={service.id} />
        <EndSheet service={service} />
      </Part>
      <Part name="evidence">
        <Applications service={service} />
        <Events service={service} />
        <Kept id={service.id} />
        <Files about={`service:${service.id}`} />
        <Papers about={`service:${service.id}`} />
      </Part>
      <Stop service={service} acted={reload} />
    </Page>
  );
}

function Over({ service }: { service: Service }) {
  const { t } = useWords();
  return (
    <>
      <Link href="/services">{t('services.back')}</Link>
      <State of="service" is={service.state} />
    </>
  );
}

function Part({ name, children }: { name: (typeof PARTS)[number]; children: React.ReactNode }) {
  const { t } = useWords();
  return (
    <section className="part" aria-labelledby={`part-${name}`}>
      <h2 id={`part-${name}`} tabIndex={-1}>
        {t(`services.part.${name}`)}
      </h2>
      {children}
    </section>
  );
}
