// useChecked.ts - what the office says of a form while it is being filled in: which questions stand, and the class that follows.
import { useEffect, useState } from 'react';
import { checkForm, type Checked, type Field, type Form } from '../../api/client.ts';
import { answersOf, type Draft } from './draft.ts';

const PAUSE_MS = 250;

export type Asked = {
  checked: Checked | null;
  /** The answer to these very words, for whoever presses a button before the hand rested. */
  checkNow: () => ReturnType<typeof checkForm>;
};

/** The questions that stand, with what is demanded now. Before the office has spoken, those without a condition. */
export function askedBy(checked: Checked | null, fields: readonly Field[]): Field[] {
  const state = new Map(checked?.fields.map((f) => [f.id, f]));
  return fields.filter((f) => state.get(f.id)?.visible ?? !f.conditional).map((f) => ({ ...f, required: state.get(f.id)?.required ?? f.required }));
}

/** The rules are in one place, the office; this asks again whenever the hand rests. A question under a condition waits for the answer. */
export function useChecked(form: Form, draft: Draft, application?: string): Asked {
  const [checked, setChecked] = useState<Checked | null>(null);
  const answers = JSON.stringify(answersOf(draft, form));
  const ask = () => checkForm(form.id, JSON.parse(answers) as Record<string, string>, application);

  useEffect(() => {
    let stale = false;
    const timer = window.setTimeout(async () => {
      const reply = await checkForm(form.id, JSON.parse(answers) as Record<string, string>, application);
      if (!stale && reply.ok) setChecked(reply.value);
    }, PAUSE_MS);
    return () => {
      stale = true;
      window.clearTimeout(timer);
    };
  }, [form.id, answers, application]);

  return {
    checked,
    checkNow: async () => {
      const reply = await ask();
      if (reply.ok) setChecked(reply.value);
      return reply;
    },
  };
}
