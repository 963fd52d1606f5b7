// Checks what a machine needs before anything can be installed, and says how to get it.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import process from "node:process";

const version = (command, ...args) => {
  const { status, stdout } = spawnSync(command, args, { encoding: "utf8" });
  return status === 0 ? stdout.match(/\d+(\.\d+)*/)?.[0] : undefined;
};

const atLeast = (minimum, actual) => {
  const [wanted, found] = [minimum, actual].map((text) => text.split(".").map(Number));
  const different = wanted.findIndex((part, i) => part !== (found[i] ?? 0));
  return different < 0 || (found[different] ?? 0) > wanted[different];
};

const nodeMinimum = "20.19";
const pythonMinimum = "3.10";
const rustMinimum = () => readFileSync("Cargo.toml", "utf8").match(/^rust-version = "(.+)"/m)[1];

/** How to get the newest Rust, depending on what selected another one. */
const rustChoice = () => {
  const { RUSTUP_TOOLCHAIN } = process.env;
  return RUSTUP_TOOLCHAIN ? "unset RUSTUP_TOOLCHAIN, which selects it" : "run `rustup update stable`";
};

const checks = {
  folder() {
    // A colon separates the entries of PATH; Vite interprets the others as parts of URLs or patterns.
    const [odd] = process.cwd().match(/[:#?*]/) ?? [];
    if (odd)
      return `Parlor cannot run in ${process.cwd()} because the path contains \`${odd}\`: move or rename the folder.`;
  },
  node() {
    const found = process.versions.node;
    if (!atLeast(nodeMinimum, found)) {
      return `Parlor needs Node ${nodeMinimum} or newer, this is ${found}: install it from https://nodejs.org.`;
    }
  },
  rust() {
    const found = version("cargo", "--version");
    if (!found) {
      return process.env.RUSTUP_TOOLCHAIN
        ? `Parlor needs Rust, and RUSTUP_TOOLCHAIN selects a toolchain that is not installed, ${process.env.RUSTUP_TOOLCHAIN}: unset it.`
        : "Parlor needs Rust: install it from https://rustup.rs, then open a new terminal.";
    }
    if (!atLeast(rustMinimum(), found)) {
      return `Parlor needs Rust ${rustMinimum()} or newer, this is ${found}: ${rustChoice()}.`;
    }
  },
  python() {
    const found = version("python3", "--version");
    if (!found) {
      return `Parlor needs Python ${pythonMinimum} or newer: install it from https://www.python.org or with the system's packages.`;
    }
    if (!atLeast(pythonMinimum, found)) {
      return `Parlor needs Python ${pythonMinimum} or newer, \`python3\` is ${found}: install it from https://www.python.org.`;
    }
    if (!version("python3", "-c", "import ensurepip, venv; print(1)")) {
      return "Parlor needs Python's venv module: on Debian or Ubuntu run `sudo apt install python3-venv`.";
    }
  },
  compiler() {
    if (!version("cc", "--version")) {
      return "Parlor needs a C compiler: run `sudo apt install build-essential` on Debian or Ubuntu, `xcode-select --install` on macOS.";
    }
  },
  cxxCompiler() {
    if (!version("c++", "--version")) {
      return "Fuzzing needs a C++ compiler: run `sudo apt install build-essential` on Debian or Ubuntu, `xcode-select --install` on macOS.";
    }
  },
};

/** Returns one sentence per missing prerequisite. */
export const missingPrerequisites = (needs) =>
  ["node", "folder", ...needs].map((need) => checks[need]()).filter(Boolean);
