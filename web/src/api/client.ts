// client.ts - the one door to the office's API (docs/openapi.yaml). Failures are values; nothing here throws.
import type { components } from '../generated/api.ts';

type Schemas = components['schemas'];
export type Session = Schemas['Session'];
export type Form = Schemas['Form'];
export type Field = Schemas['Field'];
export type Summary = Schemas['Summary'];
export type ApplicationPage = Schemas['ApplicationPage'];
export type Application = Schemas['Application'];
export type Permit = Schemas['Permit'];
export type Submitted = Schemas['Submitted'];
export type Done = Schemas['Done'];
export type Decision = Schemas['Decision']['decision'];
export type Step = Application['steps'][number];
export type Criterion = Application['criteria'][number];
export type Sheet = Application['sheets'][number];
export type Derived = Schemas['Derived'];
export type Checked = Schemas['Checked'];
export type Judgement = Schemas['Judged']['lines'][number];
export type FormLine = Schemas['FormLine'];
export type ServiceLine = Schemas['ServiceLine'];
export type ServicePage = Schemas['ServicePage'];
export type Service = Schemas['Service'];
export type Duty = Schemas['Duty'];
export type DutyPage = Schemas['DutyPage'];
export type Pack = Schemas['Pack'];
export type Person = Schemas['Person'];
export type Gate = Schemas['Gate'];
export type GateList = Schemas['GateList'];
export type GateCode = Schemas['GateCode'];
export type Status = Schemas['Status'];
export type Grid = Schemas['Grid'];
export type SheetAnswer = Schemas['SheetAnswer'];
export type Failure = Schemas['Error']['error'];
export type Reply<T> = { ok: true; value: T } | { ok: false; error: Failure };
export type View = 'mine' | 'waiting' | 'papers' | 'all' | 'drafted';
export type DutyView = 'mine' | 'all' | 'closed';

const fail = <T>(kind: string, key: string): Reply<T> => ({ ok: false, error: { kind, key, args: [] } });

let csrf = '';

function isFailure(body: unknown): body is Schemas['Error'] {
  return typeof body === 'object' && body !== null && 'error' in body;
}

/** Signed out meanwhile: the sign-in page brings the person back to where they are. */
function goToSignIn(): void {
  location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
}

/** A file as it is. */
export const send = <T>(path: string, file: Blob) =>
  call<T>(path, { method: 'POST', headers: { 'Content-Type': 'application/octet-stream', 'X-Sekisho-CSRF': csrf }, body: file });

async function call<T>(path: string, init: RequestInit, read = (response: Response): Promise<unknown> => response.json()): Promise<Reply<T>> {
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, { ...init, credentials: 'same-origin', cache: 'no-store' });
  } catch {
    return fail('network', 'error.network');
  }
  if (response.status === 401) goToSignIn();
  try {
    if (response.ok) return { ok: true, value: (await read(response)) as T };
    const body: unknown = await response.json();
    if (isFailure(body)) return { ok: false, error: body.error };
  } catch {
    // not JSON: something in front of the office answered
  }
  return fail('internal', response.ok ? 'error.internal' : 'error.busy');
}

export const get = <T>(path: string) => call<T>(path, { method: 'GET' });
const posted = (body: object): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json', 'X-Sekisho-CSRF': csrf },
  body: JSON.stringify(body),
});
export const post = <T>(path: string, body: object) => call<T>(path, posted(body));
/** An act that answers with a file. */
export const postForFile = (path: string, body: object) => call<Blob>(path, posted(body), (response) => response.blob());
export const id = encodeURIComponent;

export async function getSession(): Promise<Reply<Session>> {
  const reply = await get<Session>('/session');
  if (reply.ok) csrf = reply.value.csrf;
  return reply;
}

export const getForm = (form: string) => get<Form>(`/forms/${id(form)}`);

export function listApplications(view: View, after?: string, state?: 'open' | 'done') {
  const query = new URLSearchParams(state ? { view, state } : { view });
  if (after) query.set('after', after);
  return get<ApplicationPage>(`/applications?${query}`);
}

/** The draft that goes with what is sent, when one was kept. */
export type Sent = { draft?: string };

/** `applicant`: in whose name, when the caller only drafts it. */
export const submitApplication = (form: string, answers: Record<string, string>, draft: Sent, applicant?: string) =>
  post<Submitted>('/applications', applicant ? { form, answers, applicant, ...draft } : { form, answers, ...draft });
export const resubmitApplication = (application: string, answers: Record<string, string>, rev: number, draft: Sent) =>
  post<Done>(`/applications/${id(application)}/resubmit`, { answers, rev, ...draft });
export const correctApplication = (application: string, answers: Record<string, string>, reason: string, rev: number, draft: Sent) =>
  post<Done>(`/applications/${id(application)}/correct`, { answers, reason, rev, ...draft });
export const getApplication = (application: string) => get<Application>(`/applications/${id(application)}`);
export const decideApplication = (application: string, decision: Schemas['Decision']) =>
  post<Done>(`/applications/${id(application)}/decide`, decision);
export const fillSheet = (application: string, sheet: string, answers: Record<string, string>, rev: number, draft: Sent = {}) =>
  post<Done>(`/applications/${id(application)}/fill`, { sheet, answers, rev, ...draft });
export const judgeApplication = (application: string, lines: Judgement[], rev: number) =>
  post<Done>(`/applications/${id(application)}/judge`, { lines, rev });
export const rateApplication = (application: string, axis: string, level: string, reason: string, rev: number) =>
  post<Done>(`/applications/${id(application)}/rate`, { axis, level, reason, rev });
export const withdrawApplication = (application: string, reason: string, rev: number) =>
  post<Done>(`/applications/${id(application)}/withdraw`, { reason, rev });
export const revokePermit = (permit: string, reason: string, rev: number) =>
  post<Done>(`/permits/${id(permit)}/revoke`, { reason, rev });
export const changePermitUntil = (permit: string, until: string, reason: string, rev: number) =>
  post<Done>(`/permits/${id(permit)}/until`, { until, reason, rev });
export const checkForm = (form: string, answers: Record<string, string>, application?: string) =>
  post<Checked>(`/forms/${id(form)}/check`, application ? { answers, application } : { answers });
export const listPeople = () => get<Person[]>('/people');
export const listForms = () => get<FormLine[]>('/forms');

export function listDuties(view: DutyView, after?: string) {
  const query = new URLSearchParams({ view });
  if (after) query.set('after', after);
  return get<DutyPage>(`/duties?${query}`);
}

export const closeDuty = (duty: string, evidence: string, rev: number) => post<Done>(`/duties/${id(duty)}/close`, { evidence, rev });
export const getPack = () => get<Pack>('/pack');
export const listGates = () => get<GateList>('/gates');
export const addGate = (name: string, zone: string, lan: string) => post<GateCode>('/gates', { name, zone, lan });
export const sheetPath = (sheet: string, ending: 'xlsx' | 'csv') => `/api/v1/pack/sheets/${id(sheet)}.${ending}`;
export const readSheet = (sheet: string, file: string) => post<Grid>(`/pack/sheets/${id(sheet)}/csv`, { file });
export const checkSheet = (sheet: string, grid: Grid) => post<SheetAnswer>(`/pack/sheets/${id(sheet)}/check`, { grid });
export const listPapers = (about: string) => get<Schemas['PaperList']>(`/papers?${new URLSearchParams({ about })}`);
export const paperPath = (paper: string, about: string, format?: 'text') =>
  `/api/v1/papers/${id(paper)}?${new URLSearchParams(format ? { about, format } : { about })}`;
export const suspendService = (service: string, reason: string, rev: number) => post<Done>(`/services/${id(service)}/suspend`, { reason, rev });
export const resumeService = (service: string, reason: string, rev: number) => post<Done>(`/services/${id(service)}/resume`, { reason, rev });
export const CALENDAR_PATH = '/api/v1/duties.ics';
export const getStatus = () => get<Status>('/status');
export const proofPath = (index: number) => `/api/v1/entries/${index}/proof`;
