//! Pillow's antialiased bilinear filter: each pixel is a weighted mean of those
//! under a triangle around it, columns first, in Pillow's fixed-point numbers
//! (`src/libImaging/Resample.c`), so that every machine sees the same pixels.

use std::ops::Range;

/// Bits behind the point of a weight.
const BITS: u32 = 22;

/// The pixels that one pixel of the result is the mean of.
struct Taps {
    first: usize,
    weights: Vec<i32>,
}

/// A part of a picture, in pixels of it along one axis, and the number of
/// pixels that it becomes.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// Where the part begins.
    pub start: f64,
    /// Its length.
    pub length: f64,
    /// Pixels of the result.
    pub pixels: usize,
}

impl Span {
    /// For each pixel of the result, of an axis of `size` pixels.
    fn taps(&self, size: usize) -> Vec<Taps> {
        let scale = self.length / self.pixels as f64;
        let reach = scale.max(1.0);
        let taps = |index: usize| {
            let centre = self.start + (index as f64 + 0.5) * scale;
            // Casts cut off, and negative numbers become 0.
            let first = (centre - reach + 0.5) as usize;
            let end = ((centre + reach + 0.5) as usize).min(size);
            let triangle = |at: usize| 1.0 - ((at as f64 + 0.5 - centre) / reach).abs();
            let heights: Vec<f64> = (first..end).map(|at| triangle(at).max(0.0)).collect();
            let unit = f64::from(1 << BITS) / heights.iter().sum::<f64>();
            Taps {
                first,
                weights: heights
                    .iter()
                    .map(|height| (height * unit + 0.5) as i32)
                    .collect(),
            }
        };
        (0..self.pixels).map(taps).collect()
    }
}

impl Taps {
    fn end(&self) -> usize {
        self.first + self.weights.len()
    }

    /// The mean of as many pixels, opaque.
    fn mean<'a>(&self, pixels: impl Iterator<Item = &'a Pixel>) -> Pixel {
        let half = 1 << (BITS - 1);
        let (mut red, mut green, mut blue) = (half, half, half);
        for (pixel, weight) in pixels.zip(&self.weights) {
            red += i32::from(pixel[0]) * weight;
            green += i32::from(pixel[1]) * weight;
            blue += i32::from(pixel[2]) * weight;
        }
        let byte = |sum: i32| (sum >> BITS).min(255) as u8;
        [byte(red), byte(green), byte(blue), 255]
    }
}

/// Red, green, blue, 255.
type Pixel = [u8; 4];

/// Makes a part of an opaque picture, rows of `width` pixels, as large as the
/// spans say.
pub fn resize(rgba: &[u8], width: usize, horizontal: Span, vertical: Span) -> Vec<u8> {
    let pixels: &[Pixel] = bytemuck::cast_slice(rgba);
    let columns = horizontal.taps(width);
    let rows = vertical.taps(pixels.len() / width);
    let needed: Range<usize> = match (rows.first(), rows.last()) {
        (Some(first), Some(last)) => first.first..last.end(),
        _ => 0..0,
    };
    let mut narrow: Vec<Pixel> = Vec::with_capacity(needed.len() * columns.len());
    for row in pixels[needed.start * width..needed.end * width].chunks_exact(width) {
        narrow.extend((columns.iter()).map(|taps| taps.mean(row[taps.first..].iter())));
    }
    let mut result: Vec<Pixel> = Vec::with_capacity(rows.len() * columns.len());
    for taps in &rows {
        let first = (taps.first - needed.start) * columns.len();
        for column in first..first + columns.len() {
            result.push(taps.mean(narrow[column..].iter().step_by(columns.len())));
        }
    }
    bytemuck::cast_vec(result)
}
