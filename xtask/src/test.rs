//! `cargo xtask test`: every check of the project, in parts.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use clap::{Args, ValueEnum};

use crate::run::{cargo, node_tool, program, root, run, shown, step};
use crate::setup::{WASM_TARGET, npm_packages, wasm_cargo};
use crate::system::{self, CHINESE_FONT, FIREFOX, LAVAPIPE, VULKAN_LOADER, WEBKIT, XVFB};
use crate::{page, tally::Tally};

/// What to test, and how.
#[derive(Args)]
pub struct Options {
    /// Parts to run; all but `browsers` if none is named
    #[arg(value_enum)]
    parts: Vec<Part>,
    /// Vulkan driver for the Rust tests
    #[arg(long, value_enum, default_value_t = Driver::usual())]
    driver: Driver,
    /// Passed on to the runner of a single part: `cargo xtask test rust -- conv2d`
    #[arg(last = true)]
    arguments: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, ValueEnum)]
enum Part {
    /// rustfmt
    Format,
    /// Lints, natively and for WebAssembly
    Clippy,
    /// The documentation builds without warnings
    Docs,
    /// Unit, integration and documentation tests on a Vulkan driver
    Rust,
    /// The built page in Chromium
    Page,
    /// The built page in Firefox, and in WebKit on Linux
    Browsers,
}

/// What runs if no part is named. Not `browsers`: about one in twenty times that a page is
/// opened in Firefox on a busy machine, its worker stands still once the module is instantiated.
const USUAL: [Part; 5] = [
    Part::Format,
    Part::Clippy,
    Part::Docs,
    Part::Rust,
    Part::Page,
];

#[derive(Debug, Clone, Copy, PartialEq, ValueEnum)]
enum Driver {
    /// Chromium's own driver in software
    Swiftshader,
    /// Mesa's driver in software
    Lavapipe,
    /// Whatever the system has
    System,
}

impl Driver {
    /// Linux may have no GPU; elsewhere there is one.
    fn usual() -> Driver {
        if cfg!(target_os = "linux") {
            Driver::Swiftshader
        } else {
            Driver::System
        }
    }
}

/// Runs the parts one after the other, goes on after a failure, and closes
/// with the totals. A check without a runner that counts is a failure if it
/// fails.
pub fn test(options: &Options) -> ExitCode {
    let parts = match options.parts.as_slice() {
        [] => &USUAL,
        named => named,
    };
    if !options.arguments.is_empty() && options.parts.len() != 1 {
        eprintln!(
            "arguments after -- are for one part: name it, as in: cargo xtask test rust -- conv2d"
        );
        return ExitCode::FAILURE;
    }
    let mut tallies = Vec::new();
    let mut summary = Vec::new();
    for part in parts {
        let start = Instant::now();
        step(&format!("testing: {part:?}").to_lowercase());
        let mut tally = Tally::default();
        if let Err(error) = run_part(*part, options, &mut tally) {
            eprintln!("error: {error:#}");
            tally.failed = tally.failed.max(1);
        }
        let outcome = if tally.failed == 0 { "ok" } else { "FAILED" };
        let seconds = start.elapsed().as_secs();
        summary.push(format!("{part:?}: {outcome} in {seconds} s, {tally}").to_lowercase());
        tallies.push(tally);
    }
    let total: Tally = tallies.into_iter().sum();
    println!();
    summary.iter().for_each(|line| println!("{line}"));
    println!("{total}");
    if total.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn run_part(part: Part, options: &Options, tally: &mut Tally) -> Result<()> {
    match part {
        Part::Format => {
            run(cargo().args(["fmt", "--all", "--check"])).context("run: cargo fmt --all")
        }
        Part::Clippy => clippy(),
        Part::Docs => docs(),
        Part::Rust => rust(options, tally),
        Part::Page => page_tests(options, tally),
        Part::Browsers => browsers(options, tally),
    }
}

/// Natively each package by itself, so that what `cargo xtask` has compiled
/// already serves: the features of all packages at once would be others.
const PACKAGES: [&str; 3] = ["alexnet-live", "alexnet-live-cpu", "xtask"];

fn clippy() -> Result<()> {
    let deny = ["--", "--deny", "warnings"];
    for package in PACKAGES {
        run(cargo()
            .args(["clippy", "--all-targets", "--package", package])
            .args(deny))?;
    }
    run(wasm_cargo()?
        .args(["clippy", "--lib", "--target", WASM_TARGET])
        .args(deny))
}

fn docs() -> Result<()> {
    let doc = |mut cargo: Command| {
        cargo
            .args(["doc", "--no-deps", "--document-private-items"])
            .env("RUSTDOCFLAGS", "--deny warnings");
        cargo
    };
    for package in PACKAGES {
        run(doc(cargo()).args(["--package", package]))?;
    }
    run(doc(wasm_cargo()?).args(["--lib", "--target", WASM_TARGET]))
}

fn rust(options: &Options, tally: &mut Tally) -> Result<()> {
    let environment = driver(options.driver)?;
    let mut failed = Vec::new();
    for package in PACKAGES {
        let mut command = cargo();
        command
            .args(["test", "--no-fail-fast", "--package", package])
            .args(&options.arguments)
            .args(including_ignored(&options.arguments))
            .envs(environment.clone());
        if !counting(&mut command, Tally::of_cargo_line, tally)? {
            failed.push(shown(&command));
        }
    }
    ensure!(failed.is_empty(), "{} failed", failed.join(" and "));
    ensure!(tally.passed > 0, "cargo test ran no test");
    Ok(())
}

/// Runs a test runner, shows its lines and adds up what they count; whether it succeeded.
fn counting(
    command: &mut Command,
    counts: fn(&str) -> Option<Tally>,
    tally: &mut Tally,
) -> Result<bool> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run {}", shown(command)))?;
    for line in BufReader::new(child.stdout.take().expect("it is piped")).lines() {
        let line = line?;
        println!("{line}");
        *tally = [*tally, counts(&line).unwrap_or_default()]
            .into_iter()
            .sum();
    }
    Ok(child.wait()?.success())
}

/// What makes `cargo test` run the tests that need a published file too, where it is.
fn including_ignored(arguments: &[String]) -> &'static [&'static str] {
    /// As in tests/weights/deep_compression.rs.
    const PUBLISHED: &str = "../shared/data/squeezenet-deep-compression/compressed_SqueezeNet.net";
    let is_there = env::var_os("SQUEEZENET_NET").is_some() || root().join(PUBLISHED).exists();
    match (is_there, arguments.iter().any(|argument| argument == "--")) {
        (false, _) => &[],
        (true, false) => &["--", "--include-ignored"],
        (true, true) => &["--include-ignored"],
    }
}

/// The environment that makes Vulkan's loader take this driver.
fn driver(driver: Driver) -> Result<Vec<(&'static str, OsString)>> {
    let description = match driver {
        Driver::System => return Ok(Vec::new()),
        Driver::Swiftshader => system::swiftshader()?,
        Driver::Lavapipe => {
            system::ensure(&[LAVAPIPE])?;
            system::lavapipe().context("lavapipe is missing")?
        }
    };
    system::ensure(&[VULKAN_LOADER])?;
    println!("Vulkan driver: {}", description.display());
    // The second is the name that older loaders know.
    Ok(["VK_DRIVER_FILES", "VK_ICD_FILENAMES"]
        .map(|name| (name, description.clone().into()))
        .into())
}

fn page_tests(options: &Options, tally: &mut Tally) -> Result<()> {
    npm_packages(".")?;
    let chromium = system::chromium()?;
    system::ensure(&[CHINESE_FONT])?;
    page::dist()?;
    step("testing the page in Chromium");
    let report = root().join("target/page-tests/results.json");
    if report.exists() {
        fs::remove_file(&report)?;
    }
    let mut command = node_tool("@playwright/test/cli.js");
    command
        .arg("test")
        .args(&options.arguments)
        .env("CHROMIUM", chromium);
    let outcome = run(&mut command);
    *tally = fs::read_to_string(&report)
        .ok()
        .and_then(|report| Tally::of_playwright(&report))
        .unwrap_or_default();
    outcome?;
    ensure!(tally.passed > 0, "{} ran no test", shown(&command));
    Ok(())
}

fn browsers(options: &Options, tally: &mut Tally) -> Result<()> {
    npm_packages(".")?;
    system::ensure(&[CHINESE_FONT, FIREFOX])?;
    let mut files = vec!["tests/browsers/firefox.test.js"];
    if cfg!(target_os = "linux") {
        system::ensure(&[WEBKIT, XVFB])?;
        files.push("tests/browsers/webkit.test.js");
    }
    page::dist()?;
    step("testing the page in Firefox and WebKit");
    let mut command = program("node");
    command
        // One browser after the other; each uses all cores.
        .args(["--test", "--test-concurrency=1", "--test-reporter=tap"])
        .args(&options.arguments)
        .args(files);
    let succeeded = counting(&mut command, Tally::of_node_line, tally)?;
    ensure!(succeeded, "{} failed", shown(&command));
    ensure!(tally.passed > 0, "{} ran no test", shown(&command));
    Ok(())
}
