/** Does something with every value, so many at a time, in their order. The first failure ends it once what is under way has ended. */
export async function runPool<T>(values: readonly T[], width: number, work: (value: T) => Promise<void>): Promise<void> {
  const queue = values.values();
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (const value of queue) {
      if (failures.length > 0) return;
      await work(value).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  if (failures.length > 0) throw failures[0];
}
