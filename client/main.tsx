import { MantineProvider } from '@mantine/core';
import '@mantine/core/styles.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { cspNonce } from './common/csp-nonce.ts';
import './styles/page.css';
import './styles/authors.css';
import './styles/controls.css';
import './styles/home.css';
import './styles/session.css';
import './styles/story.css';
import './styles/draft.css';
import './styles/panel.css';
import './styles/safety.css';
import './styles/review.css';
import './styles/rollback.css';
import './styles/history.css';
import './styles/console.css';
import { pageVariables, theme } from './theme.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root.');

createRoot(root).render(
  <MantineProvider
    theme={theme}
    cssVariablesResolver={pageVariables}
    defaultColorScheme="auto"
    getStyleNonce={cspNonce}
  >
    <App />
  </MantineProvider>,
);
