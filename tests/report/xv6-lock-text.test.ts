import { expect, it } from 'vitest';
import { xv6LockText } from '../../src/report/xv6-lock-text.js';

const lock = (name: string, spins: number, acquisitions: number) => ({ name, spins, acquisitions });

it('prints the lines of xv6’s lock lab: kmem and bcache, the five most contended, and the sum of the first', () => {
  const locks = [
    lock('kmem', 83375, 433015),
    lock('time', 0, 20),
    lock('bcache', 12, 1260),
    lock('cons', 0, 0),
    lock('proc', 23737, 130718),
    lock('proc', 4080, 130786),
    lock('proc', 5937, 130786),
    lock('pipe', 4080, 114),
  ];
  expect(xv6LockText(locks)).toBe(`--- lock kmem/bcache stats
lock: kmem: #test-and-set 83375 #acquire() 433015
lock: bcache: #test-and-set 12 #acquire() 1260
--- top 5 contended locks:
lock: kmem: #test-and-set 83375 #acquire() 433015
lock: proc: #test-and-set 23737 #acquire() 130718
lock: proc: #test-and-set 5937 #acquire() 130786
lock: proc: #test-and-set 4080 #acquire() 130786
lock: pipe: #test-and-set 4080 #acquire() 114
tot= 83387`);
});

it('takes the lists of every hart for kmem', () => {
  const text = xv6LockText([lock('kmem_0', 3, 10), lock('kmem_1', 4, 10)]);
  expect(text).toMatch(/^lock: kmem_0: .*\nlock: kmem_1: /m);
  expect(text).toMatch(/\ntot= 7$/);
});
