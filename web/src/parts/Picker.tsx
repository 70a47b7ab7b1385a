// Picker.tsx - one of hundreds: type a few characters, choose with the arrows or the mouse (WAI-ARIA combobox with a list).
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { useWords } from '../words/words.tsx';
import type { ControlProps } from './Labelled.tsx';

export type PickOption = { id: string; label: string; more?: string };

const SHOWN_MAX = 50;
const PAUSE_MS = 200;

type PickerProps = {
  control: ControlProps;
  /** What is chosen now, in words. */
  text: string;
  /** What matches the words typed, the best first. */
  find: (words: string) => Promise<PickOption[]>;
  /** null: nothing is chosen; `typed` is what stands there. */
  onPick: (option: PickOption | null, typed: string) => void;
};

/** Options that are all here already. */
export const among = (options: readonly PickOption[]) => (words: string) => {
  const asked = words.trim().toLowerCase();
  return Promise.resolve(options.filter((o) => !asked || `${o.label} ${o.more ?? ''}`.toLowerCase().includes(asked)));
};

export function Picker({ control, text, find, onPick }: PickerProps) {
  const { t } = useWords();
  const list = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const [found, setFound] = useState<PickOption[] | null>(null);
  const [at, setAt] = useState(-1);
  const finder = useRef(find);
  finder.current = find;
  const open = typed !== null;

  useEffect(() => {
    if (typed === null) return undefined;
    let stopped = false;
    const timer = window.setTimeout(() => {
      void finder.current(typed).then((options) => {
        if (stopped) return;
        setFound(options);
        setAt(typed.trim() && options.length > 0 ? 0 : -1);
      });
    }, found ? PAUSE_MS : 0);
    return () => {
      stopped = true;
      window.clearTimeout(timer);
    };
  }, [typed]);

  const shown = open ? (found ?? []).slice(0, SHOWN_MAX) : [];
  const close = () => {
    setTyped(null);
    setFound(null);
    setAt(-1);
  };
  const pick = (option: PickOption) => {
    onPick(option, option.label);
    close();
  };
  const leave = () => {
    if (typed !== null && typed !== text) onPick(null, typed);
    close();
  };
  const press = (e: KeyboardEvent) => {
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      e.preventDefault();
      if (!open) setTyped(text);
      else if (shown.length > 0) setAt((at + (e.key === 'ArrowDown' ? 1 : shown.length - 1) + (at < 0 && e.key === 'ArrowUp' ? 1 : 0)) % shown.length);
    } else if (e.key === 'Enter' && open) {
      e.preventDefault();
      const option = shown[at];
      if (option) pick(option);
    } else if (e.key === 'Escape' && open) {
      e.preventDefault();
      close();
    }
  };
  return (
    <div className="picker">
      <input
        {...control}
        type="text"
        role="combobox"
        autoComplete="off"
        aria-expanded={open && shown.length > 0}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={at >= 0 && shown[at] ? `${list}-${at}` : undefined}
        placeholder={t('picker.hint')}
        value={typed ?? text}
        onChange={(e) => setTyped(e.target.value)}
        onKeyDown={press}
        onClick={() => open || setTyped('')}
        onBlur={leave}
      />
      <ul id={list} role="listbox" aria-label={t('picker.found')} hidden={shown.length === 0}>
        {shown.map((o, i) => (
          <li
            key={o.id}
            id={`${list}-${i}`}
            role="option"
            aria-selected={i === at}
            onMouseDown={(e) => {
              e.preventDefault(); // the field keeps the focus
              pick(o);
            }}
          >
            {o.label}
            {o.more ? <span className="quiet"> {o.more}</span> : null}
          </li>
        ))}
      </ul>
      <p className="hint" role="status">
        {open && found ? (found.length === 0 ? t('picker.none') : found.length > SHOWN_MAX ? t('picker.many', String(found.length), String(SHOWN_MAX)) : '') : ''}
      </p>
    </div>
  );
}
