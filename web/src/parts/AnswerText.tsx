// AnswerText.tsx - an answer as people read it, whatever its type.
import { getApplication, type Field } from '../api/client.ts';
import { sharedServices, usePack, usePeople } from '../api/useShared.ts';
import { useLoad } from '../api/useLoad.ts';
import { Link } from '../app/router.tsx';
import { rowsOf } from '../screens/apply/draft.ts';
import { typedDate } from '../words/time.ts';
import { useWords } from '../words/words.tsx';
import { When } from './When.tsx';

type AnswerTextProps = { field: Field | undefined; value: string };

export function AnswerText({ field, value }: AnswerTextProps) {
  const { t, say, lang } = useWords();
  if (!value) return <span className="quiet">{t('field.unanswered')}</span>;
  const label = (id: string) => {
    const choice = field?.choices?.find((c) => c.id === id);
    return choice ? say(choice.label) : id;
  };
  switch (field?.type) {
    case 'moment':
      return <When at={value} as="until" />;
    case 'mac':
      return <span className="mac">{value}</span>;
    case 'choice':
      return label(value);
    case 'choices':
      return <span className="lines">{value.split(' ').map(label).join('\n')}</span>;
    case 'yes-no':
      return t(value === 'true' ? 'field.yes' : 'field.no');
    case 'pledge':
      return t('field.pledge');
    case 'date':
      return typedDate(value, lang) || value;
    case 'country':
    case 'countries':
      return <Countries ids={value.split(' ')} />;
    case 'person':
      return <Person id={value} />;
    case 'service':
      return <Service id={value} />;
    case 'application':
      return <OtherApplication id={value} />;
    case 'table':
      return <Rows field={field} value={value} />;
    default:
      return <span className="lines">{value}</span>;
  }
}

function Countries({ ids }: { ids: string[] }) {
  const { say } = useWords();
  const { value } = usePack();
  const name = (id: string) => {
    const country = value?.countries.find((c) => c.id === id);
    return country ? say(country.name) : id;
  };
  return ids.map(name).join('、');
}

function Person({ id }: { id: string }) {
  const { value } = usePeople();
  const person = value?.find((p) => p.id === id);
  return person ? `${person.name}（${person.section}）` : id;
}

function Service({ id }: { id: string }) {
  const { value } = useLoad('services', sharedServices, 0);
  return <Link href={`/services/${id}`}>{value?.find((s) => s.id === id)?.name ?? id}</Link>;
}

function OtherApplication({ id }: { id: string }) {
  const { say } = useWords();
  const { value } = useLoad(`application ${id}`, () => getApplication(id), 0);
  return value ? <Link href={`/applications/${id}`}>{`${value.number} ${say(value.title)}`}</Link> : id;
}

function Rows({ field, value }: { field: Field; value: string }) {
  const { say } = useWords();
  return (
    <ol className="answer-rows">
      {rowsOf(value).map((row, n) => (
        // A row has no identity but its place.
        <li key={n}>
          <dl>
            {(field.columns ?? [])
              .filter((column) => row[column.id])
              .map((column) => (
                <div key={column.id}>
                  <dt>{say(column.label)}</dt>
                  <dd>
                    <AnswerText field={column} value={row[column.id] ?? ''} />
                  </dd>
                </div>
              ))}
          </dl>
        </li>
      ))}
    </ol>
  );
}
