//! Datasets by name or path.

use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use alexnet_live::data::{
    CIFAR10_CLASSES, Dataset, Samples, read_cifar10, read_idx_images, read_idx_labels,
};
use anyhow::{Context, Result, bail};
use flate2::read::GzDecoder;

/// Pictures of the built-in digits that validate.
const MNIST_VALIDATION: usize = 1000;

/// Opens `mnist-5k`, which is built in; a folder or `tar.gz` of CIFAR-10's
/// binary files, also compressed with xz; or a folder of MNIST's idx files.
pub fn open(dataset: &str) -> Result<Dataset> {
    if dataset == "mnist-5k" {
        return mnist_5k();
    }
    let path = Path::new(dataset);
    if path.is_file() {
        return from_archive(path).with_context(|| dataset.to_owned());
    }
    if !path.is_dir() {
        bail!(
            "there is no dataset {dataset}: name mnist-5k, cifar-10-binary.tar.gz, or a folder \
             of CIFAR-10's .bin or MNIST's idx files"
        );
    }
    let mut files: Vec<PathBuf> = fs::read_dir(path)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    files.sort();
    from_folder(&files).with_context(|| dataset.to_owned())
}

fn mnist_5k() -> Result<Dataset> {
    const IMAGES: &[u8] = include_bytes!("../../datasets/mnist-5k/images.idx3-ubyte.gz");
    const LABELS: &[u8] = include_bytes!("../../datasets/mnist-5k/labels.idx1-ubyte.gz");
    let mut all = idx(&unzip(IMAGES)?, &unzip(LABELS)?)?;
    let validation = all.0.split_off(all.0.len() - MNIST_VALIDATION);
    digits("mnist-5k", all, validation)
}

fn from_folder(files: &[PathBuf]) -> Result<Dataset> {
    let named = |part: &str| {
        let name = |path: &&PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.contains(part)
        };
        files.iter().find(name)
    };
    if let Some(images) = named("train-images") {
        let read = |part: &str| {
            let path = named(part).with_context(|| format!("there is no {part} file"))?;
            read_path(path)
        };
        let training = idx(&read_path(images)?, &read("train-labels")?)?;
        let (validation, _) = idx(&read("t10k-images")?, &read("t10k-labels")?)?;
        return digits("idx files", training, validation);
    }
    let batches = files.iter().filter_map(|path| {
        let name = path.file_name()?.to_string_lossy().into_owned();
        Some((name, path))
    });
    let mut pieces = Vec::new();
    for (name, path) in batches {
        if name.contains("_batch") && name.contains(".bin") {
            pieces.push((name, read_path(path)?));
        }
    }
    cifar10(pieces)
}

fn from_archive(path: &Path) -> Result<Dataset> {
    let file = BufReader::new(File::open(path)?);
    let mut archive = tar::Archive::new(GzDecoder::new(file));
    let mut pieces = Vec::new();
    for entry in archive.entries()? {
        let mut entry = entry?;
        let name = entry.path()?.to_string_lossy().into_owned();
        if name.contains("_batch") && name.ends_with(".bin") {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            pieces.push((name, bytes));
        }
    }
    pieces.sort();
    cifar10(pieces)
}

/// `data_batch_1` to `5` train, `test_batch` validates.
fn cifar10(pieces: Vec<(String, Vec<u8>)>) -> Result<Dataset> {
    let (mut training, mut validation) = (Samples::default(), Samples::default());
    for (name, bytes) in pieces {
        let samples = read_cifar10(&bytes).with_context(|| name.clone())?;
        match name.contains("test_batch") {
            true => validation.append(samples),
            false => training.append(samples),
        }
    }
    let dataset = Dataset {
        name: "cifar-10".to_owned(),
        classes: CIFAR10_CLASSES.map(str::to_owned).to_vec(),
        shape: [32, 32, 3],
        training,
        validation,
    };
    dataset
        .checked()
        .context("no CIFAR-10 files (data_batch_1.bin, ...) were found")
}

fn digits(
    name: &str,
    (training, shape): (Samples, [usize; 3]),
    validation: Samples,
) -> Result<Dataset> {
    let dataset = Dataset {
        name: name.to_owned(),
        classes: (0..10).map(|digit| digit.to_string()).collect(),
        shape,
        training,
        validation,
    };
    Ok(dataset.checked()?)
}

fn idx(images: &[u8], labels: &[u8]) -> Result<(Samples, [usize; 3])> {
    let (pixels, height, width) = read_idx_images(images)?;
    let labels = read_idx_labels(labels)?;
    if pixels.len() != labels.len() * height * width {
        bail!(
            "{} labels for {} pictures",
            labels.len(),
            pixels.len() / (height * width).max(1)
        );
    }
    Ok((Samples { pixels, labels }, [height, width, 1]))
}

/// A whole file, uncompressed by its ending.
fn read_path(path: &Path) -> Result<Vec<u8>> {
    let bytes = fs::read(path).with_context(|| path.display().to_string())?;
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("gz") => unzip(&bytes),
        Some("xz") => {
            let mut unpacked = Vec::new();
            lzma_rs::xz_decompress(&mut &bytes[..], &mut unpacked)
                .map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
            Ok(unpacked)
        }
        _ => Ok(bytes),
    }
}

fn unzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut unpacked)?;
    Ok(unpacked)
}
