/** Does work and then closes what it used. What goes wrong first is told, and not what goes wrong in closing because of it. */
export async function closing<T>(work: () => Promise<T>, close: () => Promise<void>): Promise<T> {
  let made: T;
  try {
    made = await work();
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
  await close();
  return made;
}
