//! What building needs: the WebAssembly target, Node, npm packages.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use crate::run::{output_of, program, root, run, step};
use crate::system;

/// The target of the page's module.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

const NO_TARGET: &str = "\
the Rust target wasm32-unknown-unknown is missing and could not be installed. Either
  - install Rust through https://rustup.rs, then run: rustup target add wasm32-unknown-unknown
  - or, on Debian without access to Rust's servers, build the standard library yourself:
    apt-get install rustc-web cargo-web rust-web-src (all of one version), build std for this
    target with RUSTC_BOOTSTRAP=1 and
    -Zbuild-std=core,alloc,std,panic_abort,panic_unwind,proc_macro,test, linked by rustup's
    rust-lld, and make the result a toolchain with rustup toolchain link";

/// Installs the WebAssembly target if it is missing.
pub fn wasm_target() -> Result<()> {
    let installed = || -> Result<bool> {
        let folder = output_of(program("rustc").args([
            "--print",
            "target-libdir",
            "--target",
            WASM_TARGET,
        ]))?;
        Ok(Path::new(&folder).is_dir())
    };
    if installed()? {
        return Ok(());
    }
    step(&format!("installing the Rust target {WASM_TARGET}"));
    run(program("rustup").args(["target", "add", WASM_TARGET])).context(NO_TARGET)?;
    ensure!(installed()?, NO_TARGET);
    Ok(())
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
