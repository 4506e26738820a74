//! `train` as a person calls it.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use image::RgbImage;

use super::command_line::{call, refusal, stdout, temporary, text};

/// A tiny run of the built-in digits: 4 steps an epoch.
const TINY: [&str; 9] = [
    "train",
    "--network",
    "four-layer",
    "--images",
    "32",
    "--validation-images",
    "16",
    "--batch",
    "8",
];

fn train(arguments: &[&str]) -> String {
    stdout(&call(&[&TINY, arguments].concat()))
}

/// The table of a run: activation, and the numbers behind it.
fn table(path: &Path) -> Vec<(String, Vec<f64>)> {
    let text = fs::read_to_string(path).expect("a table");
    let mut lines = text.lines();
    assert_eq!(
        lines.next(),
        Some(
            "activation,learning_rate,epoch,training_loss,training_error,validation_loss,\
             validation_error"
        )
    );
    let row = |line: &str| {
        let (activation, numbers) = line.split_once(',').expect(line);
        let numbers = numbers.split(',').map(|number| number.parse().expect(line));
        (activation.to_owned(), numbers.collect())
    };
    lines.map(row).collect()
}

#[test]
fn a_run_is_written_down_and_goes_on_as_the_uninterrupted_one() {
    let file = |name: &str| temporary(&format!("race-{name}"));
    let paths = [
        "first.csv",
        "out.safetensors",
        "on.csv",
        "on.safetensors",
        "whole.csv",
    ]
    .map(file);
    let [first, out, on, saved_on, whole] = &paths;
    let same = ["--no-shuffle", "--steps", "2"];
    let said = train(
        &[
            &same[..],
            &["--activation", "relu,tanh", "--epochs", "2"],
            &["--find-lr", "0.000001,0.01", "--find-steps", "8"],
            &["--csv", text(first), "--save", text(out)],
        ]
        .concat(),
    );
    for expected in [
        "relu takes 0.01",
        "tanh takes 0.01",
        "tanh epoch 2: training loss",
    ] {
        assert!(said.contains(expected), "{said}");
    }
    let [relu, tanh] = ["relu", "tanh"].map(|name| file(&format!("out-{name}.safetensors")));
    assert!(relu.is_file() && tanh.is_file() && !out.exists());
    let first = table(first);
    let names: Vec<&str> = first.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["relu", "relu", "tanh", "tanh"]);

    // Neither network, number of pictures, rate nor schedule are said again.
    stdout(&call(&[
        "train",
        "--validation-images",
        "16",
        "--resume",
        text(&tanh),
        "--epochs",
        "3",
        "--csv",
        text(on),
        "--save",
        text(saved_on),
    ]));
    assert!(saved_on.is_file());
    let on = table(on);
    train(
        &[
            &same[..],
            &[
                "--activation",
                "tanh",
                "--epochs",
                "3",
                "--csv",
                text(whole),
            ],
        ]
        .concat(),
    );
    let whole = table(whole);
    assert_eq!((on.len(), whole.len()), (3, 3));
    for (index, ((_, a), (_, b))) in on.iter().zip(&whole).enumerate() {
        let near = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-12;
        assert!(a.iter().zip(b).all(near), "{a:?}, {b:?}");
        if let Some((_, before)) = first.get(2 + index) {
            assert!(a.iter().zip(before).all(near), "{a:?}, {before:?}");
        }
    }
    // The rate in force, and the number of the epoch.
    for ((_, row), (rate, epoch)) in whole.iter().zip([(0.01, 1.0), (0.01, 2.0), (0.001, 3.0)]) {
        assert!((row[0] / rate - 1.0).abs() < 1e-6, "{row:?}");
        assert!((row[1] - epoch).abs() < 1e-9, "{row:?}");
    }

    // From these weights it begins where they were left, and stops when it is good enough.
    let initialised = file("initialised.csv");
    train(&[
        "--init",
        text(&tanh),
        "--activation",
        "tanh",
        "--epochs",
        "5",
        "--until",
        "1",
        "--csv",
        text(&initialised),
    ]);
    let initialised = table(&initialised);
    assert_eq!(initialised.len(), 1);
    let (begun, anew) = (initialised[0].1[2], first[2].1[2]);
    assert!(begun < anew, "{begun}, not below {anew}");
}

/// Two classes of pictures that the seed splits.
fn own_pictures(name: &str) -> PathBuf {
    let folder = temporary(name);
    for (class, base) in [("dark", 10), ("light", 150)] {
        fs::create_dir_all(folder.join(class)).expect("a folder");
        for index in 0..5_u8 {
            let picture = RgbImage::from_fn(20, 20, |x, _| {
                image::Rgb([base + 7 * index, base, base + x as u8])
            });
            let path = folder.join(class).join(format!("{index}.png"));
            picture.save(path).expect("a file");
        }
    }
    folder
}

#[test]
fn a_resumed_run_takes_size_and_split_of_the_pictures_from_its_checkpoint() {
    let (folder, checkpoint) = (
        own_pictures("own-pictures"),
        temporary("own-{}.safetensors"),
    );
    let own = ["train", "--dataset", text(&folder)];
    // With crops, for which a picture of 28 pixels has a margin.
    let run = [
        &["--network", "four-layer", "--size", "28"][..],
        &["--crop", "2", "--seed", "7"],
    ];
    let run = run.concat();
    let save = ["--epochs", "1", "--save", text(&checkpoint)];
    stdout(&call(&[&own[..], &run, &save].concat()));
    let checkpoint = temporary("own-relu.safetensors");
    let resume = ["--resume", text(&checkpoint), "--epochs", "2"];
    let said = stdout(&call(&[&own[..], &resume].concat()));
    assert!(said.contains("relu epoch 2: "), "{said}");

    // Another split would train with what the checkpoint validates with.
    let share = ["--validation-share", "0.4"];
    let error = refusal(&[&own[..], &resume, &share].concat());
    let expected = "this run was trained with own-pictures (8 pictures), and the dataset is \
                    another: own-pictures (6 pictures)";
    assert_eq!(error, expected);
    let error = refusal(&[&["train"][..], &resume].concat());
    assert!(error.ends_with("another: mnist-5k (8 pictures)"), "{error}");
}

#[test]
fn refusals_of_training_say_what_is_wrong() {
    let error = refusal(&["train", "--images", "0"]);
    assert_eq!(error, "there is no picture to train with");
    let error = refusal(&["train", "--resume", "Cargo.toml"]);
    assert!(error.starts_with("Cargo.toml: "), "{error}");
    let folder = own_pictures("one-class");
    let error = refusal(&["train", "--dataset", text(&folder.join("dark"))]);
    assert!(
        error.contains("there are 1 classes with pictures"),
        "{error}"
    );
}

#[test]
fn training_ends_quietly_when_nobody_reads_on() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_alexnet-live"))
        .args(TINY)
        .args(["--epochs", "1000"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    let mut reader = BufReader::new(child.stdout.take().expect("a pipe"));
    reader.read_line(&mut line).expect("a line");
    assert!(line.starts_with("relu: 22554 parameters"), "{line}");
    drop(reader);
    let mut errors = String::new();
    let mut pipe = child.stderr.take().expect("a pipe");
    pipe.read_to_string(&mut errors).expect("text");
    assert!(child.wait().expect("it ends").success(), "{errors}");
    assert!(!errors.contains("panicked"), "{errors}");
}
