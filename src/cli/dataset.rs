//! Datasets by name or path.

use std::fs::{self, File};
use std::io::{BufReader, Read, Seek};
use std::path::{Path, PathBuf};

use alexnet_live::data::{Classes, Dataset, DatasetFiles, PictureCollector, built_in_digits};
use anyhow::{Context, Result, bail};
use flate2::read::GzDecoder;

use super::picture;

/// How pictures become a dataset.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The first so many train.
    pub images: Option<usize>,
    /// The first so many of those that are kept for it validate.
    pub validation_images: Option<usize>,
    /// Height and width of what a network sees of the pictures of folders.
    pub size: usize,
    /// Share of them that validates.
    pub validation_share: f64,
    /// Decides which.
    pub seed: u32,
}

/// Opens `mnist-5k`, which is built in; a folder or `tar.gz` of CIFAR-10's
/// binary files, also compressed with xz; a folder of MNIST's idx files; or a
/// folder or zip with a folder of pictures for each class.
pub fn open(dataset: &str, options: Options) -> Result<Dataset> {
    let mut opened = read_dataset(dataset, options)?;
    opened
        .training
        .truncate(options.images.unwrap_or(usize::MAX));
    opened
        .validation
        .truncate(options.validation_images.unwrap_or(usize::MAX));
    Ok(opened.checked()?)
}

fn read_dataset(dataset: &str, options: Options) -> Result<Dataset> {
    if dataset == "mnist-5k" {
        const IMAGES: &[u8] = include_bytes!("../../datasets/mnist-5k/images.idx3-ubyte.gz");
        const LABELS: &[u8] = include_bytes!("../../datasets/mnist-5k/labels.idx1-ubyte.gz");
        return Ok(built_in_digits(gunzip(IMAGES)?, gunzip(LABELS)?)?);
    }
    let path = Path::new(dataset);
    if path.is_dir() {
        return from_folder(path, options).with_context(|| dataset.to_owned());
    }
    if !path.is_file() {
        bail!(
            "there is no dataset {dataset}: name mnist-5k, cifar-10-binary.tar.gz, a folder of \
             CIFAR-10's .bin or MNIST's idx files, or a folder or zip with a folder of pictures \
             for each class"
        );
    }
    let file = BufReader::new(File::open(path)?);
    match path.extension().is_some_and(|extension| extension == "zip") {
        true => from_zip(file, path, options),
        false => from_archive(file, options),
    }
    .with_context(|| dataset.to_owned())
}

fn from_folder(folder: &Path, options: Options) -> Result<Dataset> {
    let mut paths = Vec::new();
    list(folder, &mut paths)?;
    paths.sort();
    let mut files = DatasetFiles::new(options.images, options.validation_images);
    let mut known = false;
    let above = folder.parent().unwrap_or(folder);
    for path in &paths {
        // With the name of its folder, which may tell what it is.
        let name = slashed(path.strip_prefix(above).unwrap_or(path));
        let data = ["_batch", "idx", "-ubyte"].iter().any(|part| {
            name.rsplit('/')
                .next()
                .is_some_and(|file| file.contains(part))
        });
        if data {
            known |= files.add(&name, read(path)?).with_context(|| name)?;
        }
    }
    if known {
        return Ok(files.finish()?);
    }
    let names: Vec<String> = paths.iter().map(|path| slashed(path)).collect();
    let classes = Classes::of(names.iter().map(String::as_str))?;
    collect(folder, classes, options, |index| {
        Ok((names[index].clone(), fs::read(&paths[index])?))
    })
}

/// All files under a folder.
fn list(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        match path.is_dir() {
            true => list(&path, paths)?,
            false => paths.push(path),
        }
    }
    Ok(())
}

fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

fn from_zip(file: impl Read + Seek, path: &Path, options: Options) -> Result<Dataset> {
    let mut archive = zip::ZipArchive::new(file)?;
    let mut names = Vec::new();
    for name in archive.file_names() {
        names.push(name?.into_owned());
    }
    let classes = Classes::of(names.iter().map(String::as_str))?;
    collect(path, classes, options, |index| {
        let mut bytes = Vec::new();
        archive.by_name(&names[index])?.read_to_end(&mut bytes)?;
        Ok((names[index].clone(), bytes))
    })
}

/// Decodes the pictures of all classes; `read` gives name and bytes of one.
fn collect(
    path: &Path,
    classes: Classes,
    options: Options,
    mut read: impl FnMut(usize) -> Result<(String, Vec<u8>)>,
) -> Result<Dataset> {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let shape = [options.size, options.size, 3];
    let mut collector = PictureCollector::new(classes.names, shape)?;
    for (index, label) in classes.labels.iter().enumerate() {
        let Some(label) = label else { continue };
        let (name, bytes) = read(index)?;
        match picture::decode(&name, &bytes) {
            Ok(picture) => collector.add(*label as usize, &picture)?,
            Err(error) => collector.skip(name, error.root_cause().to_string()),
        }
    }
    Ok(collector.finish(&name, options.validation_share, options.seed)?)
}

fn from_archive(file: impl Read, options: Options) -> Result<Dataset> {
    let mut archive = tar::Archive::new(GzDecoder::new(file));
    let mut files = DatasetFiles::new(options.images, options.validation_images);
    for entry in archive.entries()? {
        let mut entry = entry?;
        let name = entry.path()?.to_string_lossy().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes)?;
        files.add(&name, bytes).with_context(|| name)?;
    }
    Ok(files.finish()?)
}

/// A whole file, uncompressed by its ending.
fn read(path: &Path) -> Result<Vec<u8>> {
    let bytes = fs::read(path).with_context(|| path.display().to_string())?;
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("gz") => gunzip(&bytes),
        Some("xz") => {
            let mut unpacked = Vec::new();
            lzma_rs::xz_decompress(&mut &bytes[..], &mut unpacked)
                .map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
            Ok(unpacked)
        }
        _ => Ok(bytes),
    }
}

fn gunzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut unpacked)?;
    Ok(unpacked)
}
