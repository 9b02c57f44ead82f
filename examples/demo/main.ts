/** `npm run demo`: the command line -> ranked passages and answers, or one line that says what is wrong */
import { readArguments } from "./arguments.ts";

const options = readArguments(process.argv);
// The frameworks take a while to load, so mistakes in the command line are reported before that.
const { demo, isUsersToMend } = await import("./demo.ts");
try {
  await demo(options);
} catch (error) {
  if (!isUsersToMend(error)) throw error;
  console.error(`error: ${error.message.replace(/\s+/g, " ")}`);
  process.exitCode = 1;
}
