// App.tsx - who is there, what they may see, and which screen the address names.
import { lazy, Suspense, type ReactNode } from 'react';
import { getSession, type Session } from '../api/client.ts';
import { useLoad } from '../api/useLoad.ts';
import { FailureNotice } from '../parts/Notice.tsx';
import { Page } from '../parts/Page.tsx';
import { ApplicationScreen } from '../screens/application/ApplicationScreen.tsx';
import { ApplicationsScreen } from '../screens/applications/ApplicationsScreen.tsx';
import { useWords } from '../words/words.tsx';
import { Header } from './Header.tsx';
import { usePlace } from './router.tsx';
import { has, keepsRules, SessionContext } from './session.tsx';

/** Parts of their own, loaded by whoever opens them: the first page needs the list and one application. */
const apply = () => import('../screens/apply/ApplyScreen.tsx');
const ApplyScreen = lazy(() => apply().then((m) => ({ default: m.ApplyScreen })));
const MendScreen = lazy(() => apply().then((m) => ({ default: m.MendScreen })));
const CorrectScreen = lazy(() => apply().then((m) => ({ default: m.CorrectScreen })));
const SheetScreen = lazy(() => apply().then((m) => ({ default: m.SheetScreen })));
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
const SearchScreen = lazy(() => import('../screens/search/SearchScreen.tsx').then((m) => ({ default: m.SearchScreen })));
const SheetsScreen = lazy(() => import('../screens/sheets/SheetsScreen.tsx').then((m) => ({ default: m.SheetsScreen })));

type Route = { path: RegExp; open: (part: string, rest: string) => ReactNode; may: (session: Session) => boolean };

const anyone = () => true;
const ROUTES: readonly Route[] = [
  { path: /^\/$/, open: () => <ApplicationsScreen />, may: anyone },
  { path: /^\/apply$/, open: () => <FormsScreen />, may: anyone },
  { path: /^\/apply\/([a-z0-9_-]+)$/, open: (form) => <ApplyScreen key={form} formId={form} />, may: anyone },
  { path: /^\/applications\/([0-9a-f-]{36})$/, open: (id) => <ApplicationScreen key={id} id={id} />, may: anyone },
  { path: /^\/applications\/([0-9a-f-]{36})\/mend$/, open: (id) => <MendScreen key={id} id={id} />, may: anyone },
  { path: /^\/applications\/([0-9a-f-]{36})\/correct$/, open: (id) => <CorrectScreen key={id} id={id} />, may: anyone },
  { path: /^\/applications\/([0-9a-f-]{36})\/judge$/, open: (id) => <JudgeScreen key={id} id={id} />, may: anyone },
  {
    path: /^\/applications\/([0-9a-f-]{36})\/sheets\/([a-z0-9_-]+)$/,
    open: (id, sheet) => <SheetScreen key={id + sheet} id={id} sheetId={sheet} />,
    may: anyone,
  },
  { path: /^\/services$/, open: () => <ServicesScreen />, may: anyone },
  { path: /^\/services\/([0-9a-f-]{36})$/, open: (id) => <ServiceScreen key={id} id={id} />, may: anyone },
  { path: /^\/duties$/, open: () => <DutiesScreen />, may: anyone },
  { path: /^\/registers$/, open: () => <RegistersScreen />, may: anyone },
  { path: /^\/registers\/([a-z]+)$/, open: (id) => <RegisterScreen key={id} id={id} />, may: anyone },
  { path: /^\/registers\/([a-z]+)\/add$/, open: (id) => <AddScreen key={id} register={id} />, may: anyone },
  { path: /^\/registers\/([a-z]+)\/import$/, open: (id) => <ImportScreen key={id} register={id} />, may: anyone },
  { path: /^\/rows\/([a-z]+)\/([0-9a-f-]{36})$/, open: (register, id) => <RowScreen key={id} register={register} id={id} />, may: anyone },
  { path: /^\/rows\/([a-z]+)\/([0-9a-f-]{36})\/change$/, open: (register, id) => <ChangeScreen key={id} register={register} id={id} />, may: anyone },
  { path: /^\/report$/, open: () => <ReportScreen />, may: anyone },
  { path: /^\/incidents$/, open: () => <IncidentsScreen />, may: anyone },
  { path: /^\/incidents\/open$/, open: () => <OpenScreen />, may: anyone },
  { path: /^\/incidents\/([0-9a-f-]{36})$/, open: (id) => <IncidentScreen key={id} id={id} />, may: anyone },
  { path: /^\/search$/, open: () => <SearchScreen />, may: anyone },
  { path: /^\/gates$/, open: () => <GatesScreen />, may: (session) => has(session, 'system_manager') },
  { path: /^\/pack\/sheets$/, open: () => <SheetsScreen />, may: keepsRules },
];

function screenAt(path: string, session: Session): ReactNode {
  for (const route of ROUTES) {
    const found = route.path.exec(path);
    if (found && route.may(session)) return route.open(found[1] ?? '', found[2] ?? '');
  }
  return null;
}

export function App() {
  const { t } = useWords();
  const place = usePlace();
  const { value: session, error, reload } = useLoad('session', getSession, 0);

  if (error && error.kind !== 'sign-in') {
    return (
      <Page title={t('error.title')} failed>
        <FailureNotice error={error} retry={() => void reload()} />
      </Page>
    );
  }
  if (!session) return <p className="loading">{t('page.loading')}</p>;
  return (
    <SessionContext value={session}>
      <Header />
      <Suspense fallback={<p className="loading">{t('page.loading')}</p>}>{screenAt(place.pathname, session) ?? <NotHere />}</Suspense>
    </SessionContext>
  );
}

function NotHere() {
  const { t } = useWords();
  return (
    <Page title={t('page.not-here')} failed>
      <p>{t('page.not-here.text')}</p>
      <p>
        <a href="/">{t('error.home')}</a>
      </p>
    </Page>
  );
}
