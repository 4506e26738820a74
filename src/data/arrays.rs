//! Labelled pictures as arrays of NumPy (`.npy`, the files within an `.npz`) and as
//! tables of numbers (CSV), as MNIST and its kin are given too.

use super::{Samples, malformed};
use crate::error::{Error, Result};

const NPY: &str = ".npy";

/// The most classes that labels of numbers may tell apart.
const MAX_CLASSES: u32 = 1000;

/// Pictures or labels of one part of a dataset.
#[derive(Debug, Clone, PartialEq)]
pub enum Array {
    /// Bytes `[count, height, width, channels]`, and the last three of these sizes.
    Pictures(Vec<u8>, [usize; 3]),
    /// Class of each picture.
    Labels(Vec<u32>),
}

/// An array of NumPy; its `name` tells pictures from labels.
///
/// # Errors
/// [`Error::Malformed`], [`Error::Truncated`]; [`Error::Unsupported`] for a type of
/// numbers or an order that is not read.
pub fn read_npy(name: &str, bytes: &[u8]) -> Result<Array> {
    let (header, data) = header(bytes)?;
    let field = |key: &str| {
        let at = header.find(key)? + key.len();
        Some(header[at..].trim_start_matches(['\'', '"', ':', ' ']))
    };
    let (Some(kind), Some(order), Some(shape)) =
        (field("descr"), field("fortran_order"), field("shape"))
    else {
        return Err(Error::malformed(NPY, &"its header says no shape"));
    };
    let kind = kind.split(['\'', '"']).next().unwrap_or_default();
    let shape = shape
        .trim_start_matches('(')
        .split(')')
        .next()
        .unwrap_or_default();
    let sizes = shape
        .split(',')
        .map(str::trim)
        .filter(|size| !size.is_empty());
    let sizes: Option<Vec<usize>> = sizes.map(|size| size.parse().ok()).collect();
    let sizes = sizes.ok_or_else(|| Error::malformed(NPY, &"its shape is no list of sizes"))?;
    if order.starts_with("True") && sizes.len() > 1 {
        return Err(Error::unsupported(NPY, &"Fortran's order"));
    }
    let width: usize = kind
        .get(2..)
        .and_then(|width| width.parse().ok())
        .unwrap_or(0);
    let count = sizes
        .iter()
        .try_fold(1, |count: usize, size| count.checked_mul(*size));
    let length = count.and_then(|count| count.checked_mul(width));
    if length.is_none_or(|length| length > data.len()) {
        return Err(Error::Truncated {
            format: NPY,
            expected: length.map_or(u64::MAX, |length| length as u64),
            found: data.len() as u64,
        }
        .into());
    }
    let count = count.unwrap_or(0);
    let number = |index: usize| number(kind, &data[index * width..][..width]);
    if width == 0 || (count > 0 && number(0).is_none()) {
        return Err(Error::unsupported(
            NPY,
            &format_args!("numbers of type {kind}"),
        ));
    }
    let number = |index: usize| number(index).unwrap_or(0.0);
    match is_labels(name) {
        true => labels(&sizes, number).map(Array::Labels),
        false => pictures(&sizes, number),
    }
}

/// Whether a name is one of labels.
fn is_labels(name: &str) -> bool {
    let file = name
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    file.starts_with("y_") || file == "y.npy" || file.contains("label") || file.contains("target")
}

/// The text of the header, and the bytes behind it.
fn header(bytes: &[u8]) -> Result<(&str, &[u8])> {
    let parts = || {
        let rest = bytes.strip_prefix(b"\x93NUMPY")?;
        let (version, rest) = rest.split_first_chunk::<2>()?;
        let (length, rest) = match version[0] {
            1 => {
                let (length, rest) = rest.split_first_chunk::<2>()?;
                (u32::from(u16::from_le_bytes(*length)), rest)
            }
            _ => {
                let (length, rest) = rest.split_first_chunk::<4>()?;
                (u32::from_le_bytes(*length), rest)
            }
        };
        let (header, data) = rest.split_at_checked(length as usize)?;
        Some((str::from_utf8(header).ok()?, data))
    };
    parts().ok_or_else(|| Error::malformed(NPY, &"it has no header"))
}

/// A number of a type as NumPy writes it: `|u1`, `<i8`, `<f4`.
fn number(kind: &str, bytes: &[u8]) -> Option<f64> {
    Some(match (kind.get(..2)?, bytes) {
        ("|u" | "|b", [value]) => f64::from(*value),
        ("|i", [value]) => f64::from(*value as i8),
        ("<u", [a, b]) => f64::from(u16::from_le_bytes([*a, *b])),
        ("<i", [a, b]) => f64::from(i16::from_le_bytes([*a, *b])),
        ("<u", [a, b, c, d]) => f64::from(u32::from_le_bytes([*a, *b, *c, *d])),
        ("<i", [a, b, c, d]) => f64::from(i32::from_le_bytes([*a, *b, *c, *d])),
        ("<f", [a, b, c, d]) => f64::from(f32::from_le_bytes([*a, *b, *c, *d])),
        ("<u" | "<i", bytes) => i64::from_le_bytes(bytes.try_into().ok()?) as f64,
        ("<f", bytes) => f64::from_le_bytes(bytes.try_into().ok()?),
        _ => return None,
    })
}

/// `[count]`, `[count, 1]`, or `[count, classes]` of which the largest counts.
fn labels(sizes: &[usize], number: impl Fn(usize) -> f64) -> Result<Vec<u32>> {
    let (count, classes) = match *sizes {
        [count] | [count, 1] => (count, 1),
        [count, classes] if classes > 0 => (count, classes),
        _ => return Err(malformed(format_args!("labels of shape {sizes:?}"))),
    };
    let label = |index: usize| match classes {
        1 => class(number(index)),
        _ => {
            let score = |class: &usize| number(index * classes + class);
            let best = (0..classes).max_by(|a, b| score(a).total_cmp(&score(b)));
            class(best.unwrap_or(0) as f64)
        }
    };
    (0..count).map(label).collect()
}

fn class(label: f64) -> Result<u32> {
    match label.fract() == 0.0 && (0.0..f64::from(MAX_CLASSES)).contains(&label) {
        true => Ok(label as u32),
        false => Err(malformed(format_args!("a picture has label {label}"))),
    }
}

/// `[count, height, width]`, with channels behind or before them, or flat squares.
/// Numbers up to 1 are shares of 255.
fn pictures(sizes: &[usize], number: impl Fn(usize) -> f64) -> Result<Array> {
    let side = |pixels: usize| {
        let side = pixels.isqrt();
        (side > 0 && side * side == pixels).then_some(side)
    };
    let (count, shape, planes) = match *sizes {
        [count, height, width] => (count, [height, width, 1], false),
        [count, height, width, channels @ (1 | 3)] => (count, [height, width, channels], false),
        [count, channels @ (1 | 3), height, width] => (count, [height, width, channels], true),
        [count, flat] if side(flat).is_some() => {
            let side = side(flat).unwrap_or(0);
            (count, [side, side, 1], false)
        }
        _ => return Err(malformed(format_args!("pictures of shape {sizes:?}"))),
    };
    let total = count * shape.iter().product::<usize>();
    let largest = (0..total).map(&number).fold(0.0, f64::max);
    let scale = if largest <= 1.0 { 255.0 } else { 1.0 };
    let byte = |index: usize| (number(index) * scale).round().clamp(0.0, 255.0) as u8;
    let [height, width, channels] = shape;
    let pixels = match planes {
        false => (0..total).map(byte).collect(),
        true => {
            let plane = height * width;
            let at = |index: usize| {
                let (picture, within) = (index / (plane * channels), index % (plane * channels));
                let (pixel, channel) = (within / channels, within % channels);
                byte((picture * channels + channel) * plane + pixel)
            };
            (0..total).map(at).collect()
        }
    };
    Ok(Array::Pictures(pixels, shape))
}

/// A table of a picture a line, its label before (or, where the heading says so, behind)
/// the numbers of a square. `None` when the table has no labels.
///
/// # Errors
/// [`Error::Malformed`], naming the line.
pub fn read_csv(text: &[u8]) -> Result<Option<(Samples, [usize; 3])>> {
    let text = String::from_utf8_lossy(text);
    let lines = text.trim_start_matches('\u{feff}').lines();
    let mut lines = lines
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .peekable();
    let cells = |line: &str| -> Vec<String> {
        let cells = line.split([',', ';', '\t']);
        cells
            .map(|cell| cell.trim().trim_matches('"').to_owned())
            .collect()
    };
    let Some((_, first)) = lines.peek() else {
        return Err(malformed("the table is empty"));
    };
    let heading = cells(first);
    let columns = heading.len();
    let has_heading = heading.iter().any(|cell| cell.parse::<f64>().is_err());
    let named =
        |cell: &String| matches!(&cell.to_lowercase()[..], "label" | "class" | "target" | "y");
    let label = match has_heading {
        true => heading.iter().position(named),
        false => Some(0),
    };
    let is_square = |pixels: usize| pixels > 0 && pixels.isqrt().pow(2) == pixels;
    let Some(label) = label.filter(|_| is_square(columns - 1)) else {
        return match label.is_none() && is_square(columns) {
            true => Ok(None),
            false => Err(malformed(format_args!(
                "{columns} columns: a label and the pixels of a square are expected"
            ))),
        };
    };
    if has_heading {
        lines.next();
    }
    let mut samples = Samples::default();
    for (number, line) in lines {
        let wrong = || malformed(format_args!("line {} is no label and pixels", number + 1));
        let cells = cells(line);
        if cells.len() != columns {
            return Err(wrong());
        }
        for (column, cell) in cells.iter().enumerate() {
            let value: f64 = cell.parse().map_err(|_| wrong())?;
            match column == label {
                true => samples.labels.push(class(value)?),
                false => samples.pixels.push(value.round().clamp(0.0, 255.0) as u8),
            }
        }
    }
    let side = (columns - 1).isqrt();
    Ok(Some((samples, [side, side, 1])))
}
