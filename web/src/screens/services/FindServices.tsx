// FindServices.tsx - words, state, class and section; choosing shows at once, and the address can be kept.
import { useState, type FormEvent } from 'react';
import { listRows, type Filter } from '../../api/registers.ts';
import { useLoad } from '../../api/useLoad.ts';
import { go } from '../../app/router.tsx';
import { useWords } from '../../words/words.tsx';

export const FILTERS = ['q', 'state', 'class', 'section'] as const;
const STATES = ['approved', 'transitional', 'suspended', 'closed'] as const;
const CLASSES = ['conf2plus', 'below'] as const;

function pathOf(filter: Filter): string {
  const query = new URLSearchParams();
  for (const name of FILTERS) {
    const value = filter[name]?.trim();
    if (value) query.set(name, value);
  }
  const text = query.toString();
  return text ? `/services?${text}` : '/services';
}

export function FindServices({ filter }: { filter: Filter }) {
  const { t } = useWords();
  const [q, setQ] = useState(filter.q ?? '');
  const [section, setSection] = useState(filter.section ?? '');
  const [shown, setShown] = useState(filter);
  // Back, or a link with a filter of its own. Drawing the form anew would take the focus from who just chose.
  if (shown.q !== filter.q || shown.section !== filter.section) {
    setShown(filter);
    setQ(filter.q ?? '');
    setSection(filter.section ?? '');
  }
  const sections = useLoad('sections', () => listRows('section', {}), 0).value?.items ?? [];
  const show = (change: Filter) => go(pathOf({ ...filter, q, section, ...change }));
  const find = (e: FormEvent) => {
    e.preventDefault();
    show({});
  };
  return (
    <form className="find" role="search" onSubmit={find}>
      <p>
        <label htmlFor="services-q">{t('services.find')}</label>
        <input id="services-q" type="search" value={q} onChange={(e) => setQ(e.target.value)} />
      </p>
      <p>
        <label htmlFor="services-state">{t('services.column.state')}</label>
        <select id="services-state" value={filter.state ?? ''} onChange={(e) => show({ state: e.target.value })}>
          <option value="">{t('services.any')}</option>
          {STATES.map((s) => (
            <option key={s} value={s}>
              {t(`state.service.${s}`)}
            </option>
          ))}
        </select>
      </p>
      <p>
        <label htmlFor="services-class">{t('services.column.class')}</label>
        <select id="services-class" value={filter.class ?? ''} onChange={(e) => show({ class: e.target.value })}>
          <option value="">{t('services.any')}</option>
          {CLASSES.map((c) => (
            <option key={c} value={c}>
              {t(`services.${c}`)}
            </option>
          ))}
        </select>
      </p>
      <p>
        <label htmlFor="services-section">{t('services.column.section')}</label>
        <input id="services-section" type="text" list="services-sections" value={section} onChange={(e) => setSection(e.target.value)} />
        <datalist id="services-sections">
          {sections.map((row) => (
            <option key={row.id} value={row.cells.name?.text ?? ''} />
          ))}
        </datalist>
      </p>
      <p className="acts">
        <button type="submit" className="plain">
          {t('registers.find.act')}
        </button>
      </p>
    </form>
  );
}
