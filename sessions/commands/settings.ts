import { accept, type Handler } from './decision.ts';

/** Changes what is given; a new draft visibility holds for drafts opened from now on. */
export const changeSettings: Handler<'session:settings'> = ({ state }, payload) => {
  const { settings } = state;
  const autoCommitIdleMs =
    payload.autoCommitIdleMs === undefined ? settings.autoCommitIdleMs : payload.autoCommitIdleMs;
  return accept({
    events: [
      {
        type: 'settings-changed',
        settings: {
          title: payload.title ?? settings.title,
          premise: payload.premise ?? settings.premise,
          rating: payload.rating ?? settings.rating,
          draftVisibility: payload.draftVisibility ?? settings.draftVisibility,
          autoCommitIdleMs,
        },
      },
    ],
  });
};

/** Says something at the table, beside the story. */
export const sayTalk: Handler<'talk:say'> = ({ player, now, newId }, { text }) =>
  accept({ events: [{ type: 'talk-said', line: { id: newId(), by: player.id, at: now, text } }] });
