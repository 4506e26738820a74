//! Set-up, build, serve, test and bench: `cargo xtask --help`.
//!
//! One module per command or step; [`run`] holds what they share.

mod bench;
mod debian_rust;
mod licences;
mod page;
mod record;
mod run;
mod setup;
mod sizes;
mod system;
mod tally;
mod test;
mod wasm;

use std::process::ExitCode;

use clap::Parser;

/// Set-up, build, serve, test and bench of AlexNet Live.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Command {
    /// Build everything and serve the page on this machine
    Serve {
        /// Port to listen on; the next free one if it is taken
        #[arg(long, default_value_t = 8080)]
        port: u16,
    },
    /// Build the page into dist/, for any folder of any web server
    Dist,
    /// Check and test everything, or only the named parts
    Test(test::Options),
    /// Train the race that the page draws at once, with the command-line twin; hours, resumed where it stood
    Record {
        /// CIFAR-10: cifar-10-binary.tar.gz, or a folder of its files
        #[arg(long)]
        dataset: String,
        /// Train nothing, write what was trained so far
        #[arg(long)]
        as_it_stands: bool,
    },
    /// Measure the page against its peers in one Chromium
    Bench {
        /// Passed on to benches/run.js
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

fn main() -> ExitCode {
    let outcome = match Command::parse() {
        Command::Serve { port } => page::serve(port),
        Command::Dist => page::dist(),
        Command::Test(options) => return test::test(&options),
        Command::Record {
            dataset,
            as_it_stands,
        } => record::record(&dataset, as_it_stands),
        Command::Bench { arguments } => bench::bench(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
