//! Where a convolution finds its inputs.

use std::ops::Range;

use crate::product::{Pixel, Run};

/// Sizes of a convolution, height before width.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Geometry {
    pub input: [usize; 2],
    pub channels: usize,
    pub output: [usize; 2],
    pub groups: usize,
    pub kernel: [usize; 2],
    pub stride: [usize; 2],
    pub padding: [usize; 2],
    pub dilation: [usize; 2],
}

/// Takes the sizes out of the constants of a kernel.
macro_rules! geometry {
    ($constants:expr) => {
        $crate::padding::Geometry {
            input: [$constants.in_height, $constants.in_width],
            channels: $constants.in_channels,
            output: [$constants.out_height, $constants.out_width],
            groups: $constants.groups,
            kernel: [$constants.kernel_height, $constants.kernel_width],
            stride: [$constants.stride_height, $constants.stride_width],
            padding: [$constants.padding_top, $constants.padding_left],
            dilation: [$constants.dilation_height, $constants.dilation_width],
        }
    };
}
pub(crate) use geometry;

impl Geometry {
    /// Channels of a group.
    pub fn inputs(&self) -> usize {
        self.channels / self.groups
    }

    /// Inputs of an output.
    pub fn row(&self) -> usize {
        self.kernel[0] * self.kernel[1] * self.inputs()
    }

    /// Pixels of a sample of the output.
    pub fn pixels(&self) -> usize {
        self.output[0] * self.output[1]
    }

    /// Inputs along an axis that `outputs` neighbouring outputs see.
    fn reach(&self, axis: usize, outputs: usize) -> usize {
        (outputs - 1) * self.stride[axis] + (self.kernel[axis] - 1) * self.dilation[axis] + 1
    }

    /// Whether the inputs can be read where they stand.
    fn in_place(&self) -> bool {
        let inside = |axis: usize| {
            self.padding[axis] == 0 && self.reach(axis, self.output[axis]) <= self.input[axis]
        };
        self.groups == 1 && inside(0) && inside(1)
    }

    /// Numbers from a row of the inputs as they are read to the next.
    fn pitch(&self) -> usize {
        match self.in_place() {
            true => self.input[1] * self.channels,
            false => self.reach(1, self.output[1]) * self.inputs(),
        }
    }

    /// The taps of the kernel, those that are neighbours in one.
    pub fn runs(&self) -> (Vec<Run>, usize) {
        let inputs = self.inputs();
        let [height, width] = self.kernel;
        let (runs, taps) = match self.dilation[1] {
            1 => (1, width),
            _ => (width, 1),
        };
        let run = |ky: usize, kx: usize| Run {
            input: ky * self.dilation[0] * self.pitch() + kx * self.dilation[1] * inputs,
            weight: (ky * width + kx) * inputs,
        };
        let runs = (0..height).flat_map(|ky| (0..runs).map(move |kx| run(ky, kx)));
        (runs.collect(), taps * inputs)
    }

    /// Numbers of a copy that [`Geometry::group`] may need.
    pub fn copied(&self, rows: usize) -> usize {
        match self.in_place() {
            true => 0,
            false => self.reach(0, rows) * self.pitch(),
        }
    }

    /// The inputs of a group of a sample that these rows of the output see: the sample
    /// itself or a padded copy.
    pub fn group<'a>(
        &self,
        sample: &'a [f32],
        group: usize,
        rows: &Range<usize>,
        copy: &'a mut [f32],
    ) -> &'a [f32] {
        let first = rows.start * self.stride[0];
        if self.in_place() {
            return &sample[first * self.pitch()..];
        }
        let inputs = self.inputs();
        let map = Map {
            numbers: sample,
            size: self.input,
            channels: self.channels,
        };
        let origin = [
            first as isize - self.padding[0] as isize,
            -(self.padding[1] as isize),
        ];
        map.copy(
            group * inputs..(group + 1) * inputs,
            origin,
            self.pitch(),
            copy,
        );
        copy
    }

    /// Some pixels of a sample, their inputs counted from those of the first row, their
    /// outputs from those of the first pixel.
    pub fn pixel_range(&self, range: Range<usize>, channels: usize) -> Vec<Pixel> {
        let width = self.output[1];
        let pixel_inputs = match self.in_place() {
            true => self.channels,
            false => self.inputs(),
        };
        let first = range.start / width;
        let pixel = |pixel: usize| Pixel {
            input: (pixel / width - first) * self.stride[0] * self.pitch()
                + pixel % width * self.stride[1] * pixel_inputs,
            output: (pixel - range.start) * channels,
        };
        range.clone().map(pixel).collect()
    }
}

/// A map of a sample, `[height][width][channels]`.
pub(crate) struct Map<'a> {
    pub numbers: &'a [f32],
    pub size: [usize; 2],
    pub channels: usize,
}

impl Map<'_> {
    /// Copies some channels in rows of `pitch` numbers, beginning with the row and the
    /// column `origin`; zeros where the map does not reach.
    pub fn copy(&self, channels: Range<usize>, origin: [isize; 2], pitch: usize, copy: &mut [f32]) {
        let [height, width] = self.size;
        let count = channels.len();
        let left = (-origin[1]).max(0) as usize;
        let first = origin[1].max(0) as usize;
        for (row, copy) in (origin[0]..).zip(copy.chunks_exact_mut(pitch)) {
            let (padding, rest) = copy.split_at_mut(pitch.min(left * count));
            padding.fill(0.0);
            let inside = match (0..height as isize).contains(&row) {
                true => rest.len().min(width.saturating_sub(first) * count),
                false => 0,
            };
            let (inside, padding) = rest.split_at_mut(inside);
            padding.fill(0.0);
            if inside.is_empty() {
                continue;
            }
            let pixels = &self.numbers[(row as usize * width + first) * self.channels..];
            if count == self.channels {
                inside.copy_from_slice(&pixels[..inside.len()]);
                continue;
            }
            let pixels = pixels.chunks_exact(self.channels);
            for (copy, pixel) in inside.chunks_exact_mut(count).zip(pixels) {
                copy.copy_from_slice(&pixel[channels.clone()]);
            }
        }
    }
}
