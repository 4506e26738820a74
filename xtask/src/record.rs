//! The recorded race: Figure 1 of the paper on CIFAR-10, trained by the
//! command-line twin, for the page to draw at once.
//!
//! Every line has a checkpoint below `target/recorded-race/`, so that an
//! interrupted recording goes on where it stood; the checkpoint also says how
//! the line went.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::run::{cargo, root, run, step};

const NETWORK: &str = "cifar-80sec";
const IMAGES: usize = 10_000;
const VALIDATION_IMAGES: usize = 1_000;
const SEED: u32 = 1;
/// The training error that Figure 1 asks for.
const UNTIL: f64 = 0.25;
/// An activation may run so many times as long as ReLU.
const PATIENCE: usize = 10;
/// ReLU itself gives up after so many epochs.
const LONGEST: usize = 60;

/// Two races: with today's initialisers, and with those of the time.
const RACES: [Race; 2] = [
    Race {
        name: "today",
        lines: [
            Line {
                activation: "relu",
                initializer: "he",
                rates: "0.01,0.02,0.04",
                trial_steps: 160,
            },
            Line {
                activation: "tanh",
                initializer: "xavier",
                rates: "0.01,0.02,0.04",
                trial_steps: 80,
            },
            Line {
                activation: "sigmoid",
                initializer: "xavier",
                rates: "0.15,0.3",
                trial_steps: 480,
            },
        ],
    },
    Race {
        name: "paper",
        lines: [
            Line {
                activation: "relu",
                initializer: "own",
                rates: "0.01,0.02,0.04",
                trial_steps: 160,
            },
            Line {
                activation: "tanh",
                initializer: "own",
                rates: "0.01,0.02,0.04",
                trial_steps: 160,
            },
            Line {
                activation: "sigmoid",
                initializer: "own",
                rates: "0.15,0.3",
                trial_steps: 480,
            },
        ],
    },
];

struct Race {
    name: &'static str,
    /// ReLU first: it says how long the others may take.
    lines: [Line; 3],
}

struct Line {
    activation: &'static str,
    initializer: &'static str,
    /// The learning rates that are tried.
    rates: &'static str,
    /// Steps of each trial: so many that their order is no longer of chance. A
    /// sigmoid leaves the plateau of guessing only after some four hundred.
    trial_steps: usize,
}

/// Trains what is not trained to its end yet, and writes www/race/recorded.json
/// after every line; `as_it_stands` only writes what was trained so far.
pub fn record(dataset: &str, as_it_stands: bool) -> Result<()> {
    let folder = root().join("target/recorded-race");
    fs::create_dir_all(&folder)?;
    let mut races: Vec<Value> = Vec::new();
    for race in &RACES {
        let earlier = races.len();
        let mut lines: Vec<Value> = Vec::new();
        // Epochs until ReLU was there.
        let mut relu = None;
        for line in &race.lines {
            let epochs = relu.map_or(LONGEST, |epochs| PATIENCE * epochs);
            let checkpoint = folder.join(format!("{}-{}.safetensors", race.name, line.activation));
            if !as_it_stands {
                step(&format!("{}: {}", race.name, line.activation));
                train(&checkpoint, line, dataset, epochs)?;
            }
            if !checkpoint.exists() {
                continue;
            }
            let recorded = Recorded::of(&checkpoint)?;
            if line.activation == "relu" {
                relu = recorded.crossed();
            }
            lines.push(recorded.line(line, relu));
            races.truncate(earlier);
            races.push(json!({
                "name": race.name,
                "dataset": "CIFAR-10",
                "network": NETWORK,
                "images": IMAGES,
                "validationImages": VALIDATION_IMAGES,
                "seed": SEED,
                "until": UNTIL,
                "command": "cargo xtask record --dataset cifar-10-binary.tar.gz",
                "lines": lines,
            }));
            let text = serde_json::to_string(&json!({ "races": races }))?;
            fs::write(root().join("www/race/recorded.json"), text + "\n")?;
        }
    }
    Ok(())
}

/// Trains one line to its end.
fn train(checkpoint: &Path, line: &Line, dataset: &str, epochs: usize) -> Result<()> {
    let mut command = cargo();
    command
        .args(["run", "--release", "--quiet", "--", "train"])
        .args(["--network", NETWORK, "--dataset", dataset])
        .arg(format!("--images={IMAGES}"))
        .arg(format!("--validation-images={VALIDATION_IMAGES}"))
        .arg(format!("--until={UNTIL}"))
        .arg(format!("--epochs={epochs}"))
        .arg("--save")
        .arg(checkpoint);
    match checkpoint.exists() {
        true => command.arg("--resume").arg(checkpoint),
        false => command
            .args(["--activation", line.activation])
            .args(["--initializer", line.initializer])
            .args(["--find-lr", line.rates])
            .arg(format!("--find-steps={}", line.trial_steps))
            .arg(format!("--seed={SEED}")),
    };
    run(&mut command)
}

/// How a line went, from the notes of its checkpoint.
struct Recorded {
    settings: Value,
    device: Value,
    epochs: Vec<Value>,
}

impl Recorded {
    fn of(checkpoint: &Path) -> Result<Self> {
        let read = || Self::read(&fs::read(checkpoint)?);
        read().with_context(|| checkpoint.display().to_string())
    }

    /// From the header of a safetensors file: JSON behind its length in bytes.
    fn read(file: &[u8]) -> Result<Self> {
        let length = file.first_chunk().context("it has no header")?;
        let length = u64::from_le_bytes(*length) as usize;
        let header = file[8..].get(..length).context("its header is cut off")?;
        let header: Value = serde_json::from_slice(header)?;
        let note = |key: &str| {
            let text = header["__metadata__"][format!("alexnet-live.{key}")].as_str();
            let text = text.with_context(|| format!("it lacks {key}"))?;
            serde_json::from_str::<Value>(text).with_context(|| key.to_owned())
        };
        let epochs = note("state")?["epochs"].as_array().cloned();
        Ok(Self {
            settings: note("settings")?,
            device: note("device")?,
            epochs: epochs.context("it lacks epochs")?,
        })
    }

    /// Epochs until the training error was as low as asked for.
    fn crossed(&self) -> Option<usize> {
        let errors = self.epochs.iter().map(|epoch| &epoch["training"]["error"]);
        let mut errors = errors.map(|error| error.as_f64().unwrap_or(1.0));
        Some(errors.position(|error| error <= UNTIL)? + 1)
    }

    /// A line as www/race/recorded.js reads it. `times` is how many times as long
    /// as ReLU it took, or ran without coming there.
    fn line(&self, line: &Line, relu: Option<usize>) -> Value {
        let crossed = self.crossed();
        let ran = crossed.unwrap_or(self.epochs.len()) as f64;
        let rounded = |evaluation: &Value| {
            json!({
                "loss": round(&evaluation["loss"], 1e4),
                "error": round(&evaluation["error"], 1e4),
            })
        };
        let epochs = self.epochs.iter().map(|epoch| {
            json!({
                "training": rounded(&epoch["training"]),
                "validation": rounded(&epoch["validation"]),
            })
        });
        json!({
            "activation": line.activation,
            "settings": self.settings,
            "tried": line.rates,
            "device": self.device,
            "crossed": crossed,
            "times": relu.map(|relu| (100.0 * ran / relu as f64).round() / 100.0),
            "epochs": epochs.collect::<Vec<_>>(),
        })
    }
}

/// As many digits as a chart can show.
fn round(number: &Value, digits: f64) -> Option<f64> {
    number
        .as_f64()
        .map(|number| (number * digits).round() / digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A checkpoint without weights.
    fn checkpoint(errors: &[f64]) -> Vec<u8> {
        let epoch = |error: &f64| {
            json!({
                "training": { "loss": 1.234567, "error": error },
                "validation": { "loss": 2.0, "error": 0.5 },
            })
        };
        let epochs = errors.iter().map(epoch).collect::<Vec<_>>();
        let header = json!({ "__metadata__": {
            "alexnet-live.settings": json!({ "rate": 0.01 }).to_string(),
            "alexnet-live.state": json!({ "epochs": epochs }).to_string(),
            "alexnet-live.device": json!("a GPU").to_string(),
        } });
        let header = header.to_string();
        let length = (header.len() as u64).to_le_bytes();
        [&length[..], header.as_bytes()].concat()
    }

    #[test]
    fn a_line_tells_when_it_was_there_or_how_far_it_ran() {
        let relu = Recorded::read(&checkpoint(&[0.5, 0.25])).expect("a checkpoint");
        let tanh = Recorded::read(&checkpoint(&[0.6, 0.5, 0.4])).expect("a checkpoint");
        assert_eq!(relu.crossed(), Some(2));
        let line = relu.line(&RACES[0].lines[0], relu.crossed());
        assert_eq!([&line["crossed"], &line["times"]], [&json!(2), &json!(1.0)]);
        assert_eq!(line["settings"], json!({ "rate": 0.01 }));
        assert_eq!(line["device"], json!("a GPU"));
        assert_eq!(line["epochs"][0]["training"]["loss"], json!(1.2346));
        let line = tanh.line(&RACES[0].lines[1], relu.crossed());
        assert_eq!(
            [&line["crossed"], &line["times"]],
            [&json!(null), &json!(1.5)]
        );
        assert_eq!(tanh.line(&RACES[0].lines[1], None)["times"], json!(null));
        assert!(Recorded::read(&checkpoint(&[])[..20]).is_err());
    }
}
