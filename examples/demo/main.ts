/** `npm run demo`: the command line in; ranked passages and answers out, or one line that says what is wrong */
import { readArguments } from "./arguments.ts";

const options = readArguments(process.argv);
// The frameworks take a while to load: what is wrong with the command line is said before that.
const { demo, isUsersToMend } = await import("./demo.ts");
try {
  await demo(options);
} catch (error) {
  if (!isUsersToMend(error)) throw error;
  console.error(`error: ${error.message.replace(/\s+/g, " ")}`);
  process.exitCode = 1;
}
