import { everyPlace } from '../support/places.js';
import { describeSelfTests } from './pass-self-tests.js';

describeSelfTests(everyPlace([1, 2, 4, 8]));
