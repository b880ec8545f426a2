/**
 * What a piece of work costs this process in processor time, threads of its own included, in milliseconds. Unlike the time that passes it does
 * not grow where others keep the machine busy. Nothing else of the process may run meanwhile.
 */
export async function cpuMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
