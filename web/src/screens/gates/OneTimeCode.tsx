// OneTimeCode.tsx - shown once: the command that brings the gate in. The server keeps only a hash of the code.
import { useEffect, useRef, useState } from 'react';
import type { GateCode } from '../../api/client.ts';
import { useWords } from '../../words/words.tsx';

type OneTimeCodeProps = { name: string; code: GateCode; onClose: () => void };

export function OneTimeCode({ name, code, onClose }: OneTimeCodeProps) {
  const { t } = useWords();
  const [copied, setCopied] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const command = `sudo sekisho-gate enrol ${code.code}`;

  useEffect(() => heading.current?.focus(), []);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(command);
      setCopied(true);
    } catch {
      setCopied(false); // the browser forbids it: the command is there to be selected
    }
  };
  return (
    <section className="notice good once" aria-labelledby="once">
      <h2 id="once" ref={heading} tabIndex={-1}>
        {t('gates.code.title', name)}
      </h2>
      <p>{t('gates.code.help')}</p>
      <pre className="command">
        <code>{command}</code>
      </pre>
      <p>
        <strong>{t('gates.code.once')}</strong>
      </p>
      <p className="acts">
        <button type="button" className="plain" onClick={() => void copy()}>
          {t('gates.code.copy')}
        </button>
        <button type="button" className="plain" onClick={onClose}>
          {t('gates.code.close')}
        </button>
        <span role="status">{copied ? t('gates.code.copied') : ''}</span>
      </p>
    </section>
  );
}
