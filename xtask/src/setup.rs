//! What building needs: the WebAssembly target, Node, npm packages.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::run::{cargo, output_of, program, root, run, step};
use crate::{debian_rust, system};

/// The target of the page's module.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// cargo for what is compiled to WebAssembly: the one that runs us, with its
/// target installed if need be, or else Debian's.
pub fn wasm_cargo() -> Result<Command> {
    if has_wasm_target()? {
        return Ok(cargo());
    }
    if !debian_rust::is_there() {
        step(&format!("installing the Rust target {WASM_TARGET}"));
        let added = run(program("rustup").args(["target", "add", WASM_TARGET]));
        if has_wasm_target()? {
            return Ok(cargo());
        }
        if let Err(error) = added {
            println!("{error:#}");
        }
    }
    step(&format!(
        "compiling for {WASM_TARGET} with the system's Rust, its standard library from source"
    ));
    debian_rust::cargo().with_context(|| format!("the Rust target {WASM_TARGET} is missing"))
}

/// Whether the Rust that runs us has the standard library of WebAssembly.
fn has_wasm_target() -> Result<bool> {
    let folder =
        output_of(program("rustc").args(["--print", "target-libdir", "--target", WASM_TARGET]))?;
    Ok(Path::new(&folder).is_dir())
}

/// Installs the npm packages that a folder's package-lock.json names, unless
/// they are there.
pub fn npm_packages(folder: &str) -> Result<()> {
    system::ensure(&[system::NODE])?;
    node_version()?;

    let folder = root().join(folder);
    let lock = fs::read(folder.join("package-lock.json"))
        .with_context(|| format!("cannot read {}/package-lock.json", folder.display()))?;
    // A copy of what was installed last.
    let stamp = folder.join("node_modules/.installed-package-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    step(&format!("installing npm packages in {}", folder.display()));
    let npm = which::which("npm").context("npm is missing, though node is there: install npm")?;
    run(program(npm)
        .arg("ci")
        .args(["--no-audit", "--no-fund"])
        .current_dir(&folder))
    .context("npm ci failed: is the npm registry reachable?")?;
    fs::write(stamp, lock)?;
    Ok(())
}

fn node_version() -> Result<()> {
    let version = output_of(program("node").arg("--version"))?;
    if !new_enough(&version) {
        bail!("Node {version} is too old: install 20.19, 22.12 or newer from https://nodejs.org");
    }
    Ok(())
}

/// Whether Vite runs on it (the "engines" of package.json).
fn new_enough(version: &str) -> bool {
    let mut numbers = version
        .trim_start_matches('v')
        .split('.')
        .map_while(|number| number.parse::<u32>().ok());
    match (numbers.next(), numbers.next()) {
        (Some(20), Some(minor)) => minor >= 19,
        (Some(22), Some(minor)) => minor >= 12,
        (Some(major), _) => major > 22,
        (None, _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::new_enough;

    #[test]
    fn node_versions() {
        for version in ["v20.19.0", "v22.12.1", "v23.0.0", "v24.1.0"] {
            assert!(new_enough(version), "{version}");
        }
        for version in ["v18.20.4", "v20.18.3", "v21.7.0", "v22.11.0", ""] {
            assert!(!new_enough(version), "{version}");
        }
    }
}
