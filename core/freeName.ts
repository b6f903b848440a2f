/** The first name that is not taken: `name`, then those with a number from 2 on. */
export function freeName(
  name: string,
  numbered: (number: number) => string,
  isTaken: (name: string) => boolean,
): string {
  let free = name;
  for (let number = 2; isTaken(free); number++) free = numbered(number);
  return free;
}
