//! MNIST and its kin as idx files: which belong together, and what their classes are
//! called.

use super::{Dataset, Samples, malformed, read_idx_images, read_idx_labels};
use crate::error::Result;

/// The digits that come with the program, from their two unpacked idx files.
///
/// # Errors
/// As [`DatasetFiles::finish`](super::DatasetFiles::finish), when they are others.
pub fn built_in_digits(images: Vec<u8>, labels: Vec<u8>) -> Result<Dataset> {
    /// The last so many validate.
    const VALIDATION: usize = 1000;
    let files = vec![
        ("train-images".to_owned(), images),
        ("train-labels".to_owned(), labels),
    ];
    let mut dataset = digits("mnist-5k", files)?;
    let training = dataset.training.len().saturating_sub(VALIDATION);
    dataset.validation = dataset.training.split_off(training);
    dataset.checked()
}

/// Names of Fashion-MNIST's classes, in the order of its readme.
const FASHION: [&str; 10] = [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
];

/// The first labels of Fashion-MNIST, whose files have the names of MNIST's.
const FASHION_LABELS: [u32; 10] = [9, 0, 0, 3, 0, 2, 7, 2, 5, 5];

/// EMNIST's splits, by what their files' names contain: labels begin at this number,
/// and these are their classes. Letters that look alike in both cases are one class.
const EMNIST: [(&str, u32, &str); 6] = [
    ("emnist-letters", 1, "abcdefghijklmnopqrstuvwxyz"),
    ("emnist-digits", 0, "0123456789"),
    ("emnist-mnist", 0, "0123456789"),
    (
        "emnist-balanced",
        0,
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt",
    ),
    (
        "emnist-bymerge",
        0,
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt",
    ),
    (
        "emnist-byclass",
        0,
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    ),
];

/// `train-images` with `train-labels`, `t10k-` or `test-images` with their labels; the
/// second pair may be absent.
pub(super) fn digits(name: &str, mut files: Vec<(String, Vec<u8>)>) -> Result<Dataset> {
    for file in &mut files {
        file.0.make_ascii_lowercase();
    }
    let contains = |part: &str| files.iter().any(|(name, _)| name.contains(part));
    let named_fashion = contains("fashion");
    let splits: Vec<_> = (EMNIST.iter())
        .filter(|(part, ..)| contains(part))
        .collect();
    if let [first, second, ..] = splits[..] {
        let (first, second) = (first.0, second.0);
        return Err(malformed(format_args!(
            "it holds {first} and {second}: put the files of one of them into a folder of its own"
        )));
    }
    let emnist = splits.first().copied();
    let mut take = |part: &str| {
        let at = files.iter().position(|(name, _)| name.contains(part))?;
        Some(files.swap_remove(at).1)
    };
    let mut pair = |part: &str| -> Result<Option<(Samples, [usize; 3])>> {
        let names = ["images", "labels"].map(|kind| format!("{part}-{kind}"));
        match (take(&names[0]), take(&names[1])) {
            (None, None) => Ok(None),
            (Some(images), Some(labels)) => join(&images, &labels).map(Some),
            (None, Some(_)) => Err(super::files::missing(&names[0])),
            (Some(_), None) => Err(super::files::missing(&names[1])),
        }
    };
    let training = pair("train")?;
    let (mut training, shape) = training.ok_or_else(|| super::files::missing("train-images"))?;
    let validation = match pair("t10k")? {
        None => pair("test")?,
        found => found,
    };
    let mut validation = match validation {
        None => Samples::default(),
        Some((samples, same)) if same == shape => samples,
        Some(_) => return Err(malformed("its two parts have pictures of two sizes")),
    };
    let fashion = named_fashion || training.labels.starts_with(&FASHION_LABELS);
    let (name, classes): (&str, Vec<String>) = match emnist {
        Some((name, first, classes)) => {
            for samples in [&mut training, &mut validation] {
                // The files hold each picture mirrored at its diagonal.
                if shape[0] == shape[1] {
                    transpose(&mut samples.pixels, shape[0]);
                }
                for label in &mut samples.labels {
                    let counted = label.checked_sub(*first);
                    *label = counted.ok_or_else(|| malformed("a label below the first class"))?;
                }
            }
            (name, classes.chars().map(String::from).collect())
        }
        None if fashion => ("fashion-mnist", FASHION.map(str::to_owned).to_vec()),
        None => {
            let most = training.labels.iter().chain(&validation.labels).max();
            let count = most.map_or(0, |most| most + 1).max(10);
            (name, (0..count).map(|digit| digit.to_string()).collect())
        }
    };
    Ok(Dataset {
        name: name.to_owned(),
        classes,
        shape,
        margin: 0,
        training,
        validation,
        notes: Vec::new(),
    })
}

/// Mirrors square pictures of one channel at their diagonals.
fn transpose(pixels: &mut [u8], side: usize) {
    for picture in pixels.chunks_exact_mut(side * side) {
        for row in 0..side {
            for column in 0..row {
                picture.swap(row * side + column, column * side + row);
            }
        }
    }
}

fn join(images: &[u8], labels: &[u8]) -> Result<(Samples, [usize; 3])> {
    let (pixels, height, width) = read_idx_images(images)?;
    let labels = read_idx_labels(labels)?;
    if pixels.len() != labels.len() * height * width {
        let pictures = pixels.len() / (height * width).max(1);
        let labels = labels.len();
        return Err(malformed(format_args!(
            "{labels} labels for {pictures} pictures"
        )));
    }
    Ok((Samples { pixels, labels }, [height, width, 1]))
}
