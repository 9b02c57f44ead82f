/** All commands of the command line, each with its flags. */
import type { Command } from "commander";
import { addCommand, retryCommand } from "./add-command.ts";
import { searchCommand, statusCommand, verifyCommand, workerCommand } from "./index-commands.ts";

export function commands(): Command[] {
  return [addCommand(), searchCommand(), statusCommand(), verifyCommand(), retryCommand(), workerCommand()];
}
