/** The event loop has its turn: what waits (messages, timers, the end of a deadline) comes first. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
