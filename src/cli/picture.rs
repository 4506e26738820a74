//! Pictures from files.

use std::io::Cursor;
use std::path::Path;

use alexnet_live::preprocess::Picture;
use anyhow::{Context, Result, bail};
use image::{DynamicImage, ImageDecoder, ImageReader};

/// Decodes a picture from a file.
pub fn open(path: &Path) -> Result<Picture> {
    let name = path.display();
    let bytes = std::fs::read(path).with_context(|| name.to_string())?;
    decode(&name.to_string(), &bytes)
}

/// Decodes a picture and turns it the right way up. The content tells the
/// format, not the name; of an animation the first frame counts.
pub fn decode(name: &str, bytes: &[u8]) -> Result<Picture> {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    if reader.format().is_none() {
        bail!(
            "{name} is no picture that can be read: \
             JPEG, PNG, WebP, GIF, BMP, TIFF, ICO, PNM and QOI can"
        );
    }
    let decode = || {
        let mut decoder = reader.into_decoder()?;
        let orientation = decoder.orientation()?;
        let mut image = DynamicImage::from_decoder(decoder)?;
        image.apply_orientation(orientation);
        image::ImageResult::Ok(image.into_rgba8())
    };
    let rgba = decode().with_context(|| format!("{name} cannot be decoded"))?;
    Ok(Picture::new(rgba.width(), rgba.height(), rgba.into_raw())?)
}
