// routes.tsx - every address of the screens, who may open it, and the screen. The a11y suite (tests/e2e/axe.mjs) reads the paths from here.
import { lazy, type ReactNode } from 'react';
import type { Session } from '../api/client.ts';
import { HomeScreen } from '../screens/home/HomeScreen.tsx';
import { audits, has, keepsRules, seesAll, seesCoverage, seesPosts, seesRules } from './session.tsx';

/** Everything but home is a part of its own, loaded by whoever opens it. */
const ApplicationScreen = lazy(() => import('../screens/application/ApplicationScreen.tsx').then((m) => ({ default: m.ApplicationScreen })));
const ApplicationsScreen = lazy(() => import('../screens/applications/ApplicationsScreen.tsx').then((m) => ({ default: m.ApplicationsScreen })));
const apply = () => import('../screens/apply/ApplyScreen.tsx');
const ApplyScreen = lazy(() => apply().then((m) => ({ default: m.ApplyScreen })));
const MendScreen = lazy(() => apply().then((m) => ({ default: m.MendScreen })));
const CorrectScreen = lazy(() => apply().then((m) => ({ default: m.CorrectScreen })));
const SheetScreen = lazy(() => apply().then((m) => ({ default: m.SheetScreen })));
const MayUseScreen = lazy(() => import('../screens/mayuse/MayUseScreen.tsx').then((m) => ({ default: m.MayUseScreen })));
const OverviewScreen = lazy(() => import('../screens/overview/OverviewScreen.tsx').then((m) => ({ default: m.OverviewScreen })));
const FormsScreen = lazy(() => import('../screens/apply/FormsScreen.tsx').then((m) => ({ default: m.FormsScreen })));
const JudgeScreen = lazy(() => import('../screens/judge/JudgeScreen.tsx').then((m) => ({ default: m.JudgeScreen })));
const ServicesScreen = lazy(() => import('../screens/services/ServicesScreen.tsx').then((m) => ({ default: m.ServicesScreen })));
const ServiceScreen = lazy(() => import('../screens/services/ServiceScreen.tsx').then((m) => ({ default: m.ServiceScreen })));
const DutiesScreen = lazy(() => import('../screens/duties/DutiesScreen.tsx').then((m) => ({ default: m.DutiesScreen })));
const GatesScreen = lazy(() => import('../screens/gates/GatesScreen.tsx').then((m) => ({ default: m.GatesScreen })));
const RegistersScreen = lazy(() => import('../screens/registers/RegistersScreen.tsx').then((m) => ({ default: m.RegistersScreen })));
const RegisterScreen = lazy(() => import('../screens/registers/RegisterScreen.tsx').then((m) => ({ default: m.RegisterScreen })));
const RowScreen = lazy(() => import('../screens/registers/RowScreen.tsx').then((m) => ({ default: m.RowScreen })));
const edit = () => import('../screens/registers/EditScreen.tsx');
const AddScreen = lazy(() => edit().then((m) => ({ default: m.AddScreen })));
const ChangeScreen = lazy(() => edit().then((m) => ({ default: m.ChangeScreen })));
const ImportScreen = lazy(() => import('../screens/registers/ImportScreen.tsx').then((m) => ({ default: m.ImportScreen })));
const ReportScreen = lazy(() => import('../screens/incidents/ReportScreen.tsx').then((m) => ({ default: m.ReportScreen })));
const IncidentsScreen = lazy(() => import('../screens/incidents/IncidentsScreen.tsx').then((m) => ({ default: m.IncidentsScreen })));
const OpenScreen = lazy(() => import('../screens/incidents/OpenScreen.tsx').then((m) => ({ default: m.OpenScreen })));
const IncidentScreen = lazy(() => import('../screens/incidents/IncidentScreen.tsx').then((m) => ({ default: m.IncidentScreen })));
const AccountScreen = lazy(() => import('../screens/account/AccountScreen.tsx').then((m) => ({ default: m.AccountScreen })));
const ResetsScreen = lazy(() => import('../screens/account/ResetsScreen.tsx').then((m) => ({ default: m.ResetsScreen })));
const PeopleScreen = lazy(() => import('../screens/people/PeopleScreen.tsx').then((m) => ({ default: m.PeopleScreen })));
const PersonScreen = lazy(() => import('../screens/people/PersonScreen.tsx').then((m) => ({ default: m.PersonScreen })));
const AppointScreen = lazy(() => import('../screens/people/AppointScreen.tsx').then((m) => ({ default: m.AppointScreen })));
const DeputiesScreen = lazy(() => import('../screens/people/DeputiesScreen.tsx').then((m) => ({ default: m.DeputiesScreen })));
const InboxScreen = lazy(() => import('../screens/inbox/InboxScreen.tsx').then((m) => ({ default: m.InboxScreen })));
const SearchScreen = lazy(() => import('../screens/search/SearchScreen.tsx').then((m) => ({ default: m.SearchScreen })));
const SheetsScreen = lazy(() => import('../screens/sheets/SheetsScreen.tsx').then((m) => ({ default: m.SheetsScreen })));
const AnswerSheetsScreen = lazy(() => import('../screens/answersheets/AnswerSheetsScreen.tsx').then((m) => ({ default: m.AnswerSheetsScreen })));
const NewAnswerSheetScreen = lazy(() => import('../screens/answersheets/NewScreen.tsx').then((m) => ({ default: m.NewScreen })));
const AnswerSheetScreen = lazy(() => import('../screens/answersheets/AnswerSheetScreen.tsx').then((m) => ({ default: m.AnswerSheetScreen })));
const ReceiveScreen = lazy(() => import('../screens/answersheets/ReceiveScreen.tsx').then((m) => ({ default: m.ReceiveScreen })));
const PeersScreen = lazy(() => import('../screens/answersheets/PeersScreen.tsx').then((m) => ({ default: m.PeersScreen })));
const AuditScreen = lazy(() => import('../screens/audit/AuditScreen.tsx').then((m) => ({ default: m.AuditScreen })));
const SampleScreen = lazy(() => import('../screens/audit/SampleScreen.tsx').then((m) => ({ default: m.SampleScreen })));
const InstallationScreen = lazy(() => import('../screens/installation/InstallationScreen.tsx').then((m) => ({ default: m.InstallationScreen })));
const CoverageScreen = lazy(() => import('../screens/coverage/CoverageScreen.tsx').then((m) => ({ default: m.CoverageScreen })));
const EvidenceScreen = lazy(() => import('../screens/evidence/EvidenceScreen.tsx').then((m) => ({ default: m.EvidenceScreen })));
const KeysScreen = lazy(() => import('../screens/custody/KeysScreen.tsx').then((m) => ({ default: m.KeysScreen })));
const WitnessesScreen = lazy(() => import('../screens/custody/WitnessesScreen.tsx').then((m) => ({ default: m.WitnessesScreen })));
const ErasuresScreen = lazy(() => import('../screens/custody/ErasuresScreen.tsx').then((m) => ({ default: m.ErasuresScreen })));

const SetupScreen = lazy(() => import('../screens/setup/SetupScreen.tsx').then((m) => ({ default: m.SetupScreen })));
const RulesScreen = lazy(() => import('../screens/rules/RulesScreen.tsx').then((m) => ({ default: m.RulesScreen })));
const DraftScreen = lazy(() => import('../screens/rules/DraftScreen.tsx').then((m) => ({ default: m.DraftScreen })));
const RecordScreen = lazy(() => import('../screens/rules/RecordScreen.tsx').then((m) => ({ default: m.RecordScreen })));

/** `:id` is a row's id, `:name` a word (a form, a register, a sheet); they come to `open` in their order. */
type Route = { path: string; open: (part: string, rest: string) => ReactNode; may: (session: Session) => boolean };

const anyone = () => true;
const ROUTES: readonly Route[] = [
  { path: '/', open: () => <HomeScreen />, may: anyone },
  { path: '/may-use', open: () => <MayUseScreen />, may: anyone },
  { path: '/overview', open: () => <OverviewScreen />, may: anyone },
  { path: '/applications', open: () => <ApplicationsScreen />, may: anyone },
  { path: '/apply', open: () => <FormsScreen />, may: anyone },
  { path: '/apply/:name', open: (form) => <ApplyScreen key={form} formId={form} />, may: anyone },
  { path: '/applications/:id', open: (id) => <ApplicationScreen key={id} id={id} />, may: anyone },
  { path: '/applications/:id/mend', open: (id) => <MendScreen key={id} id={id} />, may: anyone },
  { path: '/applications/:id/correct', open: (id) => <CorrectScreen key={id} id={id} />, may: anyone },
  { path: '/applications/:id/judge', open: (id) => <JudgeScreen key={id} id={id} />, may: anyone },
  { path: '/applications/:id/sheets/:name', open: (id, sheet) => <SheetScreen key={id + sheet} id={id} sheetId={sheet} />, may: anyone },
  { path: '/services', open: () => <ServicesScreen />, may: anyone },
  { path: '/services/:id', open: (id) => <ServiceScreen key={id} id={id} />, may: anyone },
  { path: '/duties', open: () => <DutiesScreen />, may: anyone },
  { path: '/registers', open: () => <RegistersScreen />, may: anyone },
  { path: '/registers/:name', open: (id) => <RegisterScreen key={id} id={id} />, may: anyone },
  { path: '/registers/:name/add', open: (id) => <AddScreen key={id} register={id} />, may: anyone },
  { path: '/registers/:name/import', open: (id) => <ImportScreen key={id} register={id} />, may: anyone },
  { path: '/rows/:name/:id', open: (register, id) => <RowScreen key={id} register={register} id={id} />, may: anyone },
  { path: '/rows/:name/:id/change', open: (register, id) => <ChangeScreen key={id} register={register} id={id} />, may: anyone },
  { path: '/answer-sheets', open: () => <AnswerSheetsScreen />, may: anyone },
  { path: '/answer-sheets/new', open: () => <NewAnswerSheetScreen />, may: anyone },
  { path: '/answer-sheets/receive', open: () => <ReceiveScreen />, may: anyone },
  { path: '/answer-sheets/peers', open: () => <PeersScreen />, may: keepsRules },
  { path: '/answer-sheets/:id', open: (id) => <AnswerSheetScreen key={id} id={id} />, may: anyone },
  { path: '/report', open: () => <ReportScreen />, may: anyone },
  { path: '/incidents', open: () => <IncidentsScreen />, may: anyone },
  { path: '/incidents/open', open: () => <OpenScreen />, may: anyone },
  { path: '/incidents/:id', open: (id) => <IncidentScreen key={id} id={id} />, may: anyone },
  { path: '/inbox', open: () => <InboxScreen />, may: seesAll },
  { path: '/people', open: () => <PeopleScreen />, may: seesPosts },
  { path: '/people/appoint', open: () => <AppointScreen />, may: keepsRules },
  { path: '/people/deputies', open: () => <DeputiesScreen />, may: anyone },
  { path: '/people/:id', open: (id) => <PersonScreen key={id} id={id} />, may: anyone },
  { path: '/search', open: () => <SearchScreen />, may: anyone },
  { path: '/account', open: () => <AccountScreen />, may: anyone },
  { path: '/resets', open: () => <ResetsScreen />, may: keepsRules },
  { path: '/gates', open: () => <GatesScreen />, may: (session) => has(session, 'system_manager') },
  { path: '/pack/sheets', open: () => <SheetsScreen />, may: keepsRules },
  { path: '/rules', open: () => <RulesScreen />, may: seesRules },
  { path: '/rules/drafts/:id', open: (id) => <DraftScreen key={id} id={id} />, may: seesRules },
  { path: '/rules/drafts/:id/edit', open: (id) => <RecordScreen key={id} draft={id} />, may: seesRules },
  { path: '/rules/proposals/:id', open: (id) => <DraftScreen key={id} id={id} />, may: seesRules },
  { path: '/setup', open: () => <SetupScreen />, may: keepsRules },
  { path: '/coverage', open: () => <CoverageScreen />, may: seesCoverage },
  { path: '/installation', open: () => <InstallationScreen />, may: keepsRules },
  { path: '/installation/keys', open: () => <KeysScreen />, may: keepsRules },
  { path: '/installation/witnesses', open: () => <WitnessesScreen />, may: keepsRules },
  { path: '/erasures', open: () => <ErasuresScreen />, may: seesPosts },
  { path: '/audit', open: () => <AuditScreen />, may: audits },
  { path: '/audit/evidence', open: () => <EvidenceScreen />, may: audits },
  { path: '/audit/:name', open: (name) => <SampleScreen key={name} name={name} />, may: audits },
];

const PARTS: Record<string, string> = { ':id': '([0-9a-f-]{36})', ':name': '([a-z0-9_-]+)' };
const patternOf = (path: string) => new RegExp(`^${path.replace(/:(id|name)/g, (part) => PARTS[part] ?? part)}$`);
const TABLE = ROUTES.map((route) => ({ ...route, pattern: patternOf(route.path) }));

/** The screen at an address, for this person; null when there is none. */
export function screenAt(path: string, session: Session): ReactNode {
  for (const route of TABLE) {
    const found = route.pattern.exec(path);
    if (found && route.may(session)) return route.open(found[1] ?? '', found[2] ?? '');
  }
  return null;
}
