//! Published datasets as files: CIFAR-10's batches, MNIST's idx pairs. The
//! content tells the format, the name which part of the dataset a file is.

use super::{
    CIFAR10_CLASSES, Dataset, Samples, is_idx, malformed, read_cifar10, read_idx_images,
    read_idx_labels,
};
use crate::error::{Error, Result};

/// Files taken in any order.
#[derive(Debug)]
pub struct DatasetFiles {
    /// Most pictures to train and to validate with.
    wanted: [usize; 2],
    /// CIFAR-10's batches by name.
    batches: Vec<(String, Samples)>,
    /// idx files by name.
    idx: Vec<(String, Vec<u8>)>,
}

impl DatasetFiles {
    /// Of which the first `images` pictures train and, unless said otherwise, a
    /// fifth as many validate; all when not given.
    pub fn new(images: Option<usize>, validation: Option<usize>) -> Self {
        let or_all = |count: Option<usize>| count.unwrap_or(usize::MAX);
        let fifth = images.map(|images| images.div_ceil(5));
        Self {
            wanted: [or_all(images), or_all(validation.or(fifth))],
            batches: Vec::new(),
            idx: Vec::new(),
        }
    }

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
            // What the batches before it make superfluous is not held.
            let mut left = self.wanted;
            for (name, samples) in &mut self.batches {
                let left = &mut left[usize::from(is_validation(name))];
                samples.truncate(*left);
                *left -= samples.len();
            }
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    /// The dataset.
    ///
    /// # Errors
    /// [`Error::MissingFile`]; [`Error::Malformed`] for files that do not belong
    /// together; and as [`Dataset::checked`].
    pub fn finish(self) -> Result<Dataset> {
        let mut dataset = match (self.batches.is_empty(), self.idx.is_empty()) {
            (false, _) => cifar10(self.batches),
            (true, false) => digits("idx files", self.idx),
            (true, true) => Err(missing("data_batch_1.bin, train-images-idx3-ubyte")),
        }?;
        dataset.training.truncate(self.wanted[0]);
        dataset.validation.truncate(self.wanted[1]);
        dataset.checked()
    }
}

/// The digits that come with the program, from their two unpacked idx files.
///
/// # Errors
/// As [`DatasetFiles::finish`], when they are others.
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

fn is_validation(batch: &str) -> bool {
    batch.contains("test_batch")
}

fn missing(name: &str) -> Box<Error> {
    let name = name.to_owned();
    Error::MissingFile { name }.into()
}

/// `data_batch_1` to `5` train, `test_batch` validates.
fn cifar10(batches: Vec<(String, Samples)>) -> Result<Dataset> {
    let (mut training, mut validation) = (Samples::default(), Samples::default());
    for (name, samples) in batches {
        match is_validation(&name) {
            true => validation.append(samples),
            false => training.append(samples),
        }
    }
    Ok(Dataset {
        name: "cifar-10".to_owned(),
        classes: CIFAR10_CLASSES.map(str::to_owned).to_vec(),
        shape: [32, 32, 3],
        margin: 0,
        training,
        validation,
        notes: Vec::new(),
    })
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

/// `train-images` with `train-labels`, `t10k-images` with `t10k-labels`; the
/// second pair may be absent.
fn digits(name: &str, mut files: Vec<(String, Vec<u8>)>) -> Result<Dataset> {
    let named = (files.iter()).any(|(name, _)| name.to_ascii_lowercase().contains("fashion"));
    let mut take = |part: &str| {
        let at = files.iter().position(|(name, _)| name.contains(part))?;
        Some(files.swap_remove(at).1)
    };
    let mut pair = |part: &str| -> Result<Option<(Samples, [usize; 3])>> {
        let names = ["images", "labels"].map(|kind| format!("{part}-{kind}"));
        match (take(&names[0]), take(&names[1])) {
            (None, None) => Ok(None),
            (Some(images), Some(labels)) => join(&images, &labels).map(Some),
            (None, Some(_)) => Err(missing(&names[0])),
            (Some(_), None) => Err(missing(&names[1])),
        }
    };
    let training = pair("train")?;
    let (training, shape) = training.ok_or_else(|| missing("train-images"))?;
    let validation = match pair("t10k")? {
        None => Samples::default(),
        Some((samples, same)) if same == shape => samples,
        Some(_) => return Err(malformed("its two parts have pictures of two sizes")),
    };
    let fashion = named || training.labels.starts_with(&FASHION_LABELS);
    Ok(Dataset {
        name: if fashion { "fashion-mnist" } else { name }.to_owned(),
        classes: match fashion {
            true => FASHION.map(str::to_owned).to_vec(),
            false => (0..10).map(|digit| digit.to_string()).collect(),
        },
        shape,
        margin: 0,
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
