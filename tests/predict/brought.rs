//! Files as people have them, brought to the command line.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use alexnet_live::weights::WeightsFile;
use flate2::{Compression, Crc, write::GzEncoder};
use image::RgbImage;
use safetensors::tensor::{Dtype, TensorView};
use serde_json::Value;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::command_line::{call, refusal, stderr, stdout, temporary, text};
use super::sample;

/// An empty folder that only this test uses.
fn folder(name: &str) -> PathBuf {
    let folder = temporary(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// The bytes of a small picture.
fn picture(value: u8) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let pixels = RgbImage::from_pixel(8, 8, image::Rgb([value, 90, 30]));
    pixels
        .write_to(&mut bytes, image::ImageFormat::Png)
        .expect("a picture");
    bytes.into_inner()
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, bytes).expect("a file");
}

/// Pictures of two classes, `count` each.
fn pets(folder: &Path, count: u8) {
    for (class, value) in [("cat", 10), ("dog", 200)] {
        for index in 0..count {
            let path = folder.join(class).join(format!("{index}.png"));
            write(&path, &picture(value + index));
        }
    }
}

/// Trains for an epoch and gives names of the classes, number of pictures to train with,
/// and what was told.
fn train(dataset: &str, arguments: &[&str]) -> (Vec<String>, usize, String) {
    let checkpoint = temporary(&format!("brought-{:p}.safetensors", dataset.as_ptr()));
    let common = [
        "train",
        "--network",
        "four-layer",
        "--epochs",
        "1",
        "--batch",
        "1",
    ];
    let common = [
        &common[..],
        &["--dataset", dataset, "--save", text(&checkpoint)],
    ]
    .concat();
    let output = call(&[&common[..], arguments].concat());
    stdout(&output);
    let file = WeightsFile::open(fs::read(&checkpoint).expect("a file")).expect("a checkpoint");
    let pictures: Value =
        serde_json::from_str(&file.notes()["alexnet-live.pictures"]).expect("a note");
    fs::remove_file(&checkpoint).expect("it is there");
    let classes = pictures["classes"].as_array().expect("classes").iter();
    let classes = classes.map(|class| class.as_str().expect("a name").to_owned());
    let training = pictures["training"].as_u64().expect("a number") as usize;
    (classes.collect(), training, stderr(&output))
}

/// A zip archive; names of the same length take the place of those in it afterwards.
fn zipped(
    files: &[(&str, Vec<u8>)],
    method: CompressionMethod,
    rename: &[(&[u8], &[u8])],
) -> Vec<u8> {
    let mut archive = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    for (name, bytes) in files {
        archive.start_file(*name, options).expect("an entry");
        archive.write_all(bytes).expect("its bytes");
    }
    let mut bytes = archive.finish().expect("an archive").into_inner();
    for (from, to) in rename {
        assert_eq!(from.len(), to.len());
        for at in 0..bytes.len() - from.len() {
            if bytes[at..].starts_with(from) {
                bytes[at..at + to.len()].copy_from_slice(to);
            }
        }
    }
    bytes
}

#[test]
fn folders_are_found_from_wherever_they_are_named() {
    let root = folder("brought-folders");
    let hidden = root.join(".cache/photos");
    pets(&hidden, 2);
    write(&hidden.join("preview.png"), &picture(1));
    write(&hidden.join("cat/huge.png"), &bomb());
    write(
        &hidden.join("bird/1.heic"),
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    );
    for dataset in [".", "./", "../photos"] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_alexnet-live"))
            .current_dir(&hidden)
            .args([
                "train",
                "--network",
                "four-layer",
                "--epochs",
                "1",
                "--batch",
                "1",
            ])
            .args(["--validation-share", "0", "--dataset", dataset])
            .output()
            .expect("the program starts");
        assert!(
            stdout(&output).contains("4 steps an epoch"),
            "{}",
            stderr(&output)
        );
    }
    let (classes, training, told) = train(text(&hidden), &["--validation-share", "0"]);
    assert_eq!(
        (classes, training),
        (vec!["cat".to_owned(), "dog".to_owned()], 4)
    );
    for word in [
        "preview.png",
        "huge.png",
        "too large",
        "HEIC",
        "class bird was left out",
    ] {
        assert!(told.contains(word), "{word}: {told}");
    }
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_or_in_circles_are_no_end() {
    let root = folder("brought-links");
    pets(&root, 2);
    let link = |to: &str, from: &str| std::os::unix::fs::symlink(to, root.join(from));
    link("moved.png", "cat/gone.png").expect("a link");
    link("..", "dog/again").expect("a link");
    let (classes, training, told) = train(text(&root), &["--validation-share", "0"]);
    assert_eq!((classes.len(), training), (2, 4));
    assert!(told.contains("gone.png"), "{told}");
}

#[test]
fn archives_are_told_by_content_and_names_are_decoded() {
    let root = folder("brought-archives");
    let files: Vec<(&str, Vec<u8>)> = ["aaaa/1.png", "aaaa/2.png", "bbbb/1.png", "bbbb/2.png"]
        .map(|name| (name, picture(name.as_bytes()[0])))
        .to_vec();
    let stored = CompressionMethod::Stored;
    // Bear and tiger in GBK, so and table in Shift-JIS, and a backslash.
    let bear: [(&[u8], &[u8]); 2] = [
        (b"aaaa", b"\xd0\xdc\xc3\xa8"),
        (b"bbbb", b"\xc0\xcf\xbb\xa2"),
    ];
    let so: [(&[u8], &[u8]); 2] = [
        (b"aaaa", b"\x83\x5c\x83\x5c"),
        (b"bbbb", b"\x95\x5c\x95\x5c"),
    ];
    let backslash: [(&[u8], &[u8]); 2] = [(b"aaaa/", b"aaaa\\"), (b"bbbb/", b"bbbb\\")];
    let cases = [
        ("BEAR.ZIP", zipped(&files, stored, &bear), ["熊猫", "老虎"]),
        ("so.zip", zipped(&files, stored, &so), ["ソソ", "表表"]),
        (
            "back.zip",
            zipped(&files, CompressionMethod::Deflated, &backslash),
            ["aaaa", "bbbb"],
        ),
        (
            "bz.bin",
            zipped(&files, CompressionMethod::Bzip2, &[]),
            ["aaaa", "bbbb"],
        ),
        ("pets.tgz", tar_gz(&files), ["aaaa", "bbbb"]),
    ];
    for (name, bytes, expected) in cases {
        let path = root.join(name);
        write(&path, &bytes);
        let (mut classes, training, _) = train(text(&path), &["--validation-share", "0"]);
        classes.sort();
        assert_eq!(
            (&classes[..], training),
            (&expected.map(str::to_owned)[..], 4),
            "{name}"
        );
    }
    // A damaged entry is left out and told.
    let mut bytes = zipped(&files, stored, &[]);
    let data = bytes
        .windows(4)
        .position(|four| four == b"IDAT")
        .expect("of the first");
    bytes[data + 5] ^= 0xff;
    let path = root.join("damaged.zip");
    write(&path, &bytes);
    let (_, training, told) = train(text(&path), &["--validation-share", "0"]);
    assert_eq!(training, 3);
    assert!(told.contains("aaaa/1.png"), "{told}");
}

fn tar_gz(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (name, bytes) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        archive
            .append_data(&mut header, name, &bytes[..])
            .expect("an entry");
    }
    archive
        .into_inner()
        .expect("an archive")
        .finish()
        .expect("packed")
}

#[test]
fn few_images_are_of_all_classes() {
    let root = folder("brought-few");
    pets(&root, 9);
    let (classes, training, _) = train(text(&root), &["--images", "4"]);
    assert_eq!((classes.len(), training), (2, 4));
    let said = stdout(&call(&[
        "train",
        "--network",
        "four-layer",
        "--dataset",
        text(&root),
        "--images",
        "4",
        "--epochs",
        "8",
        "--batch",
        "1",
        "--lr",
        "0.001",
    ]));
    assert!(
        said.contains("validation loss") && said.contains(", error 0.00 %"),
        "{said}"
    );
}

#[test]
fn kinds_of_files_that_are_not_read_are_named() {
    let root = folder("brought-kinds");
    let path = root.join("train.parquet");
    write(&path, b"PAR1 and so on");
    let error = refusal(&["train", "--dataset", text(&path)]);
    assert!(
        error.contains("parquet") && error.contains("can be read"),
        "{error}"
    );
}

/// A PNG that promises 100,000 x 100,000 pixels.
fn bomb() -> Vec<u8> {
    let chunk = |kind: &[u8], data: &[u8]| {
        let mut crc = Crc::new();
        crc.update(kind);
        crc.update(data);
        [
            &(data.len() as u32).to_be_bytes()[..],
            kind,
            data,
            &crc.sum().to_be_bytes(),
        ]
        .concat()
    };
    let side = 100_000u32.to_be_bytes();
    let header = [&side[..], &side, &[8, 2, 0, 0, 0]].concat();
    let chunks = [
        chunk(b"IHDR", &header),
        chunk(b"IDAT", &[0x78, 1]),
        chunk(b"IEND", &[]),
    ];
    [&b"\x89PNG\r\n\x1a\n"[..], &chunks.concat()].concat()
}

#[test]
fn a_picture_that_promises_too_much_is_refused_and_others_are_named() {
    let path = folder("brought-bomb").join("bomb.png");
    write(&path, &bomb());
    let output = call(&[
        "classify",
        "--json",
        text(&path),
        text(&sample("coffee.png")),
    ]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("bomb.png") && stderr(&output).contains("too large"));
    assert!(String::from_utf8_lossy(&output.stdout).contains("espresso"));
}

#[test]
fn options_are_checked_before_anything_runs() {
    let nowhere = folder("brought-options");
    let missing = nowhere.join("nowhere/net.safetensors");
    for (option, value) in [
        ("--lr", "0,01"),
        ("--lr", "1,5"),
        ("--lr", "nan"),
        ("--lr", "-0.1"),
        ("--momentum", "1.5"),
        ("--momentum", "NaN"),
        ("--decay", "-1"),
        ("--clip", "-1"),
        ("--dropout", "1"),
        ("--colour", "inf"),
        ("--batch", "0"),
        ("--validation-share", "nan"),
        ("--until", "2"),
        ("--find-lr", "0"),
        ("--size", "0"),
        ("--save", text(&missing)),
        ("--save", text(&nowhere)),
        ("--csv", text(&missing)),
        ("--initializer", "zero"),
        ("--engine", "tpu"),
    ] {
        let output = call(&["train", "--images", "8", "--epochs", "1", option, value]);
        assert!(!output.status.success(), "{option} {value}");
        let said = stderr(&output);
        assert!(said.contains(option), "{option} {value}: {said}");
        assert!(output.stdout.is_empty(), "{option} {value}");
    }
}

#[test]
fn what_is_trained_here_is_classified_inspected_and_resumed() {
    let checkpoint = folder("brought-own").join("net.safetensors");
    let tiny = [
        "train",
        "--network",
        "four-layer",
        "--images",
        "32",
        "--validation-images",
        "8",
    ];
    let save = ["--epochs", "1", "--save", text(&checkpoint)];
    stdout(&call(&[&tiny[..], &save].concat()));
    let photo = sample("coffee.png");
    let answer = stdout(&call(&[
        "classify",
        text(&photo),
        "--weights",
        text(&checkpoint),
        "--json",
    ]));
    assert!(answer.contains("\"top\""), "{answer}");
    let table = stdout(&call(&["inspect", text(&checkpoint), "--json"]));
    assert!(
        table.contains("\"conv3\"") && table.contains("22554"),
        "{table}"
    );

    let resume = ["train", "--resume", text(&checkpoint), "--epochs", "2"];
    let fewer = [&resume[..], &["--validation-images", "8"]].concat();
    let said = stdout(&call(
        &[&fewer[..], &["--lr", "0.001", "--images", "32"]].concat(),
    ));
    assert!(said.contains("epoch 2"), "{said}");
    for (option, value) in [
        ("--batch", "7"),
        ("--seed", "9"),
        ("--images", "31"),
        ("--size", "9"),
    ] {
        let error = refusal(&[&fewer[..], &[option, value]].concat());
        assert!(
            error.contains(option) && error.contains("cannot change"),
            "{error}"
        );
    }
}

/// The embedded weights in parts, doubled in width and under a prefix.
#[test]
fn parts_with_an_index_are_one_file_and_labels_are_ones_own() {
    let folder = folder("brought-parts");
    let whole = fs::read("models/squeezenet-1.1.safetensors").expect("the embedded weights");
    let whole = WeightsFile::open(whole).expect("weights");
    let tensors: Vec<(String, Vec<usize>, Vec<u8>)> = (whole.tensors().iter())
        .map(|tensor| {
            let values = whole
                .read_f32(tensor, 0..tensor.elements())
                .expect("numbers");
            let bytes = values
                .iter()
                .flat_map(|value| f64::from(*value).to_le_bytes());
            let name = format!("_orig_mod.model.{}", tensor.name);
            (name, tensor.shape.0.clone(), bytes.collect())
        })
        .collect();
    let mut places = serde_json::Map::new();
    for (index, part) in tensors.chunks(20).enumerate() {
        let name = format!("model-{index}.safetensors");
        let views = part.iter().map(|(name, shape, bytes)| {
            let view = TensorView::new(Dtype::F64, shape.clone(), bytes);
            (name.clone(), view.expect("a tensor"))
        });
        let bytes = safetensors::serialize(views, None).expect("a file");
        write(&folder.join(&name), &bytes);
        let here = part
            .iter()
            .map(|(tensor, ..)| (tensor.clone(), Value::from(&name[..])));
        places.extend(here);
    }
    let index = folder.join("model.safetensors.index.json");
    let text_of_index = serde_json::json!({ "metadata": {}, "weight_map": places }).to_string();
    write(&index, text_of_index.as_bytes());
    let labels = folder.join("labels.txt");
    let names: String = (0..1000).map(|class| format!("own {class}\n")).collect();
    write(&labels, names.as_bytes());

    let photo = sample("coffee.png");
    let top = |arguments: &[&str]| -> Value {
        let answer = stdout(&call(
            &[&["classify", "--json", text(&photo)][..], arguments].concat(),
        ));
        serde_json::from_str::<Value>(&answer).expect("JSON")["top"][0].clone()
    };
    let expected = top(&[]);
    let found = top(&["--weights", text(&index), "--labels", text(&labels)]);
    assert_eq!(found["index"], expected["index"]);
    assert_eq!(found["label"], format!("own {}", expected["index"]));
    let [found, expected] =
        [&found, &expected].map(|top| top["probability"].as_f64().expect("a number"));
    assert!((found - expected).abs() < 1e-3, "{found}, {expected}");

    fs::remove_file(folder.join("model-1.safetensors")).expect("it is there");
    let error = refusal(&["classify", text(&photo), "--weights", text(&index)]);
    assert!(error.contains("model-1.safetensors"), "{error}");
}
