//! The command line as a person calls it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use image::{ImageFormat, RgbaImage};
use serde_json::Value;

use super::sample;

pub fn call(arguments: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_alexnet-live");
    let output = Command::new(program).args(arguments).output();
    output.expect("the program starts")
}

pub fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{}", stderr(output));
    String::from_utf8(output.stdout.clone()).expect("text")
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The last line of a refusal, which must be one sentence and exit code 1.
pub fn refusal(arguments: &[&str]) -> String {
    let output = call(arguments);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let text = stderr(&output);
    let line = text.lines().last().expect("a line");
    line.strip_prefix("error: ").expect(line).to_owned()
}

/// A path in a folder that only this test uses.
pub fn temporary(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("command_line");
    fs::create_dir_all(&folder).expect("a folder");
    folder.join(name)
}

pub fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

/// The five best classes of each picture, by the embedded model.
fn classify(pictures: &[PathBuf]) -> Vec<Value> {
    let mut arguments = vec!["classify", "--json"];
    arguments.extend(pictures.iter().map(|path| text(path)));
    let output = stdout(&call(&arguments));
    let answers: Vec<Value> = output
        .lines()
        .map(|line| serde_json::from_str(line).expect(line))
        .collect();
    assert_eq!(answers.len(), pictures.len());
    answers
}

fn best(answer: &Value) -> &str {
    answer["top"][0]["label"].as_str().expect("a label")
}

#[test]
fn sample_photos() {
    let names = [
        "chelsea.png",
        "coffee.png",
        "goldfish.webp",
        "panda.webp",
        "rocket.jpg",
    ];
    let answers = classify(&names.map(sample));
    let best: Vec<&str> = answers.iter().map(best).collect();
    assert!(["tiger cat", "Egyptian cat", "tabby"].contains(&best[0]));
    assert_eq!(best[1..4], ["espresso", "goldfish", "giant panda"]);
    assert!(
        ["missile", "pole", "flagpole"].contains(&best[4]),
        "{}",
        best[4]
    );
    for answer in &answers {
        assert_eq!(answer["top"].as_array().expect("classes").len(), 5);
        assert_eq!(answer["model"], "squeezenet-1.1");
        assert!(answer["milliseconds"]["gpu"].as_f64().expect("a time") > 0.0);
    }
}

#[test]
fn awkward_pictures() {
    let panda = image::open(sample("panda.webp")).expect("a panda");
    // Sideways, with the turn written in its EXIF data.
    let turned = temporary("turned.jpg");
    let mut jpeg = Vec::new();
    let sideways = panda.rotate270().into_rgb8();
    let mut cursor = std::io::Cursor::new(&mut jpeg);
    sideways
        .write_to(&mut cursor, ImageFormat::Jpeg)
        .expect("a JPEG");
    fs::write(&turned, with_orientation(&jpeg, 6)).expect("a file");
    // A GIF whose second frame is blank, under a wrong name.
    let animated = temporary("animated.png");
    let file = fs::File::create(&animated).expect("a file");
    let mut frames = image::codecs::gif::GifEncoder::new(file);
    let (width, height) = (panda.width(), panda.height());
    let blank = RgbaImage::new(width, height);
    for frame in [panda.to_rgba8(), blank] {
        frames
            .encode_frame(image::Frame::new(frame))
            .expect("a frame");
    }
    drop(frames);
    let pixel = temporary("pixel.bmp");
    image::RgbImage::new(1, 1).save(&pixel).expect("a file");

    let answers = classify(&[turned, animated, pixel]);
    assert_eq!(best(&answers[0]), "giant panda");
    assert_eq!(best(&answers[1]), "giant panda");
}

/// Puts an EXIF segment with an orientation behind a JPEG's first marker.
fn with_orientation(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01".to_vec();
    // Tag 0x0112, one 16-bit number.
    exif.extend([1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]);
    let mut result = jpeg[..2].to_vec();
    result.extend([0xff, 0xe1]);
    result.extend((exif.len() as u16 + 2).to_be_bytes());
    result.extend(exif);
    result.extend(&jpeg[2..]);
    result
}

#[test]
fn one_bad_picture_does_not_stop_the_others() {
    let damaged = temporary("damaged.png");
    let whole = fs::read(sample("coffee.png")).expect("a photo");
    fs::write(&damaged, &whole[..5000]).expect("a file");
    let coffee = sample("coffee.png");
    let output = call(&[
        "classify",
        "nowhere.png",
        text(&damaged),
        "Cargo.toml",
        text(&coffee),
    ]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("espresso"));
    let errors = stderr(&output);
    assert!(errors.contains("nowhere.png: "), "{errors}");
    assert!(
        errors.contains("damaged.png cannot be decoded: "),
        "{errors}"
    );
    assert!(
        errors.contains("Cargo.toml is no picture that can be read"),
        "{errors}"
    );
    assert!(
        errors.ends_with("error: 3 of 4 pictures could not be read\n"),
        "{errors}"
    );
}

#[test]
fn refusals_say_what_to_do() {
    let coffee = sample("coffee.png");
    let coffee = text(&coffee);
    let error = refusal(&["classify", coffee, "--model", "alexnot"]);
    assert!(
        error.contains("alexnot: choose one of squeezenet-1.1, "),
        "{error}"
    );
    let error = refusal(&["classify", coffee, "--model", "alexnet"]);
    assert!(error.contains("download https://"), "{error}");
    let error = refusal(&["classify", coffee, "--weights", "nowhere.pth"]);
    assert!(error.contains("nowhere.pth"), "{error}");
    let error = refusal(&["classify", coffee, "--weights", "Cargo.toml"]);
    assert!(
        error.contains("none of the formats that can be read"),
        "{error}"
    );
    let embedded = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/models/squeezenet-1.1.safetensors"
    );
    let error = refusal(&[
        "classify",
        coffee,
        "--model",
        "alexnet",
        "--weights",
        embedded,
    ]);
    assert!(
        error.contains("do not fit alexnet: missing conv2.weight"),
        "{error}"
    );
    let error = refusal(&["inspect", "nothing"]);
    assert!(error.contains("neither a file nor a model"), "{error}");
}

#[test]
fn damaged_published_weights_are_not_used() {
    let name = "squeezenet-1.1.safetensors";
    let path = temporary(name);
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    let mut bytes = fs::read(models.join(name)).expect("the embedded weights");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, bytes).expect("a file");
    let coffee = sample("coffee.png");
    let error = refusal(&["classify", text(&coffee), "--weights", text(&path)]);
    assert!(
        error.starts_with("the sha-256 of squeezenet-1.1.safetensors should be"),
        "{error}"
    );
}

#[test]
fn inspecting_models_and_files() {
    let table = stdout(&call(&["inspect", "alexnet"]));
    let row = |name: &str| {
        let line = table
            .lines()
            .find(|line| line.starts_with(name))
            .expect(name);
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        row("conv2"),
        "conv2 conv2d 5 x 5, padding 2, groups 2 27 x 27 x 256 307,456 223,948,800"
    );
    assert_eq!(row("total"), "total 60,965,224 724,406,816");

    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/models/squeezenet-1.1.safetensors"
    );
    let info: Value =
        serde_json::from_str(&stdout(&call(&["inspect", file, "--json"]))).expect("JSON");
    assert_eq!(info["name"], "squeezenet-1.1");
    assert_eq!(info["parameters"], 1_235_496);
    assert_eq!(info["layers"][1]["name"], "conv1");
}
