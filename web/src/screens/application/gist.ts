// gist.ts - the three lines that an approver reads first: what, who, until when. Pure.
import type { Application, Form } from '../../api/client.ts';

export type Gist = {
  /** The thing that is asked for: the service it is about, else the first words of the form. */
  what: string;
  /** Its network address, when the form asks for one. */
  mac: string | null;
  /** End of the permit, or of what was asked for; null when the form has none. */
  until: string | null;
};

export function gistOf(app: Application, form: Form | null): Gist {
  const answer = (field: string) => app.answers.find((a) => a.field === field && !a.erased)?.value || null;
  const last = (type: string) => {
    const field = form?.fields.findLast((f) => f.type === type);
    return field ? answer(field.id) : null;
  };
  const head = app.answers.find((a) => form?.fields.find((f) => f.id === a.field)?.type === 'text') ?? app.answers[0];
  const named = app.outline.what?.ja ?? app.service?.name ?? (head && !head.erased ? head.value : '');
  return {
    what: form ? named : '',
    mac: app.permit?.key ?? last('mac'),
    until: app.permit?.until ?? last('moment'),
  };
}
