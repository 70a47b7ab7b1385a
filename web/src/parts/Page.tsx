// Page.tsx - the frame of every screen: its title in the window and a heading that takes the focus when the place changes.
import { useEffect, useRef, type ReactNode } from 'react';
import { useWords } from '../words/words.tsx';

type PageProps = {
  title: string;
  /** Small line above the heading: what this belongs to. */
  over?: ReactNode;
  /** The window's title says that something is wrong, for those who hear it. */
  failed?: boolean;
  wide?: boolean;
  children: ReactNode;
};

/** After an act that took away what had the focus, the hand goes on from the top of the page, where it says what came of it. */
export const focusHeading = () => document.querySelector<HTMLElement>('#main h1')?.focus();

let first = true; // the browser itself announces the first page

export function Page({ title, over, failed, wide, children }: PageProps) {
  const { t } = useWords();
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    document.title = `${failed ? t('page.error-prefix') : ''}${title} | ${t('app.name-long')}`;
  }, [title, failed, t]);

  useEffect(() => {
    if (!first && !failed) heading.current?.focus(); // a failed page's error summary takes it
    first = false;
  }, []);

  return (
    <main id="main" className={wide ? 'page wide' : 'page'}>
      {over ? <p className="over">{over}</p> : null}
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </main>
  );
}
