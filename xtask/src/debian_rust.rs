//! Rust as Debian and Ubuntu package it, for machines that cannot reach Rust's
//! own servers. Its standard library is not packaged for WebAssembly, but as
//! source, which cargo then compiles along with the module.

use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::run::{output_of, program};
use crate::system::{self, Need, is_ubuntu};

/// Where the packages put compiler, cargo and clippy.
const PROGRAMS: &str = "/usr/bin";
/// Where they put what cargo reads first of the standard library's source.
const SOURCE: &str = "/usr/lib/rustlib/src/rust/library/Cargo.lock";

/// The linker for WebAssembly, which rustup's Rust brings along.
const LINKER: Need = Need {
    what: "a linker for WebAssembly (wasm-ld)",
    found: || which::which("wasm-ld").is_ok(),
    packages: &["lld"],
    elsewhere: "install LLVM's linker lld",
};

/// Debian's plain packages are as old as its release; those for browsers follow Rust.
fn rust() -> Need {
    Need {
        what: "a Rust that brings its standard library as source",
        found: is_there,
        packages: match is_ubuntu() {
            true => &["rustc", "cargo", "rust-src", "rust-clippy"],
            false => &["rustc-web", "cargo-web", "rust-web-src", "rust-web-clippy"],
        },
        elsewhere: "install Rust through https://rustup.rs, then run: \
                    rustup target add wasm32-unknown-unknown",
    }
}

/// Whether all of it is installed.
pub fn is_there() -> bool {
    let programs = ["rustc", "cargo", "cargo-clippy"];
    let mut files = programs.map(|name| Path::new(PROGRAMS).join(name)).to_vec();
    files.push(SOURCE.into());
    files.iter().all(|file| file.is_file())
}

/// Its cargo, which compiles the standard library where its target lacks one;
/// installed if need be.
pub fn cargo() -> Result<Command> {
    system::ensure(&[rust()])?;
    let linker = linker()?;
    let mut path = OsString::from(PROGRAMS);
    if let Some(rest) = env::var_os("PATH") {
        path.push(":");
        path.push(rest);
    }
    let mut cargo = program(Path::new(PROGRAMS).join("cargo"));
    cargo
        // So that cargo finds this compiler and this clippy, not rustup's.
        .env("PATH", path)
        // Compiling the standard library is an unstable feature of cargo.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
    Ok(cargo)
}

/// The linker of the Rust that runs us, or LLVM's own.
fn linker() -> Result<OsString> {
    let libraries = output_of(program("rustc").args(["--print", "target-libdir"]))?;
    let host = Path::new(&libraries)
        .parent()
        .context("rustc's libraries stand in a folder")?;
    let own = host.join("bin/rust-lld");
    if own.is_file() {
        return Ok(own.into());
    }
    system::ensure(&[LINKER])?;
    Ok("wasm-ld".into())
}
