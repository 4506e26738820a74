//! Anybody's pictures: a folder for each class.

use serde::Serialize;

use super::{Dataset, Note, Samples};
use crate::error::{Error, Result};
use crate::preprocess::{Channels, Picture, Preprocessing, Resize, brightness};
use crate::random::{Random, Stream};

/// Endings of files that are taken for pictures.
const ENDINGS: [&str; 13] = [
    ".avif", ".bmp", ".gif", ".ico", ".jfif", ".jpeg", ".jpg", ".png", ".pnm", ".ppm", ".tif",
    ".tiff", ".webp",
];

/// Which of the files at `paths` are pictures, and of which class: that of the
/// folder that they are in. `/` separates folders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Classes {
    /// Names of the classes, in alphabetical order.
    pub names: Vec<String>,
    /// Class of each path; none for other files.
    pub labels: Vec<Option<u32>>,
}

impl Classes {
    /// Finds the classes.
    ///
    /// # Errors
    /// [`Error::DuplicateClass`] for two folders of one name, whatever their
    /// case; [`Error::TooFewClasses`].
    pub fn of<'a>(paths: impl IntoIterator<Item = &'a str>) -> Result<Self> {
        let folders: Vec<Option<&str>> = paths.into_iter().map(folder).collect();
        // In the order of their names.
        let mut found: Vec<&str> = Vec::new();
        let place = |found: &[&str], folder: &str| {
            let key = name(folder).to_ascii_lowercase();
            found.binary_search_by(|known| name(known).to_ascii_lowercase().cmp(&key))
        };
        for folder in folders.iter().flatten() {
            match place(&found, folder) {
                Err(at) => found.insert(at, folder),
                Ok(at) if found[at] == *folder => {}
                Ok(at) => {
                    return Err(Error::DuplicateClass {
                        name: name(folder).to_owned(),
                        folders: [found[at].to_owned(), (*folder).to_owned()],
                    }
                    .into());
                }
            }
        }
        check(found.len())?;
        let label = |folder| place(&found, folder).expect("it was found") as u32;
        Ok(Self {
            labels: folders.iter().map(|folder| folder.map(label)).collect(),
            names: found.iter().map(|folder| name(folder).to_owned()).collect(),
        })
    }
}

fn check(classes: usize) -> Result<()> {
    match classes {
        0 | 1 => Err(Error::TooFewClasses { count: classes }.into()),
        _ => Ok(()),
    }
}

/// The folder of a picture; none for hidden files and what is no picture.
fn folder(path: &str) -> Option<&str> {
    let (folder, file) = path.rsplit_once('/')?;
    let hidden = |part: &str| part.starts_with('.') || part == "__MACOSX";
    let lower = file.to_ascii_lowercase();
    let picture = ENDINGS.iter().any(|ending| lower.ends_with(ending));
    (picture && !path.split('/').any(hidden)).then_some(folder)
}

fn name(folder: &str) -> &str {
    folder.rsplit('/').next().expect("a part").trim()
}

/// Pictures of any size, made to one size one by one: a seventh larger than the
/// network's input, as the paper takes crops of 224 pixels from 256 (section 4.1).
/// Whether crops are drawn may change while a run goes on, and what it is validated
/// with should not, so the margin is there either way.
#[derive(Debug)]
pub struct PictureCollector {
    classes: Vec<String>,
    shape: [usize; 3],
    margin: usize,
    samples: Samples,
    notes: Vec<Note>,
}

impl PictureCollector {
    /// For pictures of these classes and a network that takes `[height, width,
    /// channels]`, 3 channels or 1 (brightness).
    ///
    /// # Errors
    /// [`Error::DuplicateClass`]; [`Error::TooFewClasses`].
    pub fn new(classes: Vec<String>, shape: [usize; 3]) -> Result<Self> {
        for (index, class) in classes.iter().enumerate() {
            if let Some(same) = classes[..index].iter().find(|known| *known == class) {
                return Err(Error::DuplicateClass {
                    name: class.clone(),
                    folders: [same.clone(), class.clone()],
                }
                .into());
            }
        }
        check(classes.len())?;
        Ok(Self {
            classes,
            shape,
            margin: shape[0].max(shape[1]) / 14, // 16 of 224
            samples: Samples::default(),
            notes: Vec::new(),
        })
    }

    /// Takes a picture: the shorter side resized as Pillow does, the centre cropped.
    ///
    /// # Errors
    /// [`Error::Unknown`] when the class does not exist.
    pub fn add(&mut self, class: usize, picture: &Picture) -> Result<()> {
        if class >= self.classes.len() {
            let mut known = self.classes.iter().map(String::as_str);
            return Err(Error::unknown("class", &class, &mut known));
        }
        let [height, width, channels] = self.shape;
        let side = |side: usize| (side + 2 * self.margin) as u32;
        let preprocessing = Preprocessing {
            // As small as the crop allows.
            resize: Resize::ShorterSide(1),
            channels: Channels::Rgb,
            scale: 1.0,
            mean: [0.0; 3],
            std: [1.0; 3],
        };
        let small = preprocessing.crop(picture, side(height), side(width));
        for pixel in small.rgba.chunks_exact(4) {
            match channels {
                3 => self.samples.pixels.extend_from_slice(&pixel[..3]),
                _ => self.samples.pixels.push(brightness(pixel)),
            }
        }
        self.samples.labels.push(class as u32);
        Ok(())
    }

    /// Notes a picture that cannot be decoded.
    pub fn skip(&mut self, name: String, reason: String) {
        self.notes.push(Note::BrokenPicture { name, reason });
    }

    /// The dataset, `share` of each class set aside to validate with.
    ///
    /// # Errors
    /// [`Error::EmptyClass`].
    pub fn finish(mut self, name: &str, share: f64, seed: u32) -> Result<Dataset> {
        let mut validates = vec![false; self.samples.len()];
        for (label, class) in self.classes.iter().enumerate() {
            let of_class = |index: &usize| self.samples.labels[*index] == label as u32;
            let own: Vec<usize> = (0..self.samples.len()).filter(of_class).collect();
            match own.len() {
                0 => {
                    let name = class.clone();
                    return Err(Error::EmptyClass { name }.into());
                }
                1 => self.notes.push(Note::SinglePicture {
                    class: class.clone(),
                }),
                _ => {}
            }
            // At least one is left to train with.
            let count = ((own.len() as f64 * share).round() as usize).min(own.len() - 1);
            let order = Random::new(seed, Stream::Split, label as u32).order(own.len());
            for index in &order[..count] {
                validates[own[*index as usize]] = true;
            }
        }
        let (mut training, mut validation) = (Samples::default(), Samples::default());
        for (index, validates) in validates.into_iter().enumerate() {
            let part = match validates {
                true => &mut validation,
                false => &mut training,
            };
            part.pixels.extend_from_slice(self.samples.picture(index));
            part.labels.push(self.samples.labels[index]);
        }
        let dataset = Dataset {
            name: name.to_owned(),
            classes: self.classes,
            shape: self.shape,
            margin: self.margin,
            training,
            validation,
            notes: self.notes,
        };
        dataset.checked()
    }
}
