// cargo-lambda-cdk 0.0.36 puts the output folder as it is into a line for bash. Quoted, its path may have blanks and
// parentheses.
import { Bundling } from "cargo-lambda-cdk/lib/bundling.js";

const { createBundlingCommand } = Bundling.prototype;
const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

Bundling.prototype.createBundlingCommand = function (options) {
  return createBundlingCommand.call(this, { ...options, outputDir: quoted(options.outputDir) });
};
