// Hanging.tsx - the rows of another register that hang on this service, and the way to that register.
import { listRows } from '../../api/registers.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Link } from '../../app/router.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { useWords } from '../../words/words.tsx';
import { RowTable } from '../registers/RowTable.tsx';
import { useRegister } from '../registers/useRegister.ts';

export function Hanging({ register: name, of }: { register: string; of: string }) {
  const { t, say } = useWords();
  const { register } = useRegister(name);
  const { value, error, reload } = useLoad(register ? `hanging ${name} ${of}` : null, () => listRows(name, { of }), 0);
  if (register === undefined) return <p className="quiet">{t('services.hanging.hidden')}</p>;
  if (error && !value) return <FailureNotice error={error} retry={() => void reload()} />;
  if (!register || !value) return <p className="loading">{t('page.loading')}</p>;
  return (
    <>
      {value.items.length > 0 ? <RowTable register={register} rows={value.items} /> : <p className="empty">{t('services.hanging.none', say(register.caption))}</p>}
      <p>
        <Link href={`/registers/${name}?of=${of}`}>{t('services.hanging.to', say(register.caption))}</Link>
      </p>
    </>
  );
}
