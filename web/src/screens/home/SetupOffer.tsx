// SetupOffer.tsx - while the rules are the base ones, whoever keeps them is shown where to begin.
import { getSetup } from '../../api/setup.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Link } from '../../app/router.tsx';
import { useWords } from '../../words/words.tsx';

export function SetupOffer() {
  const { t } = useWords();
  const { value } = useLoad('setup', getSetup, 0);
  if (!value?.offered) return null;
  return (
    <section className="panel" aria-labelledby="home-setup">
      <h2 id="home-setup">{t('setup.title')}</h2>
      <p>{t('setup.offer')}</p>
      <p className="acts">
        <Link href="/setup" className="button plain">
          {t('setup.offer.act')}
        </Link>
      </p>
    </section>
  );
}
