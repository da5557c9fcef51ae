/** Between two forecasts of a job: pages are answered and leases prolonged before the next one takes the thread. */
export { setImmediate as breathe } from 'node:timers/promises';
