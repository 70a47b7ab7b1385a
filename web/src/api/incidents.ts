// incidents.ts - findings, incidents, who is called, and the clocks that a leak starts.
import { get, id, post, type Done } from './client.ts';
import type { components } from '../generated/api.ts';

type Schemas = components['schemas'];
export type Finding = Schemas['Finding'];
export type Incident = Schemas['Incident'];
export type IncidentLine = Schemas['IncidentLineItem'];
export type Alert = Schemas['Alert'];
export type Clock = Schemas['Clock'];
export type Contact = Schemas['Contact'];
export type Report = Schemas['NewReport'];
export type Grade = Schemas['IncidentGrade'];

export const report = (what: Report) => post<Schemas['NewFinding']>('/incidents/report', what);
export const listFindings = (view: 'mine' | 'open') => get<Schemas['FindingList']>(`/findings?${new URLSearchParams({ view })}`);
export const closeFinding = (finding: string, reason: string, rev: number) => post<Done>(`/findings/${id(finding)}/close`, { reason, rev });
export const listIncidents = (view: 'open' | 'all', after?: string) =>
  get<Schemas['IncidentPage']>(`/incidents?${new URLSearchParams(after ? { view, after } : { view })}`);
export const getIncident = (incident: string) => get<Incident>(`/incidents/${id(incident)}`);
export const openIncident = (what: Schemas['NewIncident']) => post<Schemas['OpenedIncident']>('/incidents', what);
export const logIncident = (incident: string, line: Schemas['IncidentLine']) => post<Done>(`/incidents/${id(incident)}/log`, line);
export const gradeIncident = (incident: string, grade: Grade) => post<Done>(`/incidents/${id(incident)}/grade`, grade);
export const containIncident = (incident: string, text: string, rev: number) => post<Done>(`/incidents/${id(incident)}/contain`, { text, rev });
export const concludeIncident = (incident: string, conclusion: string, rev: number) => post<Done>(`/incidents/${id(incident)}/close`, { conclusion, rev });
export const confirmIncident = (incident: string, decision: 'approve' | 'return', reason: string, rev: number) =>
  post<Done>(`/incidents/${id(incident)}/confirm`, { decision, reason, rev });
export const reportClock = (clock: string, what: Schemas['ClockReport']) => post<Done>(`/clocks/${id(clock)}/reported`, what);
export const listAlerts = () => get<Schemas['AlertList']>('/alerts');
export const acknowledge = (alert: string, how: string) => post<Done>(`/alerts/${id(alert)}/acknowledge`, { how });
export const contactsNow = () => get<Schemas['ContactsNow']>('/contacts/now');
