import { expect, it } from 'vitest';
import { Turnstile } from './turnstile.ts';

it('lets some in, the others in order of coming, and turns away what is too much', async () => {
  const turnstile = new Turnstile({ most: 2, mostWaiting: 2 });
  const inside: string[] = [];
  const enter = (name: string) =>
    turnstile.enter().then((leave) => {
      if (leave !== null) inside.push(name);
      return leave;
    });
  const first = await enter('a');
  await enter('b');
  const waiting = [enter('c'), enter('d')];
  expect(await enter('e')).toBeNull();
  expect(inside).toEqual(['a', 'b']);
  first?.();
  first?.();
  const third = await waiting[0];
  expect(inside).toEqual(['a', 'b', 'c']);
  third?.();
  await waiting[1];
  expect(inside).toEqual(['a', 'b', 'c', 'd']);
});
