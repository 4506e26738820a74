//! Serving the page and bundling it with Vite.

use std::fs;

use anyhow::Result;

use crate::run::{become_program, node_tool, root, run, step};
use crate::{setup, sizes, wasm};

const VITE: &str = "vite/bin/vite.js";

/// Builds the module and serves the page; JavaScript is followed as it changes.
pub fn serve(port: u16) -> Result<()> {
    setup::npm_packages(".")?;
    wasm::build()?;
    step("serving the page; run this command again after changes in Rust or WGSL");
    become_program(node_tool(VITE).arg("--port").arg(port.to_string()))
}

/// Builds dist/ and holds it against the budgets.
pub fn dist() -> Result<()> {
    setup::npm_packages(".")?;
    wasm::build()?;
    step("bundling the page into dist/");
    let dist = root().join("dist");
    if dist.exists() {
        fs::remove_dir_all(&dist)?;
    }
    run(node_tool(VITE).args(["build", "--logLevel", "warn"]))?;
    sizes::report(&dist)
}
