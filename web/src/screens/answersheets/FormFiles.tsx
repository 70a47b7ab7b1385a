// FormFiles.tsx - the form as a file to send: empty, and with the last answers in it, to be confirmed or brought up to date.
import { formPath, type SheetLine } from '../../api/asheets.ts';
import { typedDate } from '../../words/time.ts';
import { useWords } from '../../words/words.tsx';

type FormFilesProps = { form: string; /** A form with tables is more than one sheet: no CSV. */ csv: boolean; last: SheetLine | undefined };

export function FormFiles({ form, csv, last }: FormFilesProps) {
  const { t, lang } = useWords();
  return (
    <ul className="register-acts">
      <li>
        <a href={formPath(form, 'xlsx')} download>
          {t('asheet.out.xlsx')}
        </a>
      </li>
      {csv ? (
        <li>
          <a href={formPath(form, 'csv')} download>
            {t('asheet.out.csv')}
          </a>
        </li>
      ) : null}
      {last ? (
        <li>
          <a href={formPath(form, 'xlsx', last.id)} download>
            {t('asheet.out.last', typedDate(last.answered_on ?? '', lang))}
          </a>
        </li>
      ) : null}
    </ul>
  );
}
