//! Published datasets as files: CIFAR-10's batches, MNIST's idx pairs. The
//! content tells the format, the name which part of the dataset a file is.

use super::{
    CIFAR10_CLASSES, Dataset, Samples, is_idx, malformed, read_cifar10, read_idx_images,
    read_idx_labels,
};
use crate::error::Result;

/// Files taken in any order.
#[derive(Debug, Default)]
pub struct DatasetFiles {
    /// CIFAR-10's batches by name.
    batches: Vec<(String, Samples)>,
    /// idx files by name.
    idx: Vec<(String, Vec<u8>)>,
}

impl DatasetFiles {
    /// Takes an uncompressed file; `false` when it belongs to no dataset that
    /// is known, such as a text beside it.
    ///
    /// # Errors
    /// What reading the file gives.
    pub fn add(&mut self, name: &str, bytes: Vec<u8>) -> Result<bool> {
        if is_idx(&bytes) {
            self.idx.push((name.to_owned(), bytes));
        } else if name.contains("_batch") && name.contains(".bin") {
            // In the order of their names.
            let at = self
                .batches
                .partition_point(|(known, _)| known.as_str() < name);
            let batch = (name.to_owned(), read_cifar10(&bytes)?);
            self.batches.insert(at, batch);
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    /// The dataset, with the first `images` pictures to train with.
    ///
    /// # Errors
    /// [`Malformed`](crate::error::Error::Malformed) saying what is missing.
    pub fn finish(self, images: Option<usize>) -> Result<Dataset> {
        let mut dataset = match (self.batches.is_empty(), self.idx.is_empty()) {
            (false, _) => cifar10(self.batches),
            (true, false) => digits("idx files", self.idx),
            (true, true) => Err(malformed(
                "no CIFAR-10 batches (data_batch_1.bin, ...) and no idx files were found",
            )),
        }?;
        if let Some(images) = images {
            dataset.training.truncate(images);
        }
        dataset.checked()
    }
}

/// The digits that come with the program, from their two unpacked idx files.
///
/// # Errors
/// [`Malformed`](crate::error::Error::Malformed) when they are others.
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

/// `data_batch_1` to `5` train, `test_batch` validates.
fn cifar10(batches: Vec<(String, Samples)>) -> Result<Dataset> {
    let (mut training, mut validation) = (Samples::default(), Samples::default());
    for (name, samples) in batches {
        match name.contains("test_batch") {
            true => validation.append(samples),
            false => training.append(samples),
        }
    }
    Ok(Dataset {
        name: "cifar-10".to_owned(),
        classes: CIFAR10_CLASSES.map(str::to_owned).to_vec(),
        shape: [32, 32, 3],
        training,
        validation,
        notes: Vec::new(),
    })
}

/// `train-images` with `train-labels`, `t10k-images` with `t10k-labels`; the
/// second pair may be absent.
fn digits(name: &str, mut files: Vec<(String, Vec<u8>)>) -> Result<Dataset> {
    let mut take = |part: &str| {
        let at = files.iter().position(|(name, _)| name.contains(part))?;
        Some(files.swap_remove(at).1)
    };
    let mut pair = |part: &str| -> Result<Option<(Samples, [usize; 3])>> {
        let names = ["images", "labels"].map(|kind| format!("{part}-{kind}"));
        match (take(&names[0]), take(&names[1])) {
            (None, None) => Ok(None),
            (Some(images), Some(labels)) => join(&images, &labels).map(Some),
            (None, Some(_)) => Err(malformed(format_args!("there is no {} file", names[0]))),
            (Some(_), None) => Err(malformed(format_args!("there is no {} file", names[1]))),
        }
    };
    let training = pair("train")?;
    let (training, shape) = training.ok_or_else(|| malformed("there is no train-images file"))?;
    let validation = match pair("t10k")? {
        None => Samples::default(),
        Some((samples, same)) if same == shape => samples,
        Some(_) => return Err(malformed("its two parts have pictures of two sizes")),
    };
    Ok(Dataset {
        name: name.to_owned(),
        classes: (0..10).map(|digit| digit.to_string()).collect(),
        shape,
        training,
        validation,
        notes: Vec::new(),
    })
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
