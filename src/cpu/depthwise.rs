//! Convolutions whose groups have one input and one output, as in MobileNet: vectors run
//! over the channels, and no sum crosses them.

use std::ops::Range;

use fearless_simd::Simd;

use crate::padding::Geometry;
use crate::product::Pixel;
use crate::scratch::Scratch;

/// A convolution of every channel with a kernel of its own.
pub(crate) struct Depthwise {
    /// That of all channels as a single group.
    geometry: Geometry,
    positions: usize,
}

impl Depthwise {
    /// The convolution of this geometry, where it is one of single channels.
    pub fn new(geometry: Geometry, outputs: usize) -> Option<Self> {
        (geometry.groups > 1 && geometry.inputs() == 1 && outputs == 1).then_some(Self {
            geometry: Geometry {
                groups: 1,
                ..geometry
            },
            positions: geometry.kernel[0] * geometry.kernel[1],
        })
    }

    /// The weights `[positions][channels]` from blocks of which only the first output is
    /// one.
    pub fn gather(&self, weights: &[f32], block: usize) -> Scratch {
        let channels = self.geometry.channels;
        let mut gathered = Scratch::new(self.positions * channels);
        for (position, row) in gathered.chunks_exact_mut(channels).enumerate() {
            let weights = weights[position * block..].iter();
            for (to, weight) in row.iter_mut().zip(weights.step_by(self.positions * block)) {
                *to = *weight;
            }
        }
        gathered
    }

    /// The inverse of [`Depthwise::gather`], zeros for what is no output.
    pub fn scatter(&self, gathered: &[f32], block: usize, weights: &mut [f32]) {
        weights.fill(0.0);
        for (position, row) in gathered.chunks_exact(self.geometry.channels).enumerate() {
            let weights = weights[position * block..].iter_mut();
            for (weight, from) in weights.step_by(self.positions * block).zip(row) {
                *weight = *from;
            }
        }
    }

    /// Where the taps of a pixel stand.
    fn taps(&self) -> Vec<usize> {
        let (runs, run) = self.geometry.runs();
        let channels = self.geometry.channels;
        let taps = |first: usize| (first..first + run).step_by(channels);
        runs.iter().flat_map(|run| taps(run.input)).collect()
    }

    /// Calls `visit(inputs from the first tap on, taps, pixel)` for some pixels of a sample.
    #[inline(always)]
    fn each(
        &self,
        x: &[f32],
        range: Range<usize>,
        mut visit: impl FnMut(&[f32], &[usize], &Pixel),
    ) {
        let width = self.geometry.output[1];
        let rows = range.start / width..range.end.div_ceil(width);
        let mut copy = Scratch::new(self.geometry.copied(rows.len()));
        let x = self.geometry.group(x, 0, &rows, &mut copy);
        let taps = self.taps();
        for pixel in self.geometry.pixel_range(range, self.geometry.channels) {
            visit(&x[pixel.input..], &taps, &pixel);
        }
    }

    /// Adds the products of some pixels of a sample to `y`, whose first pixel is the first
    /// of them.
    #[inline(always)]
    pub fn forward<S: Simd>(
        &self,
        simd: S,
        x: &[f32],
        weights: &[f32],
        range: Range<usize>,
        y: &mut [f32],
    ) {
        let channels = self.geometry.channels;
        simd.vectorize(
            #[inline(always)]
            || {
                self.each(x, range, |x, taps, pixel| {
                    let y = &mut y[pixel.output..][..channels];
                    for (weights, tap) in weights.chunks_exact(channels).zip(taps) {
                        multiply_add(y, &x[*tap..], weights);
                    }
                });
            },
        );
    }

    /// The gradient of the weights that some samples give, `[positions][channels]`.
    #[inline(always)]
    pub fn backward_weight<S: Simd>(
        &self,
        simd: S,
        x: &[f32],
        dy: &[f32],
        samples: Range<usize>,
    ) -> Scratch {
        let channels = self.geometry.channels;
        let inputs = self.geometry.input[0] * self.geometry.input[1] * channels;
        let outputs = self.geometry.pixels() * channels;
        let mut total = Scratch::new(self.positions * channels);
        let mut sums = Scratch::new(self.positions * channels);
        total.fill(0.0);
        for sample in samples {
            sums.fill(0.0);
            simd.vectorize(
                #[inline(always)]
                || {
                    let range = 0..self.geometry.pixels();
                    self.each(&x[sample * inputs..], range, |x, taps, pixel| {
                        let dy = &dy[sample * outputs + pixel.output..];
                        for (sums, tap) in sums.chunks_exact_mut(channels).zip(taps) {
                            multiply_add(sums, &x[*tap..], dy);
                        }
                    });
                },
            );
            for (total, sum) in total.iter_mut().zip(sums.iter()) {
                *total += sum;
            }
        }
        total
    }

    /// Adds to some rows of a sample of the input's gradient.
    #[inline(always)]
    pub fn backward_input<S: Simd>(
        &self,
        simd: S,
        dy: &[f32],
        weights: &[f32],
        rows: Range<usize>,
        dx: &mut [f32],
    ) {
        let geometry = &self.geometry;
        let channels = geometry.channels;
        let position = |axis: usize, output: usize, tap: usize| {
            (output * geometry.stride[axis] + tap * geometry.dilation[axis])
                .wrapping_sub(geometry.padding[axis])
        };
        simd.vectorize(
            #[inline(always)]
            || {
                for (pixel, dy) in dy
                    .chunks_exact(channels)
                    .take(geometry.pixels())
                    .enumerate()
                {
                    let (i, j) = (pixel / geometry.output[1], pixel % geometry.output[1]);
                    for (tap, weights) in weights.chunks_exact(channels).enumerate() {
                        let row = position(0, i, tap / geometry.kernel[1]);
                        let column = position(1, j, tap % geometry.kernel[1]);
                        if rows.contains(&row) && column < geometry.input[1] {
                            let at = (row - rows.start) * geometry.input[1] + column;
                            multiply_add(&mut dx[at * channels..][..channels], dy, weights);
                        }
                    }
                }
            },
        );
    }
}

#[inline(always)]
fn multiply_add(sums: &mut [f32], a: &[f32], b: &[f32]) {
    for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
        *sum += a * b;
    }
}
