//! From a photo to the numbers that a network takes: resize, crop, channel
//! order, normalisation.

use crate::error::{Error, Result};
use crate::resize::{Span, resize};

/// An opaque picture, 8 bits a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Width in pixels, at least 1.
    pub width: u32,
    /// Height in pixels, at least 1.
    pub height: u32,
    /// Rows from the top, four bytes a pixel: red, green, blue, 255.
    pub rgba: Vec<u8>,
}

impl Picture {
    /// Takes decoded pixels, red, green, blue and straight alpha, and lays them
    /// over white in place.
    ///
    /// # Errors
    /// [`Error::Pixels`] when a side is 0 or there are not `width * height * 4` bytes.
    pub fn new(width: u32, height: u32, mut rgba: Vec<u8>) -> Result<Self> {
        let pixels = u64::from(width) * u64::from(height);
        if pixels == 0 || !rgba.len().is_multiple_of(4) || rgba.len() as u64 / 4 != pixels {
            return Err(Error::Pixels {
                width,
                height,
                bytes: rgba.len(),
            }
            .into());
        }
        for pixel in rgba.chunks_exact_mut(4).filter(|pixel| pixel[3] != 255) {
            let alpha = u32::from(pixel[3]);
            for channel in &mut pixel[..3] {
                let mixed = u32::from(*channel) * alpha + 255 * (255 - alpha);
                *channel = ((mixed + 127) / 255) as u8;
            }
            pixel[3] = 255;
        }
        Ok(Self {
            width,
            height,
            rgba,
        })
    }
}

/// What a model wants done to a picture. The size of the crop is the size of
/// the network's input.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Preprocessing {
    /// The size before cropping.
    pub resize: Resize,
    /// The order of the channels.
    pub channels: Channels,
    /// Factor on the bytes, before the mean: 1, or 1/255 for values in 0..1.
    pub scale: f32,
    /// What is subtracted, in the order of the channels.
    pub mean: [f32; 3],
    /// What the difference is divided by, in the order of the channels.
    pub std: [f32; 3],
}

/// How a picture is resized before its centre is cropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resize {
    /// The shorter side to this many pixels, the proportions kept: the paper
    /// and torchvision.
    ShorterSide(u32),
    /// Both sides to this many pixels, whatever the proportions: Caffe.
    Squeeze(u32),
}

/// The order in which a network takes the colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channels {
    /// Red first.
    Rgb,
    /// Blue first, as OpenCV and so Caffe read pictures.
    Bgr,
    /// Brightness alone.
    Grey,
}

/// ITU-R BT.601's luma of a pixel, as Pillow converts to grey.
pub fn brightness(pixel: &[u8]) -> u8 {
    let [red, green, blue] = [pixel[0], pixel[1], pixel[2]].map(u32::from);
    ((red * 19_595 + green * 38_470 + blue * 7_471 + 0x8000) >> 16) as u8
}

impl Preprocessing {
    /// How Caffe's models were trained and measured: `create_imagenet.sh`
    /// squeezes all pictures to 256 x 256 and the model subtracts a mean
    /// colour from the bytes.
    pub const CAFFE: Self = Self {
        resize: Resize::Squeeze(256),
        channels: Channels::Bgr,
        scale: 1.0,
        mean: [104.0, 117.0, 123.0],
        std: [1.0; 3],
    };

    /// How torchvision's models were trained and measured.
    pub const TORCHVISION: Self = Self {
        resize: Resize::ShorterSide(256),
        channels: Channels::Rgb,
        scale: 1.0 / 255.0,
        mean: [0.485, 0.456, 0.406],
        std: [0.229, 0.224, 0.225],
    };

    /// As [`Preprocessing::TORCHVISION`], for an input whose longer side has
    /// `side` pixels: the crop keeps its share of the resized picture.
    pub fn torchvision(side: u32) -> Self {
        Self {
            resize: Resize::ShorterSide((u64::from(side) * 256).div_ceil(224) as u32),
            ..Self::TORCHVISION
        }
    }

    /// The same for brightness alone, normalised by what the colours have on average.
    #[must_use]
    pub fn grey(mut self) -> Self {
        let average = |values: [f32; 3]| [values.iter().sum::<f32>() / 3.0; 3];
        self.channels = Channels::Grey;
        self.mean = average(self.mean);
        self.std = average(self.std);
        self
    }

    /// The centre of the resized picture, as the network will see it. Only the
    /// pixels under the crop are computed.
    pub fn crop(&self, picture: &Picture, height: u32, width: u32) -> Picture {
        let source = [picture.width, picture.height].map(f64::from);
        let crop = [width, height].map(f64::from);
        let resized = self.resize.size(source, crop);
        let [horizontal, vertical] = [0, 1].map(|axis| {
            let step = source[axis] / resized[axis];
            Span {
                // Half a pixel rounds to even, as Python's `round` does for torchvision.
                start: ((resized[axis] - crop[axis]) / 2.0).round_ties_even() * step,
                length: crop[axis] * step,
                pixels: crop[axis] as usize,
            }
        });
        let columns = picture.width as usize;
        Picture {
            width,
            height,
            rgba: resize(&picture.rgba, columns, horizontal, vertical),
        }
    }

    /// The network's input for a crop: `(scale * pixel - mean) / std`,
    /// `[height, width, 3]`, or 1 for brightness alone.
    pub fn normalise(&self, crop: &Picture) -> Vec<f32> {
        let normalised =
            |c: usize, value: u8| (self.scale * f32::from(value) - self.mean[c]) / self.std[c];
        let pixels = crop.rgba.chunks_exact(4);
        let order = match self.channels {
            Channels::Grey => return pixels.map(|p| normalised(0, brightness(p))).collect(),
            Channels::Rgb => [0, 1, 2],
            Channels::Bgr => [2, 1, 0],
        };
        let all = |pixel: &[u8]| [0, 1, 2].map(|c| normalised(c, pixel[order[c]]));
        pixels.flat_map(all).collect()
    }
}

impl Resize {
    /// Width and height after resizing; the crop always fits into them.
    fn size(self, [width, height]: [f64; 2], crop: [f64; 2]) -> [f64; 2] {
        let at_least = crop[0].max(crop[1]);
        match self {
            Self::Squeeze(side) => [f64::from(side).max(at_least); 2],
            Self::ShorterSide(side) => {
                let side = f64::from(side).max(at_least);
                // torchvision cuts off the fraction of the longer side.
                match width <= height {
                    true => [side, (side * height / width).floor()],
                    false => [(side * width / height).floor(), side],
                }
            }
        }
    }
}
