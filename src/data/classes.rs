//! Which folders are classes, as PyTorch's `ImageFolder` sees them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Note;
use crate::error::{Error, Result};

/// Endings of files that are taken for pictures, whether or not they can be decoded
/// here: one that cannot be is told.
const ENDINGS: [&str; 20] = [
    ".avif", ".bmp", ".gif", ".heic", ".heif", ".ico", ".jfif", ".jpe", ".jpeg", ".jpg", ".jxl",
    ".pbm", ".pgm", ".png", ".pnm", ".ppm", ".qoi", ".tif", ".tiff", ".webp",
];

/// Folders of pictures to train with, by convention.
const TRAINING: [&str; 2] = ["train", "training"];
/// Folders of pictures to validate with, the more fitting first.
const VALIDATION: [&str; 6] = ["val", "valid", "validation", "dev", "test", "testing"];

/// What stands between class and name in a project of Teachable Machine.
const TEACHABLE_MACHINE: &str = "-!-";

/// Which of the files at `paths` are pictures, and of which class: the outermost
/// folder that tells pictures apart. Folders `train` and `val` or `test` that hold
/// the classes say which pictures train and which validate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Classes {
    /// Names of the classes, in alphabetical order.
    pub names: Vec<String>,
    /// Class of each path; none for other files.
    pub labels: Vec<Option<u32>>,
    /// Whether each path validates, where folders say so.
    pub validates: Option<Vec<bool>>,
    /// Pictures that are of no class.
    pub notes: Vec<Note>,
}

/// A picture on its way to a class.
struct File<'a> {
    /// Place among all paths.
    index: usize,
    /// Folders, outermost first, then the name.
    parts: Vec<&'a str>,
    validates: bool,
}

impl Classes {
    /// Finds the classes; `/` separates folders.
    ///
    /// # Errors
    /// [`Error::DuplicateClass`] for two folders whose names differ in case alone;
    /// [`Error::TooFewClasses`].
    pub fn of<'a>(paths: impl IntoIterator<Item = &'a str>) -> Result<Self> {
        let mut count = 0;
        let mut files = Vec::new();
        for (index, path) in paths.into_iter().enumerate() {
            count = index + 1;
            files.extend(File::of(index, path));
        }
        let mut notes = Vec::new();
        unwrap(&mut files);
        let split = split(&mut files, &mut notes);
        if split {
            unwrap(&mut files);
        }
        let mut found: BTreeMap<String, &str> = BTreeMap::new();
        let (within, stray): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|file| file.parts.len() > 1);
        notes.extend(stray.iter().map(|file| Note::StrayPicture {
            name: file.parts.join("/"),
        }));
        for file in within.iter().filter(|file| !file.validates) {
            let folder = file.parts[0];
            let known = found.entry(key(folder)).or_insert(folder);
            if *known != folder && !split {
                return Err(Error::DuplicateClass {
                    name: folder.trim().to_owned(),
                    folders: [(*known).to_owned(), folder.to_owned()],
                }
                .into());
            }
        }
        // Pictures without folders are of one class.
        check(found.len().max(usize::from(!stray.is_empty())))?;
        let mut labels = vec![None; count];
        let mut validates = vec![false; count];
        for file in &within {
            let place = found.keys().position(|name| *name == key(file.parts[0]));
            labels[file.index] = place.map(|place| place as u32);
            validates[file.index] = file.validates;
            if place.is_none() {
                let name = file.parts.join("/");
                notes.push(Note::StrayPicture { name });
            }
        }
        Ok(Self {
            names: found.values().map(|name| name.trim().to_owned()).collect(),
            labels,
            validates: split.then_some(validates),
            notes,
        })
    }
}

impl<'a> File<'a> {
    /// A picture; `None` for hidden files and what is none.
    fn of(index: usize, path: &'a str) -> Option<Self> {
        let parts = path.split('/').filter(|part| !matches!(*part, "" | "."));
        let mut parts: Vec<&str> = parts.collect();
        let hidden = |part: &&str| part.starts_with('.') || *part == "__MACOSX";
        let lower = parts.last()?.to_ascii_lowercase();
        let picture = ENDINGS.iter().any(|ending| lower.ends_with(ending));
        if !picture || parts.iter().any(hidden) {
            return None;
        }
        if let Some((class, name)) = parts.last()?.split_once(TEACHABLE_MACHINE) {
            parts.pop();
            parts.extend([class, name]);
        }
        Some(Self {
            index,
            parts,
            validates: false,
        })
    }
}

/// Folders of one name in whatever case are one class.
fn key(folder: &str) -> String {
    folder.trim().to_lowercase()
}

/// Takes off the folders that all pictures with folders share, as long as there is a
/// folder below.
fn unwrap(files: &mut [File]) {
    loop {
        let mut folders = files.iter().filter(|file| file.parts.len() > 1);
        let Some(outermost) = folders.next().map(|file| file.parts[0].to_owned()) else {
            return;
        };
        let shared = folders.all(|file| file.parts[0] == outermost);
        if !shared || !files.iter().any(|file| file.parts.len() > 2) {
            return;
        }
        for file in files.iter_mut().filter(|file| file.parts.len() > 1) {
            file.parts.remove(0);
        }
    }
}

/// Understands folders for training and validation; others beside them are left out.
fn split(files: &mut Vec<File>, notes: &mut Vec<Note>) -> bool {
    let is = |file: &File, name: &str| file.parts.len() > 2 && key(file.parts[0]) == name;
    let any = |name: &&&str| files.iter().any(|file| is(file, name));
    let (Some(training), Some(validation)) =
        (TRAINING.iter().find(any), VALIDATION.iter().find(any))
    else {
        return false;
    };
    let mut left_out: BTreeMap<String, usize> = BTreeMap::new();
    files.retain_mut(|file| {
        file.validates = is(file, validation);
        let wanted = file.validates || is(file, training);
        match wanted {
            true => drop(file.parts.remove(0)),
            false => *left_out.entry(file.parts[0].to_owned()).or_default() += 1,
        }
        wanted
    });
    notes.extend(
        left_out
            .into_iter()
            .map(|(name, count)| Note::UnusedFolder { name, count }),
    );
    true
}

/// Checks that there are classes to tell apart.
pub(super) fn check(classes: usize) -> Result<()> {
    match classes {
        0 | 1 => Err(Error::TooFewClasses { count: classes }.into()),
        _ => Ok(()),
    }
}
