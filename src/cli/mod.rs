//! The native twin of the page: `alexnet-live --help`.

mod archive_names;
mod array;
mod checkpoint_files;
mod classify;
mod dataset;
mod engine;
mod inspect;
mod labels;
mod limits;
mod members;
mod picture;
mod run;
mod table;
mod train;
mod weights;

use std::fmt::Display;
use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use clap::parser::ValueSource;
use clap::{CommandFactory, FromArgMatches, Parser};

/// AlexNet on your own machine, without the page.
#[derive(Parser)]
#[command(name = "alexnet-live", version)]
enum Command {
    /// Name what pictures show
    Classify(classify::Options),
    /// Compute the outputs of an ONNX network from .npy files
    Run(run::Options),
    /// List the layers of a model or of a file: shapes, parameters, work
    Inspect(inspect::Options),
    /// Train a small network
    Train(Box<train::Options>),
}

/// Runs the command; errors are one sentence and exit code 1.
pub fn main() -> ExitCode {
    let outcome = match parse() {
        Command::Classify(options) => classify::classify(&options),
        Command::Run(options) => run::run(&options),
        Command::Inspect(options) => inspect::inspect(&options),
        Command::Train(options) => train::train(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// What is asked for, and of training which settings are said.
fn parse() -> Command {
    let matches = Command::command().get_matches();
    let command = Command::from_arg_matches(&matches);
    let mut command = command.unwrap_or_else(|error| error.exit());
    if let (Command::Train(options), Some((_, said))) = (&mut command, matches.subcommand()) {
        let given =
            |name: &&clap::Id| said.value_source(name.as_str()) == Some(ValueSource::CommandLine);
        options.given = said.ids().filter(given).map(ToString::to_string).collect();
    }
    command
}

/// Prints a line.
///
/// # Errors
/// When nobody reads on, as `head` does not: that ends the program quietly.
fn say(line: impl Display) -> std::io::Result<()> {
    writeln!(std::io::stdout(), "{line}")
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let error = error.downcast_ref::<std::io::Error>();
    error.is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}
