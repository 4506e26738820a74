//! Published datasets as files: CIFAR's batches, MNIST's idx pairs, arrays and tables.
//! The content tells the format, the name which part of the dataset a file is.

use super::cifar_python::CifarPython;
use super::digits::digits;
use super::{
    Array, CIFAR10_CLASSES, Dataset, Samples, is_idx, malformed, read_cifar_python, read_cifar10,
    read_cifar100, read_csv, read_npy,
};
use crate::error::{Error, Result};

/// Files taken in any order.
#[derive(Debug)]
pub struct DatasetFiles {
    /// Most pictures to train and to validate with.
    wanted: [usize; 2],
    /// CIFAR's batches by name.
    batches: Vec<(String, Samples)>,
    /// Whether they are of CIFAR-100.
    hundred: bool,
    /// Names of classes that a file beside them gives.
    classes: Vec<String>,
    /// idx files by name.
    idx: Vec<(String, Vec<u8>)>,
    /// Arrays by name.
    arrays: Vec<(String, Array)>,
    /// Tables by name.
    tables: Vec<(String, Samples, [usize; 3])>,
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
            hundred: false,
            classes: Vec::new(),
            idx: Vec::new(),
            arrays: Vec::new(),
            tables: Vec::new(),
        }
    }

    /// Whether a file's name is one of such a dataset's, so that reading it is worth
    /// while.
    pub fn is_named(name: &str) -> bool {
        let file = file_name(name);
        let starts = ["data_batch", "test_batch", "batches.meta"];
        let ends = [".npy", ".csv", "fine_label_names.txt"];
        let exactly = ["train", "test", "meta", "train.bin", "test.bin"];
        starts.iter().any(|start| file.starts_with(start))
            || ends.iter().any(|end| file.ends_with(end))
            || exactly.contains(&&file[..])
            || file.contains("_batch")
            || file.contains("idx")
            || file.contains("-ubyte")
    }

    /// Takes an uncompressed file; `false` when it belongs to no dataset that
    /// is known, such as a text beside it.
    ///
    /// # Errors
    /// What reading the file gives.
    pub fn add(&mut self, name: &str, bytes: Vec<u8>) -> Result<bool> {
        let file = file_name(name);
        if is_idx(&bytes) {
            self.idx.push((name.to_owned(), bytes));
        } else if name.contains("_batch") && name.contains(".bin") {
            self.add_batch(name, read_cifar10(&bytes)?);
        } else if matches!(&file[..], "train.bin" | "test.bin") {
            self.hundred = true;
            self.add_batch(name, read_cifar100(&bytes)?);
        } else if file == "fine_label_names.txt" {
            let text = String::from_utf8_lossy(&bytes);
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            self.classes = lines.map(str::to_owned).collect();
            return Ok(false);
        } else if matches!(&file[..], "train" | "test" | "meta" | "batches.meta")
            || file.starts_with("data_batch")
            || file.starts_with("test_batch")
        {
            match read_cifar_python(bytes)? {
                CifarPython::Batch { samples, fine } => {
                    self.hundred |= fine;
                    self.add_batch(name, samples);
                }
                CifarPython::Classes(classes) => {
                    self.classes = classes;
                    return Ok(false);
                }
                CifarPython::Other => return Ok(false),
            }
        } else if bytes.starts_with(b"\x93NUMPY") {
            self.arrays.push((file, read_npy(name, &bytes)?));
        } else if file.ends_with(".csv") {
            // A table without labels is one that others hand in answers for.
            let Some((samples, shape)) = read_csv(&bytes)? else {
                return Ok(false);
            };
            self.tables.push((file, samples, shape));
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    /// Keeps a batch in the order of their names, and nothing that those before it make
    /// superfluous.
    fn add_batch(&mut self, name: &str, samples: Samples) {
        let at = (self.batches).partition_point(|(known, _)| known.as_str() < name);
        self.batches.insert(at, (name.to_owned(), samples));
        let mut left = self.wanted;
        for (name, samples) in &mut self.batches {
            let left = &mut left[usize::from(is_validation(name))];
            samples.truncate(*left);
            *left -= samples.len();
        }
    }

    /// The dataset.
    ///
    /// # Errors
    /// [`Error::MissingFile`]; [`Error::Malformed`] for files that do not belong
    /// together; and as [`Dataset::checked`].
    pub fn finish(self) -> Result<Dataset> {
        let [training, validation] = self.wanted;
        let mut dataset = if !self.batches.is_empty() {
            cifar(self.batches, self.hundred, self.classes)
        } else if !self.idx.is_empty() {
            digits("idx files", self.idx)
        } else if !self.arrays.is_empty() {
            numbered("arrays", join_arrays(self.arrays)?)
        } else if !self.tables.is_empty() {
            numbered("tables", self.tables)
        } else {
            Err(missing("data_batch_1.bin, train-images-idx3-ubyte"))
        }?;
        dataset.training.truncate(training);
        dataset.validation.truncate(validation);
        dataset.checked()
    }
}

/// The last part of a path, in lower case and without the ending of a packed file.
fn file_name(name: &str) -> String {
    let file = name
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let packed = file
        .strip_suffix(".gz")
        .or_else(|| file.strip_suffix(".xz"));
    packed.unwrap_or(&file).to_owned()
}

fn is_validation(name: &str) -> bool {
    let file = file_name(name);
    ["test", "t10k", "val"]
        .iter()
        .any(|part| file.contains(part))
}

pub(super) fn missing(name: &str) -> Box<Error> {
    let name = name.to_owned();
    Error::MissingFile { name }.into()
}

/// `data_batch_1` to `5` or `train` train, `test_batch` or `test` validates.
fn cifar(batches: Vec<(String, Samples)>, hundred: bool, classes: Vec<String>) -> Result<Dataset> {
    let (mut training, mut validation) = (Samples::default(), Samples::default());
    for (name, samples) in batches {
        match is_validation(&name) {
            true => validation.append(samples),
            false => training.append(samples),
        }
    }
    let (name, count) = match hundred {
        true => ("cifar-100", 100),
        false => ("cifar-10", 10),
    };
    let classes = match (classes.len() == count, hundred) {
        (true, _) => classes,
        (false, false) => CIFAR10_CLASSES.map(str::to_owned).to_vec(),
        (false, true) => (0..count).map(|class| class.to_string()).collect(),
    };
    Ok(Dataset {
        name: name.to_owned(),
        classes,
        shape: [32, 32, 3],
        margin: 0,
        training,
        validation,
        notes: Vec::new(),
    })
}

/// Arrays of pictures, each with the labels whose name has the same part: `x_train`
/// with `y_train`, `test_images` with `test_labels`.
fn join_arrays(arrays: Vec<(String, Array)>) -> Result<Vec<(String, Samples, [usize; 3])>> {
    let mut labels = Vec::new();
    let mut pictures = Vec::new();
    for (name, array) in arrays {
        match array {
            Array::Labels(values) => labels.push((name, values)),
            Array::Pictures(pixels, shape) => pictures.push((name, pixels, shape)),
        }
    }
    let part = |name: &str| match is_validation(name) {
        true if name.contains("val") => 2,
        true => 1,
        false => 0,
    };
    let mut tables = Vec::new();
    for (name, pixels, shape) in pictures {
        let own = labels
            .iter()
            .position(|(other, _)| part(other) == part(&name));
        let own = own.ok_or_else(|| missing(&format!("labels for {name}")))?;
        let (_, labels) = labels.swap_remove(own);
        let bytes = shape.iter().product::<usize>();
        if bytes == 0 || labels.len() * bytes != pixels.len() {
            let pictures = pixels.len() / bytes.max(1);
            return Err(malformed(format_args!(
                "{} labels for the {pictures} pictures of {name}",
                labels.len()
            )));
        }
        tables.push((name, Samples { pixels, labels }, shape));
    }
    Ok(tables)
}

/// Pictures whose classes have numbers for names.
fn numbered(name: &str, parts: Vec<(String, Samples, [usize; 3])>) -> Result<Dataset> {
    let (mut training, mut validation) = (Samples::default(), Samples::default());
    let mut shape = None;
    for (name, samples, own) in parts {
        if *shape.get_or_insert(own) != own {
            return Err(malformed("its parts have pictures of two sizes"));
        }
        match is_validation(&name) {
            true => validation.append(samples),
            false => training.append(samples),
        }
    }
    let most = training.labels.iter().chain(&validation.labels).max();
    // Few pictures may lack a digit.
    let count = most.map_or(0, |most| most + 1).max(10);
    Ok(Dataset {
        name: name.to_owned(),
        classes: (0..count).map(|class| class.to_string()).collect(),
        shape: shape.unwrap_or([0; 3]),
        margin: 0,
        training,
        validation,
        notes: Vec::new(),
    })
}
