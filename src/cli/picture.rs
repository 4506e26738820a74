//! Pictures from files, decoded within limits: a header may promise anything.

use std::io::Cursor;
use std::path::Path;

use alexnet_live::preprocess::Picture;
use anyhow::{Context, Result, bail};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};

/// The most pixels of a picture: more than any camera makes.
const MAX_PIXELS: u64 = 1 << 28;

/// The most bytes that a decoder may take for a picture.
const MAX_BYTES: u64 = 1 << 31;

/// Decodes a picture from a file.
pub fn open(path: &Path) -> Result<Picture> {
    let name = path.display();
    let bytes = std::fs::read(path).with_context(|| name.to_string())?;
    decode(&name.to_string(), &bytes)
}

/// Decodes a picture and turns it the right way up. The content tells the
/// format, not the name; of an animation the first frame counts.
pub fn decode(name: &str, bytes: &[u8]) -> Result<Picture> {
    let bytes = icon(bytes).unwrap_or(bytes);
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let Some(format) = reader.format() else {
        bail!("{name} is no picture that can be read: {}", refused(bytes));
    };
    let image = match format {
        ImageFormat::Jpeg => jpeg::decode_odd(bytes).transpose(),
        ImageFormat::Tiff => palette::decode(bytes).transpose(),
        _ => None,
    };
    let image = image.unwrap_or_else(|| decode_common(reader));
    let rgba = image
        .with_context(|| format!("{name} cannot be decoded"))?
        .into_rgba8();
    Ok(Picture::new(rgba.width(), rgba.height(), rgba.into_raw())?)
}

fn decode_common(mut reader: ImageReader<Cursor<&[u8]>>) -> Result<DynamicImage> {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    within_limits(width, height, decoder.total_bytes())?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder)?;
    image.apply_orientation(orientation);
    Ok(image)
}

/// Checks what a header promises before anything is allocated for it.
fn within_limits(width: u32, height: u32, bytes: u64) -> Result<()> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MAX_PIXELS || bytes > MAX_BYTES {
        bail!(
            "{width} x {height} pixels are too large: at most {} million can be read",
            MAX_PIXELS / 1_000_000
        );
    }
    Ok(())
}

/// What these bytes are, that are none of the kinds that can be read.
fn refused(bytes: &[u8]) -> String {
    let brand = bytes.get(4..12).unwrap_or_default();
    let kind = match brand {
        [b'f', b't', b'y', b'p', b'a', b'v', b'i', ..] => "it is AVIF; ",
        [b'f', b't', b'y', b'p', b'h', b'e', ..] | b"ftypmif1" | b"ftypmsf1" => "it is HEIC; ",
        _ if bytes.starts_with(&[0xff, 0x0a]) || bytes.starts_with(b"\0\0\0\x0cJXL ") => {
            "it is JPEG XL; "
        }
        _ if bytes.starts_with(b"<svg") || bytes.starts_with(b"<?xml") => "it is SVG; ",
        _ if bytes.starts_with(b"%PDF") => "it is PDF; ",
        _ => "",
    };
    format!("{kind}JPEG, PNG, WebP, GIF, BMP, TIFF, ICO, PNM and QOI can")
}

/// The largest picture of an icon, when it is a PNG: an icon's own decoder takes only
/// those with transparency.
fn icon(bytes: &[u8]) -> Option<&[u8]> {
    let [0, 0, 1, 0, low, high, entries @ ..] = bytes else {
        return None;
    };
    let count = usize::from(u16::from_le_bytes([*low, *high]));
    let side = |side: u8| if side == 0 { 256 } else { u32::from(side) };
    let entries = entries.chunks_exact(16).take(count);
    let largest = entries.max_by_key(|entry| side(entry[0]) * side(entry[1]))?;
    let number = |at: usize| {
        let bytes: [u8; 4] = largest[at..at + 4].try_into().expect("four bytes");
        u32::from_le_bytes(bytes) as usize
    };
    let (length, start) = (number(8), number(12));
    let picture = bytes.get(start..start.checked_add(length)?)?;
    picture.starts_with(b"\x89PNG").then_some(picture)
}

/// JPEGs whose first component is not the finest, which cameras and scanners may write.
mod jpeg {
    use jpeg_decoder::{Decoder, PixelFormat};

    use super::{DynamicImage, Result, RgbImage, within_limits};

    /// Such a picture; `None` when it is of the usual sampling.
    pub fn decode_odd(bytes: &[u8]) -> Result<Option<DynamicImage>> {
        if !is_odd(bytes).unwrap_or(false) {
            return Ok(None);
        }
        let mut decoder = Decoder::new(bytes);
        decoder.read_info()?;
        let Some(info) = decoder.info() else {
            return Ok(None);
        };
        let (width, height) = (u32::from(info.width), u32::from(info.height));
        within_limits(width, height, 3 * u64::from(width) * u64::from(height))?;
        if info.pixel_format != PixelFormat::RGB24 {
            return Ok(None);
        }
        let pixels = RgbImage::from_raw(width, height, decoder.decode()?);
        Ok(pixels.map(DynamicImage::ImageRgb8))
    }

    /// Whether, in the frame header of three components, another one than the first
    /// has more samples.
    fn is_odd(bytes: &[u8]) -> Option<bool> {
        let mut at = 2;
        loop {
            let [0xff, marker] = *bytes.get(at..at + 2)? else {
                return None;
            };
            let length = usize::from(u16::from_be_bytes([
                *bytes.get(at + 2)?,
                *bytes.get(at + 3)?,
            ]));
            // Start of frame, but for the tables of Huffman, arithmetic and JPG.
            if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
                let components = *bytes.get(at + 9)?;
                let sampling = |index: usize| bytes.get(at + 11 + 3 * index).copied();
                let [first, second, third] = [sampling(0)?, sampling(1)?, sampling(2)?];
                let finer = |other: u8| other >> 4 > first >> 4 || other & 15 > first & 15;
                return Some(components == 3 && (finer(second) || finer(third)));
            }
            at += 2 + length;
        }
    }
}

/// TIFFs whose pixels are indices into a palette.
mod palette {
    use std::io::Cursor;

    use tiff::ColorType;
    use tiff::decoder::{Decoder, DecodingResult};
    use tiff::tags::Tag;

    use super::{DynamicImage, Result, RgbImage, within_limits};

    /// Such a picture; `None` when it is of another kind.
    pub fn decode(bytes: &[u8]) -> Result<Option<DynamicImage>> {
        let Some(grey) = as_grey(bytes) else {
            return Ok(None);
        };
        let mut decoder = Decoder::new(Cursor::new(&grey))?;
        let ColorType::Gray(bits @ (1 | 2 | 4 | 8)) = decoder.colortype()? else {
            return Ok(None);
        };
        let (width, height) = decoder.dimensions()?;
        within_limits(width, height, 3 * u64::from(width) * u64::from(height))?;
        // All reds, then all greens, then all blues, of 16 bits.
        let colours = decoder.get_tag_u16_vec(Tag::ColorMap)?;
        let DecodingResult::U8(packed) = decoder.read_image()? else {
            return Ok(None);
        };
        let count = colours.len() / 3;
        let bits = usize::from(bits);
        let row = (width as usize * bits).div_ceil(8);
        let mut pixels = RgbImage::new(width, height);
        for (x, y, pixel) in pixels.enumerate_pixels_mut() {
            let bit = x as usize * bits;
            let byte = packed.get(y as usize * row + bit / 8).copied().unwrap_or(0);
            let index = usize::from(byte >> (8 - bits - bit % 8)) & ((1 << bits) - 1);
            let colour =
                |channel: usize| colours.get(channel * count + index).map_or(0, |c| c >> 8);
            pixel.0 = [0, 1, 2].map(|channel| colour(channel) as u8);
        }
        Ok(Some(DynamicImage::ImageRgb8(pixels)))
    }

    /// The same file, its indices said to be brightness, which the decoder reads; `None`
    /// when it has no palette.
    fn as_grey(bytes: &[u8]) -> Option<Vec<u8>> {
        const PHOTOMETRIC_INTERPRETATION: u16 = 262;
        const PALETTE: u16 = 3;
        const BLACK_IS_ZERO: u16 = 1;
        let little = bytes.starts_with(b"II*\0");
        if !little && !bytes.starts_with(b"MM\0*") {
            return None;
        }
        let short = |at: usize| {
            let pair = [*bytes.get(at)?, *bytes.get(at + 1)?];
            Some(if little {
                u16::from_le_bytes(pair)
            } else {
                u16::from_be_bytes(pair)
            })
        };
        let start: [u8; 4] = bytes.get(4..8)?.try_into().ok()?;
        let start = if little {
            u32::from_le_bytes(start)
        } else {
            u32::from_be_bytes(start)
        };
        let start = start as usize;
        let mut entries = (0..usize::from(short(start)?)).map(|index| start + 2 + 12 * index);
        let entry = entries.find(|entry| short(*entry) == Some(PHOTOMETRIC_INTERPRETATION))?;
        if short(entry + 8)? != PALETTE {
            return None;
        }
        let mut grey = bytes.to_vec();
        let value = if little {
            BLACK_IS_ZERO.to_le_bytes()
        } else {
            BLACK_IS_ZERO.to_be_bytes()
        };
        grey.get_mut(entry + 8..entry + 10)?.copy_from_slice(&value);
        Some(grey)
    }
}
