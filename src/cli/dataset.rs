//! Datasets by name or path.

use std::fs;
use std::io::Read;
use std::path::Path;

use alexnet_live::data::{Classes, Dataset, DatasetFiles, Note, PictureCollector, built_in_digits};
use anyhow::{Context, Result, bail};
use flate2::read::GzDecoder;

use super::members::Members;
use super::picture;

/// What can be read.
const KINDS: &str = "a folder, zip, tar or tar.gz with a folder of pictures for each class, \
                     CIFAR-10 or CIFAR-100 in binary or Python's form, MNIST's idx files, .npz \
                     or .csv";

/// How pictures become a dataset.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// So many train: of pictures of folders, of all classes; else the first.
    pub images: Option<usize>,
    /// So many of those that are kept for it validate.
    pub validation_images: Option<usize>,
    /// Height and width of what a network sees of the pictures of folders.
    pub size: usize,
    /// Share of them that validates.
    pub validation_share: f64,
    /// Decides which.
    pub seed: u32,
}

/// Opens `mnist-5k`, which is built in, or files at a path: see [`KINDS`].
pub fn open(dataset: &str, options: Options) -> Result<Dataset> {
    if dataset == "mnist-5k" {
        let mut digits = digits()?;
        digits
            .training
            .truncate(options.images.unwrap_or(usize::MAX));
        digits
            .validation
            .truncate(options.validation_images.unwrap_or(usize::MAX));
        return Ok(digits.checked()?);
    }
    let path = Path::new(dataset);
    if !path.exists() {
        bail!("there is no dataset {dataset}: name mnist-5k, or {KINDS}");
    }
    read(path, options).with_context(|| dataset.to_owned())
}

fn digits() -> Result<Dataset> {
    const IMAGES: &[u8] = include_bytes!("../../datasets/mnist-5k/images.idx3-ubyte.gz");
    const LABELS: &[u8] = include_bytes!("../../datasets/mnist-5k/labels.idx1-ubyte.gz");
    let gunzip = |bytes| {
        let mut unpacked = Vec::new();
        GzDecoder::new(bytes).read_to_end(&mut unpacked)?;
        anyhow::Ok(unpacked)
    };
    Ok(built_in_digits(gunzip(IMAGES)?, gunzip(LABELS)?)?)
}

fn read(path: &Path, options: Options) -> Result<Dataset> {
    let mut members = Members::open(path)?;
    // What it is called, which may tell what it is.
    let whole = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let name = whole
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let names = members.names().to_vec();
    if names.iter().any(|name| DatasetFiles::is_named(name)) {
        let mut files = DatasetFiles::new(options.images, options.validation_images);
        let mut known = false;
        members.each(
            |index| DatasetFiles::is_named(&names[index]),
            |index, bytes| {
                let own = &names[index];
                let added = bytes.and_then(|bytes| Ok(files.add(&format!("{name}/{own}"), bytes)?));
                known |= added.with_context(|| own.clone())?;
                Ok(())
            },
        )?;
        if known {
            return Ok(files.finish()?);
        }
    }
    if path.is_file() && names.len() == 1 && names[0] == file_name(path) {
        let kind = path.extension().unwrap_or_default().to_string_lossy();
        bail!("this is a kind of file that is not read ({kind}): what can be read is {KINDS}");
    }
    let classes = Classes::of(names.iter().map(String::as_str))?;
    collect(&name, &mut members, classes, options)
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// Decodes the pictures of all classes.
fn collect(
    name: &str,
    members: &mut Members,
    classes: Classes,
    options: Options,
) -> Result<Dataset> {
    let Classes {
        names: classes,
        labels,
        validates,
        notes,
    } = classes;
    let names = members.names().to_vec();
    let shape = [options.size, options.size, 3];
    let mut collector = PictureCollector::new(classes, shape)?;
    collector.note(notes);
    members.each(
        |index| labels[index].is_some(),
        |index, bytes| {
            let label = labels[index].unwrap_or_default() as usize;
            let name = &names[index];
            match bytes.and_then(|bytes| picture::decode(name, &bytes)) {
                Ok(picture) => {
                    let validates = validates.as_ref().map(|validates| validates[index]);
                    collector.add_to(label, &picture, validates)?;
                }
                Err(error) => collector.skip(name.clone(), error.root_cause().to_string()),
            }
            Ok(())
        },
    )?;
    let mut dataset = collector.finish(name, options.validation_share, options.seed)?;
    let all = usize::MAX;
    let (images, validation) = (options.images, options.validation_images);
    dataset
        .training
        .keep_of_all_classes(images.unwrap_or(all), options.seed);
    dataset
        .validation
        .keep_of_all_classes(validation.unwrap_or(all), options.seed);
    Ok(dataset.checked()?)
}

/// The most notes of one kind that are told.
const MOST_TOLD: usize = 10;

/// Says on the screen what was noticed.
pub fn tell(notes: &[Note]) {
    let mut told: Vec<(std::mem::Discriminant<Note>, usize)> = Vec::new();
    for note in notes {
        let kind = std::mem::discriminant(note);
        let at = told.iter().position(|(known, _)| *known == kind);
        let at = at.unwrap_or_else(|| {
            told.push((kind, 0));
            told.len() - 1
        });
        told[at].1 += 1;
        if told[at].1 <= MOST_TOLD {
            eprintln!("{note}");
        }
    }
    let more: usize = told
        .iter()
        .map(|(_, count)| count.saturating_sub(MOST_TOLD))
        .sum();
    if more > 0 {
        eprintln!("and {more} more like these");
    }
}
