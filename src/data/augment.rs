//! Augmentation as in the paper's section 4.1: random crops, mirror images,
//! colour noise along the principal components of the data at hand.

use serde::{Deserialize, Serialize};

use super::{Samples, Statistics};
use crate::random::Random;

/// What is drawn anew for each use of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Default)]
pub struct Augmentation {
    /// Pixels that a crop may be off the centre, up, down and sideways; where a
    /// picture has no more margin, it is black.
    pub padding: usize,
    /// Mirror every other picture.
    pub mirror: bool,
    /// Standard deviation of the colour noise; 0.1 in the paper, 0 is off.
    pub colour: f32,
}

/// Turns bytes into the numbers that a network reads.
#[derive(Debug, Clone)]
pub struct Preparation {
    shape: [usize; 3],
    margin: usize,
    statistics: Statistics,
    /// Principal components of RGB, each times the square root of its variance
    /// (in 0..1); empty unless there are three channels.
    components: Vec<[f64; 3]>,
}

impl Preparation {
    /// Measures the pictures to train with, whose shape is `[height, width,
    /// channels]` and a margin around it (see [`Dataset`](super::Dataset)).
    pub fn of(samples: &Samples, shape: [usize; 3], margin: usize) -> Self {
        let statistics = Statistics::of(samples, shape[2]);
        let components = match shape[2] {
            3 => principal_components(samples, &statistics),
            _ => Vec::new(),
        };
        Self {
            shape,
            margin,
            statistics,
            components,
        }
    }

    /// What the pictures are normalised by.
    pub fn statistics(&self) -> &Statistics {
        &self.statistics
    }

    /// Appends a picture, or its centre if it has a margin, as normalised numbers,
    /// `[height, width, channels]`; augmented, if so.
    pub fn append(
        &self,
        picture: &[u8],
        augmentation: Option<(&Augmentation, &mut Random)>,
        values: &mut Vec<f32>,
    ) {
        let [height, width, channels] = self.shape;
        let [tall, wide] = [height, width].map(|side| side + 2 * self.margin);
        let (mut down, mut right, mut mirrored, mut border) = (0, 0, false, 0);
        let mut shift = vec![0.0; channels];
        if let Some((augmentation, random)) = augmentation {
            // More would only be more black.
            border = augmentation.padding.min(height.max(width));
            let choices = 2 * border as u32 + 1;
            down = random.below(choices) as usize;
            right = random.below(choices) as usize;
            mirrored = augmentation.mirror && random.below(2) == 1;
            for component in &self.components {
                let amount = f64::from(augmentation.colour) * random.normal();
                for (shift, part) in shift.iter_mut().zip(component) {
                    *shift += amount * part;
                }
            }
        }
        for row in 0..height {
            for column in 0..width {
                let column = if mirrored { width - 1 - column } else { column };
                let place = |at: usize, drawn: usize, size: usize| {
                    let at = (at + self.margin + drawn).checked_sub(border);
                    at.filter(|at| *at < size)
                };
                let inside = place(row, down, tall).zip(place(column, right, wide));
                for channel in 0..channels {
                    let value = inside.map_or(0, |(row, column)| {
                        picture[(row * wide + column) * channels + channel]
                    });
                    let value = f64::from(value) / 255.0 + shift[channel];
                    let mean = self.statistics.mean[channel];
                    values.push(((value - mean) / self.statistics.deviation[channel]) as f32);
                }
            }
        }
    }
}

/// Eigenvectors of the covariance of RGB, each times the root of its eigenvalue
/// (Jacobi's rotations). The paper's formula has the eigenvalue, which is a
/// variance and depends on the scale of the pixels, which it does not give. The
/// root, a standard deviation, is what Krizhevsky's own code takes (`pca_stdevs`
/// in convdata.py of cuda-convnet2; it divides by `1 + colour` as well): noise of
/// the data's own spread times [`Augmentation::colour`], whatever the scale.
fn principal_components(samples: &Samples, statistics: &Statistics) -> Vec<[f64; 3]> {
    let mut matrix = [[0.0; 3]; 3];
    let count = (samples.pixels.len() / 3) as f64;
    for pixel in samples.pixels.chunks_exact(3) {
        let centred: [f64; 3] =
            std::array::from_fn(|c| f64::from(pixel[c]) / 255.0 - statistics.mean[c]);
        for (row, a) in matrix.iter_mut().zip(centred) {
            for (entry, b) in row.iter_mut().zip(centred) {
                *entry += a * b / count;
            }
        }
    }
    let mut vectors = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    // Each sweep squares what is left off the diagonal: 10 are plenty for f64.
    for _ in 0..10 {
        for (p, q) in [(0, 1), (0, 2), (1, 2)] {
            if matrix[p][q] == 0.0 {
                continue;
            }
            // The smaller of the two angles that turn the entry into 0.
            let cotangent = (matrix[q][q] - matrix[p][p]) / (2.0 * matrix[p][q]);
            let tangent = cotangent.signum() / (cotangent.abs() + cotangent.hypot(1.0));
            let cosine = 1.0 / tangent.hypot(1.0);
            let sine = tangent * cosine;
            for row in &mut matrix {
                (row[p], row[q]) = (
                    cosine * row[p] - sine * row[q],
                    sine * row[p] + cosine * row[q],
                );
            }
            let (first, second) = (matrix[p], matrix[q]);
            for k in 0..3 {
                matrix[p][k] = cosine * first[k] - sine * second[k];
                matrix[q][k] = sine * first[k] + cosine * second[k];
            }
            let (first, second) = (vectors[p], vectors[q]);
            for k in 0..3 {
                vectors[p][k] = cosine * first[k] - sine * second[k];
                vectors[q][k] = sine * first[k] + cosine * second[k];
            }
        }
    }
    (0..3)
        .map(|i| vectors[i].map(|part| part * matrix[i][i].max(0.0).sqrt()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;

    fn noise(count: usize, channels: usize) -> Samples {
        let mut random = Random::new(3, Stream::Split, 0);
        let pixels = (0..count * channels)
            .map(|i| (random.bits() as usize % (60 + 70 * (i % channels))) as u8)
            .collect();
        Samples {
            pixels,
            labels: vec![0; 1],
        }
    }

    #[test]
    fn the_components_make_up_the_covariance() {
        let samples = noise(500, 3);
        let statistics = Statistics::of(&samples, 3);
        let components = principal_components(&samples, &statistics);
        for a in 0..3 {
            for b in 0..3 {
                let rebuilt: f64 = components.iter().map(|c| c[a] * c[b]).sum();
                let mean: f64 = (samples.pixels.chunks_exact(3))
                    .map(|p| {
                        let centred = |c: usize| f64::from(p[c]) / 255.0 - statistics.mean[c];
                        centred(a) * centred(b)
                    })
                    .sum::<f64>()
                    / 500.0;
                assert!((rebuilt - mean).abs() < 1e-9, "{a}, {b}: {rebuilt}, {mean}");
            }
        }
        let dot: f64 = (0..3).map(|k| components[0][k] * components[1][k]).sum();
        assert!(dot.abs() < 1e-9, "they stand at right angles");
    }

    #[test]
    fn a_crop_is_a_shifted_or_mirrored_picture() {
        let samples = noise(16, 1);
        let preparation = Preparation::of(&samples, [4, 4, 1], 0);
        let mut plain = Vec::new();
        preparation.append(&samples.pixels, None, &mut plain);
        let augmentation = Augmentation {
            padding: 0,
            mirror: true,
            colour: 0.0,
        };
        let mut random = Random::new(1, Stream::Augmentation, 0);
        let mut mirrored = 0;
        for _ in 0..100 {
            let mut values = Vec::new();
            let draw = Some((&augmentation, &mut random));
            preparation.append(&samples.pixels, draw, &mut values);
            if values != plain {
                mirrored += 1;
                let back: Vec<f32> = values
                    .chunks(4)
                    .flat_map(|r| r.iter().rev().copied())
                    .collect();
                assert_eq!(back, plain);
            }
        }
        // 100 coins: three standard deviations are 15.
        assert!((35..=65).contains(&mirrored), "{mirrored} of 100");
    }

    /// Without a margin from a black border, with one from the picture itself.
    #[test]
    fn a_crop_is_the_picture_at_each_of_its_places() {
        const SIZE: usize = 4;
        const PADDING: usize = 2;
        for margin in 0..=3 {
            let side = SIZE + 2 * margin;
            let samples = noise(side * side, 1);
            let preparation = Preparation::of(&samples, [SIZE, SIZE, 1], margin);
            let of = |picture: &[u8], draw: Option<(&Augmentation, &mut Random)>| {
                let mut values = Vec::new();
                preparation.append(picture, draw, &mut values);
                values
            };
            let place = |down: usize, right: usize| -> Vec<f32> {
                // By its definition: a picture with a black border, cut out.
                let whole = side + 2 * PADDING;
                let mut bordered = vec![0; whole * whole];
                for (row, pixels) in samples.pixels.chunks(side).enumerate() {
                    bordered[(row + PADDING) * whole + PADDING..][..side].copy_from_slice(pixels);
                }
                let rows = bordered.chunks(whole).skip(margin + down).take(SIZE);
                let cut = rows.flat_map(|row| row[margin + right..][..SIZE].to_vec());
                let statistics = &preparation.statistics;
                let normalised = |value: u8| {
                    let value = f64::from(value) / 255.0 - statistics.mean[0];
                    (value / statistics.deviation[0]) as f32
                };
                cut.map(normalised).collect()
            };
            let places: Vec<Vec<f32>> = (0..25).map(|at| place(at / 5, at % 5)).collect();
            assert_eq!(of(&samples.pixels, None), places[12], "the centre");

            let augmentation = Augmentation {
                padding: PADDING,
                ..Augmentation::default()
            };
            let mut random = Random::new(1, Stream::Augmentation, 0);
            let mut counts = [0; 25];
            for _ in 0..2500 {
                let values = of(&samples.pixels, Some((&augmentation, &mut random)));
                let found = places.iter().position(|place| *place == values);
                counts[found.expect("one of the places")] += 1;
            }
            // 100 each: four standard deviations are 39.
            assert!(
                counts.iter().all(|count| (61..139).contains(count)),
                "{margin}: {counts:?}"
            );
        }
    }

    #[test]
    fn colour_noise_is_as_large_as_it_should_be() {
        let samples = noise(500, 3);
        let preparation = Preparation::of(&samples, [1, 1, 3], 0);
        let augmentation = Augmentation {
            colour: 0.1,
            ..Augmentation::default()
        };
        let mut random = Random::new(1, Stream::Augmentation, 0);
        let pixel = &samples.pixels[..3];
        let mut plain = Vec::new();
        preparation.append(pixel, None, &mut plain);
        const DRAWS: usize = 20_000;
        let mut sums = [[0.0; 3]; 3];
        for _ in 0..DRAWS {
            let mut values = Vec::new();
            preparation.append(pixel, Some((&augmentation, &mut random)), &mut values);
            // In 0..1, not in deviations.
            let noise: [f64; 3] = std::array::from_fn(|c| {
                f64::from(values[c] - plain[c]) * preparation.statistics.deviation[c]
            });
            for (sums, a) in sums.iter_mut().zip(noise) {
                for (sum, b) in sums.iter_mut().zip(noise) {
                    *sum += a * b / DRAWS as f64;
                }
            }
        }
        // 0.1 times as wide as the data in every direction: its covariance times 0.01.
        for a in 0..3 {
            for b in 0..3 {
                let of_data: f64 = preparation.components.iter().map(|c| c[a] * c[b]).sum();
                let deviation = &preparation.statistics.deviation;
                let scale = 0.01 * deviation[a] * deviation[b];
                let apart = (sums[a][b] - 0.01 * of_data).abs() / scale;
                // Four standard errors of a variance: 4 sqrt(2 / n).
                assert!(apart < 0.04, "{a}, {b}: {} and {of_data}", sums[a][b]);
            }
        }
    }
}
