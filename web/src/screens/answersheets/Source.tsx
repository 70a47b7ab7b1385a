// Source.tsx - where answers come from: asked by us, or received from another municipality.
import type { SheetLine } from '../../api/asheets.ts';
import { useWords } from '../../words/words.tsx';

export function Source({ sheet }: { sheet: SheetLine }) {
  const { t } = useWords();
  return sheet.source === 'received' ? t('asheet.source.received', sheet.peer?.name ?? '') : t('asheet.source.own');
}
