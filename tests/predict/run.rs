//! ONNX networks from the command line, against ONNX's reference evaluator
//! (`golden/run.py`).

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::command_line::{call, refusal, stdout, temporary, text};
use super::sample;

/// A file of `golden/run`.
fn golden(name: &str) -> PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/run");
    Path::new(folder).join(name)
}

/// An array's shape and numbers.
fn array(path: &Path) -> (Vec<u64>, Vec<f32>) {
    let bytes = std::fs::read(path).expect("an array");
    let file = npyz::NpyFile::new(&bytes[..]).expect("an array");
    (
        file.shape().to_vec(),
        file.into_vec().expect("32-bit floats"),
    )
}

/// `NAME=FILE`, as an argument.
fn named(name: &str, file: &Path) -> String {
    format!("{name}={}", text(file))
}

#[test]
fn two_inputs_and_two_outputs_of_a_batch() {
    let (maps, scores) = (temporary("maps.npy"), temporary("scores.npy"));
    // In another order than the network's.
    stdout(&call(&[
        "run",
        text(&golden("two.onnx")),
        "--input",
        &named("right", &golden("right.npy")),
        "--output",
        &named("scores", &scores),
        "--input",
        &named("left", &golden("left.npy")),
        "--output",
        &named("maps", &maps),
    ]));
    for (found, expected) in [(maps, "maps.npy"), (scores, "scores.npy")] {
        let (found, expected) = (array(&found), array(&golden(expected)));
        assert_eq!(found.0, expected.0);
        for (found, expected) in found.1.iter().zip(&expected.1) {
            assert!((found - expected).abs() < 1e-4, "{found}, not {expected}");
        }
    }
}

#[test]
fn outputs_are_summed_up_when_they_go_nowhere() {
    let (left, right) = (golden("left.npy"), golden("right.npy"));
    let output = stdout(&call(&[
        "run",
        text(&golden("two.onnx")),
        "--input",
        &named("left", &left),
        "--input",
        &named("right", &right),
    ]));
    assert!(
        output.starts_with("maps: [2, 4, 8, 6], from 0 to "),
        "{output}"
    );
    assert!(output.contains("\nscores: [2, 5], from -"), "{output}");
}

#[test]
fn refusals_say_what_to_do() {
    let (two, left, right) = (golden("two.onnx"), golden("left.npy"), golden("right.npy"));
    let run = |inputs: &[&str]| {
        let mut arguments = vec!["run", text(&two)];
        inputs
            .iter()
            .for_each(|input| arguments.extend(["--input", input]));
        refusal(&arguments)
    };
    let (named_left, swapped) = (named("left", &left), named("left", &right));
    let named_right = named("right", &right);
    let error = run(&[text(&left), &named_right]);
    assert!(
        error.contains("write NAME=FILE with one of left, right"),
        "{error}"
    );
    assert_eq!(run(&[&named_left]), "the input right is missing");
    assert_eq!(
        run(&[&named_left, &named_left]),
        "the input left is given twice"
    );
    let error = run(&[&swapped, &named_right]);
    assert!(
        error.contains("left should be batch x 3 x 8 x 6, but "),
        "{error}"
    );
    assert!(error.ends_with("right.npy is [2, 4, 8, 6]"), "{error}");

    let cut = temporary("cut.npy");
    let whole = std::fs::read(&left).expect("an array");
    std::fs::write(&cut, &whole[..whole.len() - 4]).expect("a file");
    let error = run(&[&named("left", &cut), &named_right]);
    assert!(error.contains("cut.npy: it is cut short"), "{error}");
    std::fs::write(&cut, b"no array").expect("a file");
    let error = run(&[&named("left", &cut), &named_right]);
    assert!(error.contains("cut.npy"), "{error}");

    let embedded = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/models/squeezenet-1.1.safetensors"
    );
    let error = refusal(&["run", embedded, "--input", text(&left)]);
    assert!(
        error.contains("weights without a network: give an ONNX file"),
        "{error}"
    );
    let photo = sample("coffee.png");
    let error = refusal(&["classify", text(&photo), "--weights", text(&two)]);
    assert!(error.contains("expected one picture"), "{error}");
}

#[test]
fn an_onnx_network_names_pictures() {
    let photo = sample("chelsea.png");
    let network = golden("picture.onnx");
    let output = stdout(&call(&[
        "classify",
        "--json",
        text(&photo),
        "--weights",
        text(&network),
    ]));
    let answer: Value = serde_json::from_str(&output).expect("JSON");
    let (_, expected) = array(&golden("probabilities.npy"));
    let top = answer["top"].as_array().expect("classes");
    let indices: Vec<u64> = top
        .iter()
        .filter_map(|class| class["index"].as_u64())
        .collect();
    assert_eq!(indices, [4, 2, 3, 0, 9]);
    for class in top {
        let index = class["index"].as_u64().expect("an index") as usize;
        let probability = class["probability"].as_f64().expect("a probability") as f32;
        // Single pixels may differ from Pillow's by 1 / 255.
        assert!((probability - expected[index]).abs() < 2e-3, "{class}");
        assert_eq!(class["label"], index.to_string());
    }
}

#[test]
fn inspecting_an_onnx_file() {
    let table = stdout(&call(&["inspect", text(&golden("two.onnx"))]));
    let last = table.lines().last().expect("a line");
    let words: Vec<&str> = last.split_whitespace().collect();
    assert_eq!(words, ["total", "1,077", "6,144"]);
}
