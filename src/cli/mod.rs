//! The native twin of the page: `alexnet-live --help`.

mod classify;
mod inspect;
mod picture;
mod table;
mod weights;

use std::process::ExitCode;

use clap::Parser;

/// AlexNet on your own GPU, without the page.
#[derive(Parser)]
#[command(name = "alexnet-live", version)]
enum Command {
    /// Name what pictures show
    Classify(classify::Options),
    /// List the layers of a model or of a file: shapes, parameters, work
    Inspect(inspect::Options),
}

/// Runs the command; errors are one sentence and exit code 1.
pub fn main() -> ExitCode {
    let outcome = match Command::parse() {
        Command::Classify(options) => classify::classify(&options),
        Command::Inspect(options) => inspect::inspect(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
