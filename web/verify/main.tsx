import '@digital-go-jp/design-tokens/dist/tokens.css';
import '../src/style/base.css';
import '../src/style/controls.css';
import './verify.css';
import { createRoot } from 'react-dom/client';
import { Page } from './Page.tsx';
import { WordsProvider } from './words.tsx';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <WordsProvider>
    <Page />
  </WordsProvider>,
);
