//! The native twin of the page: `alexnet-live --help`.

mod classify;

use std::process::ExitCode;

use clap::Parser;

/// AlexNet on your own GPU.
#[derive(Parser)]
#[command(name = "alexnet-live")]
enum Command {
    /// Name what pictures show
    Classify(classify::Options),
}

/// Runs the command; errors are one sentence and exit code 1.
pub fn main() -> ExitCode {
    let outcome = match Command::parse() {
        Command::Classify(options) => classify::classify(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
