import '@digital-go-jp/design-tokens/dist/tokens.css';
import './style/base.css';
import './style/frame.css';
import './style/controls.css';
import './style/screens.css';
import './style/work.css';
import './style/home.css';
import './style/oversight.css';
import './style/decide.css';
import './style/people.css';
import './style/print.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { WordsProvider } from './words/words.tsx';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <WordsProvider>
      <App />
    </WordsProvider>
  </StrictMode>,
);
