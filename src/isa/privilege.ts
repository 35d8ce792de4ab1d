/** Privilege modes, as mstatus.MPP and the hart block's `privilege` number them (Privileged ISA §1.2). */
export const Privilege = { User: 0, Supervisor: 1, Machine: 3 } as const;
export type Privilege = (typeof Privilege)[keyof typeof Privilege];
