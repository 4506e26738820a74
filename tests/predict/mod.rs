//! From an image to its classes.

mod brought;
mod command_line;
mod loading;
mod models;
mod networks;
mod preprocess;
mod run;
mod train;
mod verify;

use std::path::PathBuf;

use alexnet_live::preprocess::Picture;

/// Where a sample photo is.
fn sample(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("www/samples")
        .join(name)
}

/// A decoded sample photo.
fn photo(name: &str) -> Picture {
    let image = image::open(sample(name)).expect(name).into_rgba8();
    let (width, height) = image.dimensions();
    Picture::new(width, height, image.into_raw()).expect("pixels")
}
