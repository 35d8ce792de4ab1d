import { describe, expect, it } from 'vitest';
import { SubjectError } from '../../src/explore/subject.js';
import { guestFile, parseGuestConfig } from '../../src/guest/guest-config.js';
import { countingKernel } from '../support/counting-kernel.js';

const config = countingKernel('put');

describe('the configuration of an explored kernel', () => {
  it('comes back from a failure file', () => {
    expect(parseGuestConfig(JSON.parse(JSON.stringify(config)))).toEqual(config);
  });

  it('has xv6’s profile where the file is from before there were others', () => {
    const { profile: _, ...older } = config;
    expect(parseGuestConfig(older)).toEqual(config);
  });

  it.each([
    ['kernel', { ...config, kernel: { path: 3 } }],
    ['disk', { ...config, disk: { path: '/x', sha256: 'a' } }],
    ['virtio', { ...config, virtio: 3 }],
    ['exec', { ...config, exec: null }],
    ['profile', { ...config, profile: {} }],
    ['harts', { ...config, harts: 0 }],
    ['memory', { ...config, memory: 1 }],
    ['config', null],
  ])('is refused by name where its %s is wrong', (key, value) => {
    expect(() => parseGuestConfig(value)).toThrow(new SubjectError(`its '${key}' is missing or wrong`));
  });

  it('says which file cannot be read', () => {
    expect(() => guestFile('/nowhere/kernel')).toThrow(/^cannot read \/nowhere\/kernel: ENOENT/);
  });
});
