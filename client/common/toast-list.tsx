import type { JSX } from 'react';
import { TEXT } from '../strings.ts';
import { Icon } from './icons.tsx';
import { useStore } from './store.ts';
import { dropToast, toasts } from './toasts.ts';

/** Short messages at the edge of the page, read out as they come. */
export function ToastList(): JSX.Element {
  const list = useStore(toasts);
  return (
    <div className="toasts" role="status">
      {list.map(({ id, text, tone, action }) => (
        <div key={id} className="toast" data-tone={tone}>
          <span className="grow">{text}</span>
          {action !== null && (
            <button
              type="button"
              className="link-button"
              onClick={() => {
                dropToast(id);
                action.run();
              }}
            >
              {action.label}
            </button>
          )}
          <button
            type="button"
            className="quiet-button"
            aria-label={TEXT.session.dismiss}
            onClick={() => dropToast(id)}
          >
            <Icon name="close" size={16} />
          </button>
        </div>
      ))}
    </div>
  );
}
