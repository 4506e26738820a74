//! Running other programs, in the root of the repository.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask is a folder of the repository")
}

/// Says what is done next, since it may take a while.
pub fn step(text: &str) {
    println!("==> {text}");
}

/// A program, to be run in the root of the repository.
pub fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root());
    command
}

/// The cargo that runs us.
pub fn cargo() -> Command {
    program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// A command-line tool of an npm package, by its path below node_modules/.
pub fn node_tool(path: &str) -> Command {
    let mut command = program("node");
    command.arg(Path::new("node_modules").join(path));
    command
}

/// Runs to the end; fails if the program does.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| cannot_run(command))?;
    ensure!(status.success(), "{} failed ({status})", shown(command));
    Ok(())
}

/// Runs to the end and returns what it printed, without the last line break.
pub fn output_of(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| cannot_run(command))?;
    ensure!(
        output.status.success(),
        "{} failed ({})",
        shown(command),
        output.status
    );
    let text = String::from_utf8(output.stdout)
        .with_context(|| format!("{} printed something other than text", shown(command)))?;
    Ok(text.trim_end().to_owned())
}

/// Becomes the program where the system can do that, so that whoever stops us
/// stops it.
pub fn become_program(command: &mut Command) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        Err(command.exec()).with_context(|| cannot_run(command))
    }
    #[cfg(not(unix))]
    run(command)
}

/// The command line, for messages.
pub fn shown(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}

fn cannot_run(command: &Command) -> String {
    format!("cannot run {}", shown(command))
}
