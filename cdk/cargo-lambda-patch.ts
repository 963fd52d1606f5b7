// cargo-lambda-cdk 0.0.36 puts the output folder unquoted into a bash command, which fails if the path contains spaces or
// parentheses. This patch quotes it.
import { Bundling } from "cargo-lambda-cdk/lib/bundling.js";

const { createBundlingCommand } = Bundling.prototype;
const quote = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

Bundling.prototype.createBundlingCommand = function (options) {
  return createBundlingCommand.call(this, { ...options, outputDir: quote(options.outputDir) });
};
