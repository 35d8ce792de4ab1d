import { describeRandomOperations } from './random-operations.js';

describeRandomOperations({ roomy: [1], withoutBlocks: [4], withoutInodes: [7] });
