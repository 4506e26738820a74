//! The page's WebAssembly module and the JavaScript that loads it.

use std::fs;
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::licences;
use crate::run::{root, shown, step};
use crate::setup::{WASM_TARGET, wasm_cargo};

/// Builds www/pkg/alexnet_live.js and alexnet_live_bg.wasm, with the licences of what is in it.
pub fn build() -> Result<()> {
    let mut command = wasm_cargo()?;
    step("building the WebAssembly module (the first time takes minutes)");
    command
        .args(["build", "--lib", "--profile", "web"])
        .args(["--target", WASM_TARGET])
        // Tells where the module is, wherever the target folder is.
        .arg("--message-format=json-render-diagnostics")
        .stderr(Stdio::inherit());
    let output = command.output().context("cannot run cargo")?;
    ensure!(output.status.success(), "{} failed", shown(&command));
    let module = String::from_utf8(output.stdout)?
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|message| Some(message["filenames"].as_array()?.clone()))
        .flatten()
        .filter_map(|file| file.as_str().map(str::to_owned))
        .find(|file| file.ends_with("alexnet_live.wasm"))
        .context("cargo built no alexnet_live.wasm")?;

    let package = root().join("www/pkg");
    if package.exists() {
        fs::remove_dir_all(&package)?;
    }
    Bindgen::new()
        .input_path(module)
        .web(true)?
        .omit_default_module_path(false)
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(&package)
        .context("wasm-bindgen failed")?;
    fs::write(package.join("licences.json"), licences::of_module()?)?;
    Ok(())
}
