//! Measuring: benches/run.js does it, here it gets what it needs.

use anyhow::Result;

use crate::run::{become_program, program, step};
use crate::{page, setup, system};

/// Builds the module and the page, reports their sizes, then runs
/// benches/run.js, with the browser's executable in `CHROMIUM`.
pub fn bench(arguments: &[String]) -> Result<()> {
    setup::npm_packages(".")?;
    setup::npm_packages("benches")?;
    let chromium = system::chromium()?;
    page::dist()?;
    step("measuring");
    become_program(
        program("node")
            .arg("benches/run.js")
            .args(arguments)
            .env("CHROMIUM", chromium),
    )
}
