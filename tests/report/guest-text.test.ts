import { expect, it } from 'vitest';
import { type GuestEnding, guestText } from '../../src/report/guest-text.js';

const ending: GuestEnding = {
  end: { kind: 'prompt', line: '$ ' },
  places: ['0x80000000 <a>', '0x80000004 <b>'],
  stacks: [],
  damage: [],
  lastLines: ['one', 'two'],
  failures: [],
  wantsOtherVirtio: false,
};

it('says nothing of a machine that has done what it was to do', () => {
  expect(guestText(ending, false)).toBe('');
  expect(guestText({ ...ending, end: { kind: 'exit', status: 3 } }, false)).toBe('');
});

it('says what failed, the last lines, and where harts are', () => {
  const text = guestText({ ...ending, end: { kind: 'fail', line: 'panic: x' } }, false);
  expect(text.trimStart()).toBe(
    'hartbreak: failed: panic: x\nthe last lines of the console:\n  one\n  two\nhart 0 at pc 0x80000000 <a>\nhart 1 at pc 0x80000004 <b>\n',
  );
});

it('says what is on the stacks of harts, and what of the debug information was damaged', () => {
  const failed: GuestEnding = {
    ...ending,
    end: { kind: 'fail', line: 'panic: x' },
    stacks: [['panic (kernel/printf.c:118)', 'kfree (kernel/kalloc.c:52)'], []],
    damage: ['its .debug_line is damaged: …'],
  };
  expect(guestText(failed, false)).toContain(
    [
      '\nhart 0 at pc 0x80000000 <a>',
      '  panic (kernel/printf.c:118)',
      '  kfree (kernel/kalloc.c:52)',
      'hart 1 at pc 0x80000004 <b>',
      'hartbreak: of the kernel, its .debug_line is damaged: …\n',
    ].join('\n'),
  );
  expect(guestText({ ...ending, end: { kind: 'killed' } }, false)).toBe('');
});

it('says which harts died', () => {
  expect(guestText({ ...ending, failures: ['hart 1 died'] }, false)).toContain('hartbreak: hart 1 died\n');
});

it('says where harts are when somebody ends it', () => {
  const text = guestText({ ...ending, end: { kind: 'stopped' } }, true);
  expect(text.trimStart()).toBe('hart 0 at pc 0x80000000 <a>\nhart 1 at pc 0x80000004 <b>\n');
});

it('says what a reset comes to', () => {
  expect(guestText({ ...ending, end: { kind: 'reset' } }, false)).toContain('the guest asked for a reset');
});

it('says what a driver wants that turned away', () => {
  const failed: GuestEnding = { ...ending, end: { kind: 'fail', line: 'panic: no disk' } };
  expect(guestText(failed, false)).not.toContain('--virtio');
  expect(guestText({ ...failed, wantsOtherVirtio: true }, false)).toContain('try the other --virtio');
});
