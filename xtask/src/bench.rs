//! Measuring: benches/run.js does it, here it gets what it needs.

use anyhow::{Result, ensure};

use crate::run::{become_program, program, root, step};
use crate::{page, setup, system};

/// Builds dist/, then runs benches/run.js with
/// - `CHROMIUM`: the browser's executable,
/// - `DIST`: the folder of the built page.
///
/// It serves what it measures itself, through tests/page/support/server.js.
pub fn bench(arguments: &[String]) -> Result<()> {
    ensure!(
        root().join("benches/run.js").is_file(),
        "there is no benches/run.js"
    );
    setup::npm_packages(".")?;
    setup::npm_packages("benches")?;
    let chromium = system::chromium()?;
    page::dist()?;
    step("measuring");
    become_program(
        program("node")
            .arg("benches/run.js")
            .args(arguments)
            .env("CHROMIUM", chromium)
            .env("DIST", root().join("dist")),
    )
}
