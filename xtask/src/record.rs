//! The recorded race: Figure 1 of the paper on CIFAR-10, trained by the
//! command-line twin, for the page to draw at once.
//!
//! Every line has a checkpoint below `target/recorded-race/`, so that an
//! interrupted recording goes on where it stood.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::run::{cargo, root, run, step};

const NETWORK: &str = "cifar-80sec";
const IMAGES: usize = 10_000;
const VALIDATION_IMAGES: usize = 2_000;
const SEED: u32 = 1;
/// The training error that Figure 1 asks for.
const UNTIL: f64 = 0.25;
/// An activation may run so many times as long as ReLU.
const PATIENCE: usize = 10;
/// ReLU itself gives up after so many epochs.
const LONGEST: usize = 60;

/// Two races: with the initialisers of the time, and with today's.
const RACES: [Race; 2] = [
    Race {
        name: "today",
        lines: [
            Line {
                activation: "relu",
                initializer: "he",
                rates: "0.0025,0.005,0.01,0.02",
            },
            Line {
                activation: "tanh",
                initializer: "xavier",
                rates: "0.0025,0.005,0.01,0.02",
            },
            Line {
                activation: "sigmoid",
                initializer: "xavier",
                rates: "0.02,0.05,0.1,0.2",
            },
        ],
        trial_steps: 120,
    },
    Race {
        name: "paper",
        lines: [
            Line {
                activation: "relu",
                initializer: "own",
                rates: "0.005,0.01,0.02",
            },
            Line {
                activation: "tanh",
                initializer: "own",
                rates: "0.005,0.01,0.02",
            },
            Line {
                activation: "sigmoid",
                initializer: "own",
                rates: "0.05,0.1,0.2",
            },
        ],
        trial_steps: 200,
    },
];

struct Race {
    name: &'static str,
    /// ReLU first: it says how long the others may take.
    lines: [Line; 3],
    /// Steps of each trial of a learning rate.
    trial_steps: usize,
}

struct Line {
    activation: &'static str,
    initializer: &'static str,
    /// The learning rates that are tried.
    rates: &'static str,
}

/// Trains what is not trained yet, and writes www/race/recorded.json after
/// every line.
pub fn record(dataset: &str) -> Result<()> {
    let folder = root().join("target/recorded-race");
    fs::create_dir_all(&folder)?;
    let mut races: Vec<Value> = Vec::new();
    for race in &RACES {
        races.push(json!({
            "name": race.name,
            "dataset": "cifar-10",
            "network": NETWORK,
            "images": IMAGES,
            "seed": SEED,
            "command": "cargo xtask record --dataset cifar-10-binary.tar.gz",
            "lines": [],
        }));
        let mut epochs = LONGEST;
        for line in &race.lines {
            step(&format!("{}: {}", race.name, line.activation));
            let csv = train(&folder, race, line, dataset, epochs)?;
            let recorded = recorded_line(line, &csv)?;
            if line.activation == "relu" {
                epochs = PATIENCE * csv.lines().count().saturating_sub(1);
            }
            let lines = races
                .last_mut()
                .and_then(|race| race["lines"].as_array_mut());
            lines.expect("just made").push(recorded);
            let text = serde_json::to_string(&json!({ "races": races }))?;
            fs::write(root().join("www/race/recorded.json"), text + "\n")?;
        }
    }
    Ok(())
}

/// Trains one line to its end, and returns its table of epochs.
fn train(folder: &Path, race: &Race, line: &Line, dataset: &str, epochs: usize) -> Result<String> {
    let file = |ending: &str| folder.join(format!("{}-{}.{ending}", race.name, line.activation));
    let (checkpoint, csv) = (file("safetensors"), file("csv"));
    let mut command = cargo();
    command
        .args(["run", "--release", "--quiet", "--", "train"])
        .args(["--network", NETWORK, "--dataset", dataset])
        .arg(format!("--images={IMAGES}"))
        .arg(format!("--validation-images={VALIDATION_IMAGES}"))
        .arg(format!("--until={UNTIL}"))
        .arg(format!("--epochs={epochs}"))
        .arg("--csv")
        .arg(&csv)
        .arg("--save")
        .arg(&checkpoint);
    match checkpoint.exists() {
        true => command.arg("--resume").arg(&checkpoint),
        false => command
            .args(["--activation", line.activation])
            .args(["--initializer", line.initializer])
            .args(["--find-lr", line.rates])
            .arg(format!("--find-steps={}", race.trial_steps))
            .arg(format!("--seed={SEED}")),
    };
    run(&mut command)?;
    fs::read_to_string(&csv).with_context(|| csv.display().to_string())
}

/// A line as www/race/recorded.js reads it.
fn recorded_line(line: &Line, csv: &str) -> Result<Value> {
    let mut rate = 0.0;
    let mut epochs = Vec::new();
    for row in csv.lines().skip(1) {
        let numbers = row.split(',').skip(1).map(str::parse::<f64>);
        let numbers = numbers.collect::<Result<Vec<_>, _>>();
        let numbers = numbers.with_context(|| format!("a line of numbers, not {row}"))?;
        let [row_rate, _, loss, error, validation_loss, validation_error] = numbers[..] else {
            anyhow::bail!("six numbers behind the activation, not {row}");
        };
        rate = row_rate;
        epochs.push(json!({
            "training": evaluation(loss, error),
            "validation": evaluation(validation_loss, validation_error),
        }));
    }
    Ok(json!({
        "activation": line.activation,
        "initializer": line.initializer,
        "rate": rate,
        "tried": line.rates,
        "epochs": epochs,
    }))
}

/// Rounded to what a chart can show.
fn evaluation(loss: f64, error: f64) -> Value {
    let rounded = |value: f64| (value * 1e4).round() / 1e4;
    json!({ "loss": rounded(loss), "error": rounded(error) })
}
