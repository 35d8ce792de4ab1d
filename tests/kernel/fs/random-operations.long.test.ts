import { describeRandomOperations } from './random-operations.js';

const seeds = (from: number) => Array.from({ length: 10 }, (_, i) => from + i);

describeRandomOperations({ roomy: seeds(1), withoutBlocks: seeds(101), withoutInodes: seeds(201) });
